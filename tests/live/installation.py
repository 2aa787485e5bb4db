"""A clean copy of this checkout, brought up on a played host as its users do it: by commands."""

import os
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.lab import Host, Lab, Reply
from tests.lab.shell import in_namespace

CHECKOUT = Path(__file__).parents[2]
STATIC = Path(__file__).parent / "partners/xs.yaml"
"""A partner of files only, which tests declare beside those of the demonstration; its code is xs."""
STATIC_SITE = STATIC.with_suffix("")
"""The folder with its files."""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    output: str
    seconds: float

    def well(self) -> "Done":
        """The same, if it ended well."""
        assert self.code == 0, self.output
        return self


class Installation:
    """A copy of the checkout, with a played host's engine as its Docker engine.

    Args:
        folder: where the copy is made.
        lab: whose client visits.
        host: the host that everything runs on.
    """

    def __init__(self, folder: Path, lab: Lab, host: Host) -> None:
        self.root = folder
        self.lab = lab
        self.host = host
        self.ca = folder / "root.crt"
        _copy_checkout(folder)

    def run(self, *argv: str, timeout: float = 600, **env: str) -> Done:
        """Run a command in the host's network, as in a fresh shell."""
        started = time.monotonic()
        done = subprocess.run(
            in_namespace(self.host.machine.namespace, list(argv)),
            cwd=self.root,
            env={**self.environment, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Done(done.returncode, done.stdout, time.monotonic() - started)

    @property
    def environment(self) -> dict[str, str]:
        """That of a fresh shell, with the Docker client pointed at the host."""
        ours = ("PULUMI_", "CLEARINGHOUSE", "VIRTUAL_ENV")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "DOCKER_HOST": self.host.docker_host}

    def activated(self, *argv: str, timeout: float = 600, **env: str) -> Done:
        """Run a command after `. ./activate`, as a person types it."""
        return self.run("bash", "-c", f". ./activate && {shlex.join(argv)}", timeout=timeout, **env)

    def begin(self, *argv: str) -> "subprocess.Popen[str]":
        """Start a command after `. ./activate`, and go on while it runs."""
        return subprocess.Popen(
            in_namespace(
                self.host.machine.namespace, ["bash", "-c", f". ./activate && exec {shlex.join(argv)}"]
            ),
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def chm(self, *argv: str) -> Done:
        """Run `chm …`."""
        return self.activated("chm", *argv)

    def preview(self, stack: str) -> Done:
        """Compare a stack with what really is."""
        return self.activated(
            "pulumi",
            "preview",
            "-s",
            stack,
            "--refresh",
            "--expect-no-changes",
            "--non-interactive",
            "--color=never",
        )

    def docker(self, *argv: str) -> str:
        """Run `docker …` on the host."""
        return self.host.docker(*argv)

    def curl(self, url: str, *options: str, v6: bool = False, timeout: float = 10) -> Reply:
        """Visit from the lab's client; the installation's root is the only one trusted."""
        at = self.host.ipv6 if v6 else self.host.ipv4
        return self.lab.client.curl(url, *options, at=at, ca=self.ca, timeout=timeout)

    def declare(self, name: str, text: str) -> None:
        """Write a declaration below stacks/."""
        (self.root / "stacks" / name).write_text(text)

    def change(self, name: str, old: str, new: str) -> None:
        """Change a declaration below stacks/ in one place."""
        file = self.root / "stacks" / name
        text = file.read_text()
        assert old in text, f"{file} has no {old!r}"
        file.write_text(text.replace(old, new, 1))

    def put(self, code: str, files: dict[str, str]) -> None:
        """Put files into a partner's site."""
        folder = self.root / ".state/put" / code
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        self.chm("put", code, str(folder)).well()

    def containers(self, code: str) -> dict[str, str]:
        """The names of a partner's running containers, by role."""
        listed = self.docker(
            "ps", "--filter", f"label=be.clearinghouse.owner={code}",
            "--format", '{{.Label "be.clearinghouse.role"}} {{.Names}}',
        )  # fmt: skip
        return dict(line.split(" ", 1) for line in listed.splitlines())

    def ids(self, code: str, role: str) -> set[str]:
        """Those of a partner's running containers of one role."""
        labels = (f"label=be.clearinghouse.owner={code}", f"label=be.clearinghouse.role={role}")
        return set(self.docker("ps", "--quiet", "--filter", labels[0], "--filter", labels[1]).split())


def _copy_checkout(folder: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / name)


def commands(document: str, heading: str) -> str:
    """The commands that a document shows below a heading, without the comments beside them."""
    section = (CHECKOUT / document).read_text().split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    shown = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    return "\n".join(line.split(" #", 1)[0].rstrip() for line in shown)
