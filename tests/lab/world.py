"""The world outside, played in the client's namespace: names, websites and a mail server."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .client import Client
from .host import Host
from .shell import in_namespace, run, succeeds, wait_until

HERE = Path(__file__).parent
PUBLIC = "203.0.113.10"
"""Set apart for documentation (RFC 5737): no packet to it ever leaves for the real world."""
PRIVATE = "10.66.6.6"
METADATA = "169.254.169.254"
ELSEWHERE = (PUBLIC, PRIVATE, METADATA)
"""Addresses beyond the lab's network that the host has routes to: what is refused could be reached."""
MAIL_PORT = 2525


@dataclass
class World:
    """What a host's sites find outside.

    Args:
        client: the machine that plays it.
        host: whose partners' proxies and relays find it.
        folder: for what is written meanwhile.
        pool: the networks whose questions about names come here.
    """

    client: Client
    host: Host
    folder: Path
    pool: str
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @contextmanager
    def played(self, names: Mapping[str, Sequence[str]]) -> Iterator["World"]:
        """Play it, with these names and their addresses; its end leaves no trace."""
        with ExitStack() as duties:
            duties.callback(self._end)
            for address in ELSEWHERE:
                self._place(address, duties)
            self._catch_questions(duties)
            self.answer(names)
            self._key_file.write_text(_key_and_certificate(names))
            self._start("http", HERE / "website.py", "80")
            self._start("https", HERE / "website.py", "443", str(self._key_file))
            self.open_mailbox()
            for port in (80, 443):
                self._wait_for("tcp", port)
            yield self

    def answer(self, names: Mapping[str, Sequence[str]]) -> None:
        """Answer questions about names so from now on, each answer good for 0 s; others do not exist."""
        self._stop("dns")
        records = [f"--host-record={name},{place}" for name, places in names.items() for place in places]
        self._running["dns"] = self._spawn(
            "dns", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-resolv",
            "--no-hosts", "--local=/#/", "--local-ttl=0", f"--listen-address={self.client.ipv4}",
            "--bind-interfaces", *records,
        )  # fmt: skip
        self._wait_for("udp", 53)

    def open_mailbox(self) -> None:
        """Let the mail server take mail."""
        where = (self.client.ipv4, str(MAIL_PORT))
        self._start("mail", HERE / "mailbox.py", *where, str(self._box), str(self._key_file))
        self._wait_for("tcp", MAIL_PORT)

    def close_mailbox(self) -> None:
        """Let the mail server be away."""
        self._stop("mail")

    @property
    def certificate(self) -> str:
        """The certificate of its servers (PEM), which is its own root."""
        _, begin, rest = self._key_file.read_text().partition("-----BEGIN CERTIFICATE-----")
        return begin + rest

    @property
    def mails(self) -> list[dict[str, Any]]:
        """What the mail server has taken, in order: sender, recipients, text, by_tls."""
        lines = self._box.read_text().splitlines() if self._box.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def visits(self) -> list[str]:
        """The addresses at which its websites were reached, with the headers that tell of proxies."""
        return [line for name in ("http", "https") for line in self._log(name).read_text().splitlines()]

    @property
    def _key_file(self) -> Path:
        return self.folder / "key.pem"

    @property
    def _box(self) -> Path:
        return self.folder / "mails.jsonl"

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _place(self, address: str, duties: ExitStack) -> None:
        here = ("ip", "-netns", self.client.machine.namespace, "address")
        there = ("ip", "-netns", self.host.machine.namespace, "route")
        run(*here, "add", f"{address}/32", "dev", "lo")
        duties.callback(succeeds, *here, "del", f"{address}/32", "dev", "lo")
        run(*there, "add", f"{address}/32", "via", self.client.ipv4)
        duties.callback(succeeds, *there, "del", f"{address}/32")

    def _catch_questions(self, duties: ExitStack) -> None:
        """Whatever resolver the engine has, partners' questions about names are answered here."""
        questions = ("-s", self.pool, "-p", "udp", "--dport", "53")
        rule = ("PREROUTING", *questions, "-j", "DNAT", "--to", self.client.ipv4)
        tables = in_namespace(self.host.machine.namespace, ("iptables", "-w", "-t", "nat"))
        run(*tables, "-I", *rule)
        duties.callback(succeeds, *tables, "-D", *rule)

    def _start(self, name: str, script: Path, *argv: str) -> None:
        self._running[name] = self._spawn(name, sys.executable, str(script), *argv)

    def _spawn(self, name: str, *argv: str) -> subprocess.Popen[bytes]:
        with self._log(name).open("ab") as log:
            command = in_namespace(self.client.machine.namespace, argv)
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_for(self, protocol: str, port: int) -> None:
        listing = ("ss", "-Hln", f"--{protocol}", f"sport = :{port}")
        wait_until(lambda: bool(self.client.machine.run(*listing)), f"{protocol} {port} is open", 20)

    def _stop(self, name: str) -> None:
        if process := self._running.pop(name, None):
            process.terminate()
            process.wait(10)

    def _end(self) -> None:
        for name in list(self._running):
            self._stop(name)


def _key_and_certificate(names: Iterable[str]) -> str:
    """A key and a certificate for these names, signed by itself, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the world")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()
