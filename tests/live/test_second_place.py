"""The second place: a backup is done when it is there too, and outlives whoever takes the first one over."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.installation import Installation

pytestmark = pytest.mark.live

CODE = "xz"
PAGE = "<!doctype html><title>xz</title><p>Okapi, version {}</p>"
RESTIC = f"""
export RESTIC_REPOSITORY=rest:http://repository:8000/{CODE}/
export RESTIC_PASSWORD_FILE=/run/secrets/repository_password
export RESTIC_REST_USERNAME={CODE} RESTIC_REST_PASSWORD=$(cat /run/secrets/http_password)
"""
POST = (
    RESTIC
    + """
exec 3<>/dev/tcp/repository/8000
printf "POST /$1 HTTP/1.0\\r\\nAuthorization: Basic %s\\r\\nContent-Length: ${#2}\\r\\n\\r\\n%s" \
  "$(printf '%s:%s' "$RESTIC_REST_USERNAME" "$RESTIC_REST_PASSWORD" | base64 -w0)" "$2" >&3
head -1 <&3
"""
)


@pytest.fixture(scope="module")
def runs(installation: Installation) -> Iterator[list[str]]:
    """A partner of its own with three whole runs, the oldest first."""
    declared = (installation.root / "stacks/xs.yaml").read_text().replace("xs", CODE)
    installation.declare(f"{CODE}.yaml", declared + "backup:\n  size: 64M\n")
    installation.chm("up", CODE).well()
    made = []
    for version in range(3):
        installation.put(CODE, {"index.html": PAGE.format(version)})
        told = installation.chm("backup", "now", CODE, "--json").well().output.splitlines()
        made.append(str(json.loads(told[-1])["run"]))
    yield made
    installation.chm("down", CODE, "--delete-data").well()
    (installation.root / f"stacks/{CODE}.yaml").unlink()


def _listed(installation: Installation) -> dict[str, dict[str, Any]]:
    told = installation.chm("backup", "list", CODE, "--json").well().output
    return {run["run"]: run for line in told.splitlines() for run in [json.loads(line)]}


def _as_intruder(installation: Installation, script: str, *arguments: str) -> tuple[int, str]:
    """Root in the partner's backup container."""
    done = installation.run("docker", "exec", f"chm-{CODE}-backup", "bash", "-c", script, "x", *arguments)
    return done.code, done.output


def _upkeep(installation: Installation, script: str) -> str:
    return installation.docker("exec", "chm-upkeep", "bash", "-c", script)


def _restored(installation: Installation, into: Path, *options: str) -> str:
    installation.chm("restore", CODE, "--into", str(into), *options).well()
    return (into / "site/index.html").read_text()


def test_a_backup_is_done_when_the_second_place_has_it(runs: list[str], installation: Installation) -> None:
    listed = _listed(installation)
    assert [listed[run]["state"] for run in runs] == ["done"] * 3
    told = installation.chm("backup", "check", CODE, "--data").well().output
    assert "both places are volumes of one host" in told


def test_a_run_that_the_second_place_has_not_yet_is_half(runs: list[str], installation: Installation) -> None:
    code, told = _as_intruder(installation, "backup now")
    assert code == 0, told
    assert next(iter(_listed(installation).values()))["state"] == "half"
    assert "half" in installation.chm("status", CODE).well().output
    installation.chm("backup", "check", CODE).well()
    assert {run["state"] for run in _listed(installation).values()} == {"done"}


def test_an_older_run_is_restored_from_either_place(
    runs: list[str], installation: Installation, tmp_path: Path
) -> None:
    assert _restored(installation, tmp_path / "first", "--at", runs[0]) == PAGE.format(0)
    assert _restored(installation, tmp_path / "second", "--at", runs[1], "--second") == PAGE.format(1)


def test_upkeep_has_no_network_and_no_partner_mounts_what_it_keeps(
    runs: list[str], installation: Installation
) -> None:
    form = "{{.HostConfig.NetworkMode}} {{.Config.User}} {{.HostConfig.CapAdd}}"
    assert installation.docker("inspect", "-f", form, "chm-upkeep").strip() == "none 2012:2012 []"
    holders = installation.docker("ps", "-q", "--filter", "volume=chm-second-g1").split()
    assert len(holders) == 1


def test_a_key_on_paper_opens_the_copies(runs: list[str], installation: Installation) -> None:
    told = installation.chm("backup", "key", CODE).well().output
    (password,) = re.findall(r"^    ((?:[a-z2-9]{5}-){5}[a-z2-9]{5})$", told, re.MULTILINE)
    opened = _upkeep(
        installation,
        f"printf %s {password} >/tmp/key;"
        f" restic -r /second/{CODE} --password-file /tmp/key snapshots --json --no-lock; rm /tmp/key",
    )
    assert len(json.loads(opened)) >= 2 * len(runs)
    assert password not in installation.docker("inspect", "chm-upkeep")
    at_first = f"restic -r /repositories/{CODE}/{CODE} --password-file /tmp/key snapshots --json --no-lock"
    opened = _upkeep(installation, f"printf %s {password} >/tmp/key; {at_first}; rm /tmp/key")
    assert len(json.loads(opened)) >= 2 * len(runs)


def test_lost_secrets_are_made_anew_and_backups_go_on(
    runs: list[str], installation: Installation, tmp_path: Path
) -> None:
    (installation.root / f"stacks/Pulumi.{CODE}.yaml").unlink()
    installation.chm("up", CODE).well()
    installation.chm("backup", "now", CODE).well()
    assert _restored(installation, tmp_path / "old", "--at", runs[0]) == PAGE.format(0)


@pytest.mark.parametrize("time", ["2040-01-01 00:00:00", "1999-01-01 00:00:00"])
def test_a_forged_time_is_noticed_and_costs_no_run(
    runs: list[str], installation: Installation, time: str
) -> None:
    tag = f"run-{time[:4]}0101T000000Z-dead"
    forged = f"restic backup --host {CODE} --tag {tag},files --time '{time}' /site"
    code, told = _as_intruder(installation, RESTIC + forged)
    assert code == 0, told
    done = installation.chm("backup", "check", CODE)
    assert (done.code, f"says that it was made at {time[:4]}-" in done.output) == (1, True), done.output
    status = installation.chm("status", CODE)
    assert (status.code, f"chm backup trust {CODE}" in status.output) == (1, True), status.output
    assert set(runs) <= set(_listed(installation))
    installation.chm("backup", "trust", CODE).well()


def test_an_index_of_rubbish_is_noticed_and_the_second_place_gives_all(
    runs: list[str], installation: Installation, tmp_path: Path
) -> None:
    rubbish = "rubbish"
    digest = installation.run("bash", "-c", f"printf {rubbish} | sha256sum | cut -c1-64").output.strip()
    code, told = _as_intruder(installation, POST, f"{CODE}/index/{digest}", rubbish)
    assert (code, "200" in told) == (0, True), told
    done = installation.chm("backup", "check", CODE)
    assert done.code == 1, done.output
    assert _restored(installation, tmp_path / "second", "--at", runs[2], "--second") == PAGE.format(2)
    # What an operator does: the file that nobody but the intruder made goes.
    _upkeep(installation, f"rm /repositories/{CODE}/{CODE}/index/{digest}")
    installation.chm("backup", "check", CODE).well()


def test_who_fills_the_repository_harms_itself_alone(runs: list[str], installation: Installation) -> None:
    fill = "head -c 48M /dev/urandom >/tmp/x; restic backup --host xz --tag mine /tmp/x; rm /tmp/x"
    for _ in range(3):
        code, told = _as_intruder(installation, f"{RESTIC}{fill}; backup now")
    assert "507 Insufficient Storage" in told, (code, told)
    done = installation.chm("backup", "check", CODE)
    assert (done.code, "no run made the snapshot" in done.output) == (1, True), done.output
    assert set(runs) <= set(_listed(installation))
    installation.chm("backup", "now", "xs").well()
    installation.chm("backup", "trust", CODE).well()


def test_nobody_reaches_anothers_repository(runs: list[str], installation: Installation) -> None:
    form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    other = installation.docker("inspect", "-f", form, "chm-xs-repository").strip()
    assert _as_intruder(installation, f"timeout 3 bash -c ': </dev/tcp/{other}/8000'")[0] != 0
    assert "401" in _as_intruder(installation, POST, "xs/config", "x")[1]


def test_a_first_place_that_is_destroyed_is_noticed_and_the_second_gives_all(
    runs: list[str], installation: Installation, tmp_path: Path
) -> None:
    _upkeep(installation, f"rm -rf /repositories/{CODE}/{CODE}/data /repositories/{CODE}/{CODE}/snapshots/*")
    done = installation.chm("backup", "check", CODE)
    assert done.code == 1
    status = installation.chm("status", CODE)
    assert (status.code, "is gone" in status.output) == (1, True), status.output
    for number, run in enumerate(runs):
        assert _restored(installation, tmp_path / run, "--at", run, "--second") == PAGE.format(number)


def test_a_host_that_keeps_backups_does_not_lose_them_by_a_command(
    runs: list[str], installation: Installation
) -> None:
    installation.chm("down", CODE, "--delete-data").well()
    assert _upkeep(installation, f"ls /second/{CODE}/snapshots | wc -l").strip() != "0"
    assert _upkeep(installation, "ls /repositories").split().count(CODE) == 0
    installation.chm("up", CODE).well()
    done = installation.chm("down", "host-local", "--delete-data")
    assert done.code == 1
    assert "take them down or move them first" in done.output
