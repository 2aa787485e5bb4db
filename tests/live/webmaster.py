"""A webmaster at home: a key, an SFTP client, rsync, and ssh for those who try more."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.lab import wait_until
from tests.lab.shell import in_namespace, run
from tests.live.installation import Done, Installation


@dataclass(frozen=True)
class Webmaster:
    """Somebody with a private key, at the lab's client.

    Args:
        installation: whose host is asked.
        key: the private key's file; the public one is beside it.
        port: the partner's ssh_port.
    """

    installation: Installation
    key: Path
    port: int

    @classmethod
    def new(cls, installation: Installation, folder: Path, name: str, port: int) -> "Webmaster":
        """Somebody with a new key."""
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name))
        return cls(installation, folder / name, port)

    @property
    def public_key(self) -> str:
        """The line for the partner's file."""
        return self.key.with_suffix(".pub").read_text().strip()

    @property
    def known_hosts(self) -> Path:
        """Where the host key is remembered at the first visit: another one would be refused later."""
        return self.key.parent / "known_hosts"

    def rsync(self, *words: str, v6: bool = False) -> Done:
        """Run rsync; a word that begins with `:` is a path on the host."""
        shell = " ".join(["ssh", "-p", str(self.port), *self._options])
        argv = [f"{self._account(v6=v6)}{word}" if word[0] == ":" else word for word in words]
        return self._run("rsync", "--rsh", shell, *argv)

    def sftp(self, *commands: str, v6: bool = False) -> Done:
        """Run commands of an SFTP client, up to the first that fails."""
        argv = ["sftp", "-b", "-", "-P", str(self.port), *self._options, self._account(v6=v6)]
        return self._run(*argv, given="\n".join([*commands, ""]))

    def ssh(self, *words: str, options: tuple[str, ...] = ()) -> Done:
        """Try a command, or none."""
        return self._run("ssh", "-p", str(self.port), *self._options, *options, self._account(), *words)

    def curl_through(self, forwarding: tuple[str, ...], *curl: str) -> Done:
        """Ask with curl while ssh holds a forwarding, whose own end is port 4000 at home."""
        argv = ["ssh", "-p", str(self.port), *self._options, "-N", *forwarding, self._account()]
        with subprocess.Popen(in_namespace(self._home, argv), stderr=subprocess.DEVNULL) as process:
            try:
                wait_until(lambda: "4000" in run(*in_namespace(self._home, _LISTENING)), "ssh's own port", 10)
                return self._run("curl", "--silent", "--show-error", "--http0.9", "--max-time", "5", *curl)
            finally:
                process.terminate()

    @property
    def _home(self) -> str:
        return self.installation.lab.client.machine.namespace

    @property
    def _options(self) -> list[str]:
        options = {
            "IdentityFile": self.key,
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": self.known_hosts,
            "StrictHostKeyChecking": "accept-new",
            "BatchMode": "yes",
        }
        return [
            "-F",
            "none",
            *(word for name, value in options.items() for word in ("-o", f"{name}={value}")),
        ]

    def _account(self, *, v6: bool = False) -> str:
        host = self.installation.host
        return f"webmaster@[{host.ipv6}]" if v6 else f"webmaster@{host.ipv4}"

    def _run(self, *argv: str, given: str = "") -> Done:
        done = subprocess.run(
            in_namespace(self._home, argv),
            input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, 0)


_LISTENING = ("ss", "--no-header", "--listening", "--tcp", "--numeric", "sport = :4000")
