"""Data survives: it is kept, found again when it is one's own, and refused when it is another's."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.lab import wait_until
from tests.lab.shell import LabTrouble, run
from tests.live.installation import STATIC, Installation
from tests.live.test_failures import told, up

pytestmark = pytest.mark.live

VOLUME = "chm-gn-site-g1"
PAGE = {"index.html": "Guinée"}
URL = "https://gn.chm.localhost/"


@pytest.fixture(scope="module")
def guinea(installation: Installation) -> Iterator[Installation]:
    """A partner that is declared, and not up."""
    installation.declare("gn.yaml", STATIC.read_text().replace("xs", "gn"))
    installation.chm("secrets", "gn").well()
    yield installation
    installation.chm("down", "gn", "--delete-data").well()
    (installation.root / "stacks/gn.yaml").unlink()


@pytest.mark.parametrize(
    ("owner", "installation_name", "whose"),
    [
        ("xs", None, "it belongs to xs; else remove it there"),
        (
            "gn",
            "elsewhere",
            "it belongs to gn of the installation elsewhere; if that is this one, write `elsewhere`",
        ),
        ("", "", "it belongs to nobody that it names"),
    ],
)
def test_a_volume_of_another_is_refused_and_not_touched(
    guinea: Installation, owner: str, installation_name: str | None, whose: str
) -> None:
    ours = (guinea.root / "stacks/installation").read_text().strip()
    labels = {
        "owner": owner,
        "role": "site",
        "installation": ours if installation_name is None else installation_name,
    }
    options = [f"--label=be.clearinghouse.{name}={value}" for name, value in labels.items() if value]
    guinea.docker("volume", "create", *options, VOLUME)
    before = guinea.docker("volume", "inspect", VOLUME)
    try:
        for refused in (up(guinea, "gn"), guinea.chm("up", "gn")):
            assert told(refused).startswith(f"host local: the volume {VOLUME} is not gn's, {whose}")
        assert guinea.docker("volume", "inspect", VOLUME) == before
        assert guinea.containers("gn") == {}
    finally:
        guinea.docker("volume", "rm", VOLUME)


def test_without_the_installations_name_pulumi_says_what_makes_it(guinea: Installation) -> None:
    file = guinea.root / "stacks/installation"
    name = file.read_text()
    file.unlink()
    try:
        assert told(up(guinea, "gn")) == "stack gn: the installation has no name yet; run `chm secrets gn`"
    finally:
        file.write_text(name)


def test_an_engine_that_restarts_in_the_middle_of_an_up_is_one_clear_line(guinea: Installation) -> None:
    process = guinea.begin("chm", "up", "gn")
    wait_until(lambda: "chm-gn-prepare" in _containers(guinea), "the preparation is being made", 60)
    guinea.host.restart_engine()
    output, _ = process.communicate(timeout=180)
    assert "Traceback" not in output
    if process.returncode != 0:
        lines = [line for line in output.splitlines() if line.startswith("stack gn: ")]
        assert len(lines) == 1, output
        assert "its engine went away; start it and repeat, nothing is lost" in lines[0], output
    guinea.chm("up", "gn").well()
    guinea.preview("gn").well()
    guinea.put("gn", PAGE)
    assert guinea.curl(URL).text == PAGE["index.html"]
    _wait_until_all_serve(guinea)


def test_down_says_where_the_data_stays_and_an_up_adopts_it_and_says_so(guinea: Installation) -> None:
    down = guinea.chm("down", "gn").well().output
    assert f"data kept in {VOLUME}, on host local in {_disks(guinea)}/gn, and its backups in" in down
    assert f"adopted the kept data of {VOLUME}" in guinea.chm("up", "gn").well().output
    assert guinea.curl(URL).text == PAGE["index.html"]
    destroyed = guinea.activated("pulumi", "destroy", "-s", "gn", "--yes", "--skip-preview").well().output
    assert f"{VOLUME} deleted" in destroyed
    assert "[retain]" in destroyed
    assert f"adopted the kept data volume {VOLUME}" in up(guinea, "gn").well().output
    assert guinea.curl(URL).text == PAGE["index.html"]
    assert "adopted" not in guinea.chm("up", "gn").well().output


def test_after_a_reboot_the_host_is_prepared_and_all_serve_again(guinea: Installation) -> None:
    """What a boot without systemd does: the engine comes back before anything is mounted."""
    disks = [disk for disk in _disks(guinea).iterdir() if disk.is_dir()]
    guinea.host.stop_engine()
    try:
        for disk in disks:
            run("umount", str(disk))
    finally:
        guinea.host.start_engine()
    assert "web" not in guinea.containers("gn"), "it cannot start, and so writes nowhere else"
    prepared = guinea.chm("host", "prepare", "local").well().output
    assert "started chm-gn-web" in prepared
    _wait_until_all_serve(guinea)
    assert guinea.curl(URL).text == PAGE["index.html"]


def test_deleted_data_leaves_neither_file_nor_mount(guinea: Installation) -> None:
    guinea.chm("down", "gn", "--delete-data").well()
    assert not list(_disks(guinea).glob("gn*"))
    assert f"{_disks(guinea)}/gn" not in Path("/proc/self/mountinfo").read_text()


def _disks(installation: Installation) -> Path:
    return Path(installation.docker("info", "--format", "{{.DockerRootDir}}") + "-clearinghouse")


def _containers(installation: Installation) -> str:
    with suppress(LabTrouble):
        return installation.docker("ps", "--all", "--format", "{{.Names}}")
    return ""


def _wait_until_all_serve(guinea: Installation) -> None:
    """By themselves; a failure shows who does not."""
    with suppress(LabTrouble):
        wait_until(lambda: guinea.chm("status").code == 0, "all sites serve again", 120)
    guinea.chm("status").well()
