"""A visitor with addresses of its own, who asks with curl."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .network import Machine
from .shell import LabTrouble, in_namespace

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Reply:
    """What a server answered.

    Attributes:
        headers: names in lower case; values of a repeated one are joined by ", ".
        http_version: "1.0", "1.1", "2" or "3".
        remote: the address that answered.
        seconds: from the start of the request to the last byte.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    http_version: str
    remote: str
    seconds: float

    @property
    def text(self) -> str:
        """The body, read as UTF-8."""
        return self.body.decode(errors="replace")


class Unanswered(LabTrouble):
    """There was no HTTP answer.

    Attributes:
        code: curl's exit code, such as 7 refused, 28 too late, 35 no TLS, 60 a certificate not trusted.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Client:
    """A machine without an engine."""

    machine: Machine

    @property
    def ipv4(self) -> str:
        """The address that servers see."""
        return self.machine.addresses.ipv4

    @property
    def ipv6(self) -> str:
        """The address that servers see from requests over IPv6."""
        return self.machine.addresses.ipv6

    def curl(
        self, url: str, *options: str, at: str | None = None, ca: Path | None = None, timeout: float = 10
    ) -> Reply:
        """Ask once; redirects are not followed.

        Args:
            options: any more of curl's, such as "--http1.1", "-H", "Accept-Language: fr".
            at: the address (of a host) to which the URL's name leads, IPv4 or IPv6.
            ca: file with the only certificate authority to be trusted.
            timeout: seconds.

        Raises:
            Unanswered: no connection, no TLS, or no HTTP.
        """
        with tempfile.TemporaryDirectory() as folder:
            body = Path(folder) / "body"
            command = _command(url, options, at, ca, timeout, body)
            done = subprocess.run(
                in_namespace(self.machine.namespace, command), capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise Unanswered(f"{url}: {done.stderr.strip()}", done.returncode)
            return _reply(done.stdout, body.read_bytes() if body.exists() else b"")


def _command(
    url: str, options: tuple[str, ...], at: str | None, ca: Path | None, timeout: float, body: Path
) -> list[str]:
    command = ["curl", "--disable", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(timeout)]
    command += ["--output", str(body), "--write-out", '{"reply": %{json}, "headers": %{header_json}}']
    if at:
        command += ["--resolve", _resolved(url, at)]
    if ca:
        command += ["--cacert", str(ca)]
    return [*command, *options, url]


def _resolved(url: str, address: str) -> str:
    """Write curl's `name:port:address`."""
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return f"{parts.hostname}:{port}:{f'[{address}]' if ':' in address else address}"


def _reply(written: str, body: bytes) -> Reply:
    told = json.loads(written)
    reply = told["reply"]
    return Reply(
        status=reply["http_code"],
        headers={name.lower(): ", ".join(values) for name, values in told["headers"].items()},
        body=body,
        http_version=reply["http_version"],
        remote=reply["remote_ip"],
        seconds=reply["time_total"],
    )
