"""A host is lost with the operators' machine: docs/guides/disaster.md, command by command, brings it back."""

import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab import Lab
from tests.lab.rest_server import RestServer
from tests.lab.shell import in_namespace, wait_until
from tests.live.installation import Done, Installation, commands

pytestmark = pytest.mark.live

GUIDE = "docs/guides/disaster.md"
HEADINGS = ("The installation", "The host", "Each partner", "At the end")
REMEMBER = """<?php
    $password = trim(file_get_contents(getenv('DATABASE_PASSWORD_FILE')));
    $database = new PDO('mysql:host=database;dbname=site', 'site', $password);
    $database->exec('CREATE TABLE IF NOT EXISTS remembered (one INT PRIMARY KEY, word CHAR(32))');
    $database->exec("INSERT IGNORE INTO remembered VALUES (1, '" . bin2hex(random_bytes(16)) . "')");
    echo $database->query('SELECT word FROM remembered')->fetchColumn();"""
UPLOADED = "wp-content/uploads/okapi.txt"
URL = "https://cd.chm.localhost/"


class Shell:
    """One shell of a person on a machine of the lab, command after command."""

    def __init__(self, installation: Installation) -> None:
        self._process = subprocess.Popen(
            in_namespace(installation.host.machine.namespace, ["bash"]),
            cwd=installation.root,
            env=installation.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def type(self, command: str) -> Done:
        """Type one command, and read until it has ended."""
        assert self._process.stdin
        assert self._process.stdout
        started = time.monotonic()
        self._process.stdin.write(f'{command}\necho "ended: $?"\n')
        self._process.stdin.flush()
        output = ""
        for line in self._process.stdout:
            if ended := re.search(r"ended: (\d+)$", line):
                return Done(int(ended[1]), output, time.monotonic() - started)
            output += line
        raise AssertionError(f"the shell ended at {command}: {output}")

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass
class Disaster:
    """What was before, and what each command of the guide did."""

    kit: str
    word: str
    checked: Done
    place: RestServer
    new: Installation
    done: dict[str, Done]


def _bring_up(old: Installation, place: RestServer) -> None:
    text = (old.root / "stacks/hosts/local.yaml").read_text()
    text = re.sub(r"^(addresses|ports):.*\n(  .*\n)*", "", text, flags=re.MULTILINE)
    old.declare("hosts/local.yaml", f'{text}addresses: ["{old.host.ipv4}"]\n{place.declared}')
    old.run("toolchain/setup", timeout=1800).well()
    old.run("toolchain/base-image", timeout=1800).well()
    old.chm("host", "prepare", "local").well()
    # Its stack is made, and then refused until it is told what lets in at the second place.
    assert "second-place-access" in old.chm("up", "host-local").output
    secret = ["pulumi", "config", "set", "--secret", "second-place-access", place.access, "-s", "host-local"]
    old.activated(*secret).well()
    old.chm("up", "host-local", "cd").well()


def _type_kit(kit: str, folder: Path) -> None:
    """What a person types from the paper: the lines with a `=`, and the certificate."""
    lines = [line.strip() for line in kit.splitlines() if line.startswith("    ")]
    values = [line for line in lines if re.match(r"[A-Z_]+=", line)]
    (folder / "kit").write_text("\n".join(values) + "\n")
    (name,) = re.findall(r"^RESTIC_CACERT=(\S+)$", "\n".join(values), re.MULTILINE)
    (folder / name).write_text("\n".join(line for line in lines if line not in values) + "\n")


def _visit(installation: Installation) -> str:
    installation.ca.write_text(installation.chm("ca").well().output)
    return installation.curl(URL).body.decode()


@pytest.fixture(scope="module")
def place(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestServer]:
    """The second place, outside of all hosts."""
    client, folder = lab.client, tmp_path_factory.mktemp("second")
    server = RestServer(folder, client.ipv4, 8000, in_namespace(client.machine.namespace, ()))
    server.begin()
    listing = ("ss", "-Hltn", "sport = :8000")
    wait_until(lambda: bool(client.machine.run(*listing)), "the second place answers", 20)
    yield server
    server.end()


@pytest.fixture(scope="module")
def disaster(lab: Lab, place: RestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disaster]:
    beta = lab["beta"]
    old = Installation(tmp_path_factory.mktemp("old"), lab, beta)
    _bring_up(old, place)
    old.put("cd", {"index.php": REMEMBER, UPLOADED: "Okapia johnstoni\n"})
    word = _visit(old)
    old.chm("backup", "now", "cd").well()
    old.chm("backup", "now", "installation").well()
    kit = old.chm("escrow").well().output
    checked = old.activated("bash", "-c", "chm escrow | chm escrow check")
    _lose(old)
    new = Installation(tmp_path_factory.mktemp("new"), lab, beta)
    _type_kit(kit, new.root)
    yield Disaster(kit, word, checked, place, new, _follow_guide(new))
    beta.engine.end()
    beta.engine.begin()


def _lose(old: Installation) -> None:
    """The host's disk, and the operator's."""
    old.host.engine.end()
    subprocess.run(["rm", "-rf", str(old.root)], check=True)
    old.host.engine.begin()


def _follow_guide(new: Installation) -> dict[str, Done]:
    shell = Shell(new)
    done = {}
    try:
        for heading in HEADINGS:
            for command in commands(GUIDE, heading).splitlines():
                done[command] = shell.type(command)
                print(f"{done[command].seconds:6.1f} s  {command}")
    finally:
        shell.end()
    return done


def test_the_kit_opened_all_that_it_should_while_all_was_well(disaster: Disaster) -> None:
    assert (disaster.checked.code, "✗" in disaster.checked.output) == (0, False), disaster.checked.output
    for what in ("stacks/Pulumi.cd.yaml", "stacks/Pulumi.host-local.yaml", disaster.place.repository):
        assert what in disaster.checked.output


def test_every_command_of_the_guide_ends_well(disaster: Disaster) -> None:
    failed = {command: done.output for command, done in disaster.done.items() if done.code}
    assert failed == {}


def test_rows_and_files_are_back(disaster: Disaster) -> None:
    assert len(disaster.word) == 32
    assert _visit(disaster.new) == disaster.word
    assert disaster.new.curl(URL + UPLOADED).body == b"Okapia johnstoni\n"


def test_the_new_host_is_backed_up_in_both_places(disaster: Disaster) -> None:
    disaster.new.chm("backup", "now", "cd").well()
    disaster.new.chm("backup", "now", "installation").well()
    assert disaster.place.repository in disaster.new.chm("backup", "check", "cd").well().output


def test_a_kit_with_a_typing_mistake_says_which_value_is_wrong(disaster: Disaster) -> None:
    def tried(old: str, new: str) -> Done:
        file = disaster.new.root / ".state/typed"
        file.write_text(re.sub(rf"^(    {old}=).*$", rf"\1{new}", disaster.kit, flags=re.MULTILINE))
        return disaster.new.activated("bash", "-c", f"chm escrow check < {file}")

    for name, told in (
        ("PULUMI_CONFIG_PASSPHRASE", "✗ the passphrase does not open the secrets of stacks/Pulumi.cd.yaml"),
        ("RESTIC_PASSWORD", "✗ the password is not that of the installation's backups"),
        ("RESTIC_REST_PASSWORD", "✗ the access does not get into"),
        ("RESTIC_REPOSITORY", "is not in the kit"),
    ):
        done = tried(name, "rest:https://127.0.0.1:1/x" if name == "RESTIC_REPOSITORY" else "wrong")
        assert (done.code, told in done.output) == (1, True), done.output
