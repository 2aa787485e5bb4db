"""The paper kit is read as it was printed, and says what no longer opens."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearinghouse.declare.host import Host
from clearinghouse.operate import pulumi
from clearinghouse.operate.escrow import Kit, SecondPlace, kit, read, sheet, verdicts
from clearinghouse.operate.secrets import make_missing
from clearinghouse.plan.edge import plan_host
from tests.lab.rest_server import RestServer
from tests.operate.installed import make_installation
from tests.plan.partners import a_host
from tests.upkeep.test_remote import Elsewhere


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    server = Elsewhere(tmp_path / "elsewhere")
    server.begin()
    yield server
    server.end()


@pytest.fixture
def host(tmp_path: Path, elsewhere: RestServer, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host with a second place elsewhere, which holds one whole backup of the installation."""
    make_installation(tmp_path / "installation", monkeypatch)
    place = {"repository": elsewhere.repository, "authority": elsewhere.authority}
    host = a_host(second_place=place)
    pulumi.ensure_stack("host-local")
    pulumi.set_config("host-local", "second-place-access", elsewhere.access, is_secret=True)
    make_missing(plan_host(host))
    _save(kit([host]), tmp_path)
    return host


def _save(opened: Kit, folder: Path) -> None:
    (place,) = opened.places
    (folder / "authority.pem").write_text(place.authority)
    variables = {**place.variables, "RESTIC_CACERT": str(folder / "authority.pem")}
    variables |= {"RESTIC_PASSWORD": opened.password, "PATH": os.environ["PATH"]}

    def restic(*argv: str) -> str:
        command = ["restic", "--no-cache", "--json", *argv]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout

    restic("init")
    run = "run-20270131T021700Z-1a2b"
    saved = restic("backup", "--tag", f"{run},files", str(folder / "authority.pem")).splitlines()[-1]
    named = str(json.loads(saved)["snapshot_id"])[:16]
    restic("backup", "--tag", f"{run},record,files={named}", str(folder / "authority.pem"))


def _wrong(given: Kit, host: Host) -> list[str]:
    return [verdict.text for verdict in verdicts(given, [host]) if not verdict.is_well]


def test_what_was_printed_is_what_is_read(host: Host) -> None:
    printed = kit([host])
    text = sheet(printed)
    assert read(text.splitlines()) == printed
    assert "docs/guides/disaster.md" in text
    assert "second place of the host local" in text


@pytest.mark.parametrize("value", ["plain", "two words", "quo'te", 'dou"ble', "$HOME `x` \\", "a=b=c", "#"])
def test_any_value_is_read_as_it_was_printed(host: Host, value: str) -> None:
    printed = Kit(value, value, (SecondPlace({"RESTIC_REPOSITORY": "rest:https://x/y", "AWS_KEY": value}),))
    assert read(sheet(printed).splitlines()) == printed


def test_a_shell_reads_the_lines_alike(host: Host) -> None:
    lines = [line for line in sheet(kit([host])).splitlines() if line.startswith("    ") and "_" in line]
    script = "\n".join([*lines, 'printf %s "$PULUMI_CONFIG_PASSPHRASE|$RESTIC_REST_PASSWORD"'])
    said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "pass, 'phrase'|open sesame, 'quoted'"


def test_a_right_kit_opens_everything(host: Host) -> None:
    told = list(verdicts(kit([host]), [host]))
    assert all(verdict.is_well for verdict in told), told
    assert "the newest backup there is of 2027-01-31 02:17 UTC" in told[-1].text
    assert len(told) == 4


@pytest.mark.parametrize("typed", ["", "hello\n"])
def test_what_is_not_in_a_kit_is_said_and_nothing_is_tried(host: Host, typed: str) -> None:
    told = [(verdict.is_well, verdict.text) for verdict in verdicts(read([typed]), [host])]
    assert told == [
        (False, "the kit has no line PULUMI_CONFIG_PASSPHRASE=…"),
        (False, "the kit has no line RESTIC_PASSWORD=…"),
    ]


def test_each_wrong_value_is_named(host: Host, elsewhere: RestServer) -> None:
    right = kit([host])
    (place,) = right.places
    where = place.repository
    assert _wrong(Kit("wrong", right.password, right.places), host) == [
        "the passphrase does not open the secrets of stacks/Pulumi.host-local.yaml"
    ]
    assert _wrong(Kit(right.passphrase, "wrong", right.places), host) == [
        "the password is not that of the installation's backups",
        f"the password does not open {where} (wrong password or no key found)",
    ]
    locked_out = SecondPlace({**place.variables, "RESTIC_REST_PASSWORD": "wrong"}, place.authority)
    (told,) = _wrong(Kit(right.passphrase, right.password, (locked_out,)), host)
    assert told.startswith(f"the access does not get into {where} (")
    assert "401" in told
    assert _wrong(Kit(right.passphrase, right.password, ()), host) == [
        f"the second place of host local, {where}, is not in the kit"
    ]


def test_trying_writes_nothing(host: Host, tmp_path: Path) -> None:
    before = sorted((tmp_path / "installation").rglob("*"))
    list(verdicts(kit([host]), [host]))
    assert sorted((tmp_path / "installation").rglob("*")) == before
