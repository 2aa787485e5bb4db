"""A mail server that takes everything: `python mailbox.py ADDRESS PORT FILE CERTIFICATE` writes a JSON line a mail."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Handler:
    def __init__(self, file: str) -> None:
        self._file = file

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        mail = {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "text": content if isinstance(content, str) else content.decode(errors="replace"),
            "by_tls": session.ssl is not None,
        }
        with open(self._file, "a", encoding="utf-8") as box:
            box.write(json.dumps(mail) + "\n")
        return "250 taken"


async def _serve(address: str, port: str, file: str, certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    handler = _Handler(file)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="smarthost", tls_context=context), address, int(port)
    )
    await server.serve_forever()


asyncio.run(_serve(*sys.argv[1:]))
