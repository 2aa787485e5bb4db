"""A mail server that takes everything, and writes a JSON line a mail.

python mailbox.py ADDRESS PORT FILE CERTIFICATE
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Keeps what arrives, with how it came."""

    def __init__(self, file: str) -> None:
        self._file = file

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail; aiosmtpd calls it by this name."""
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


async def serve(address: str, port: str, file: str, certificate: str) -> None:
    """Serve until the process is ended."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    keeper = Keeper(file)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, hostname="smarthost", tls_context=context), address, int(port)
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
