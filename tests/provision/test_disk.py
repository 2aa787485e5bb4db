"""The step that runs on the host itself: what it remembers for the next boot."""

import subprocess
from pathlib import Path

import clearinghouse.disk

SCRIPT = Path(clearinghouse.disk.__file__).with_name("disk.sh")
OTHERS = "UUID=1234 / ext4 errors=remount-ro 0 1\n"


def run(tmp_path: Path, verb: str, code: str = "cd") -> Path:
    """Run one function of the script on a table of mounts of its own; gives the table."""
    table = tmp_path / "fstab"
    functions = SCRIPT.read_text().replace('main "$@"', "")
    subprocess.run(
        [
            "sh",
            "-c",
            f"{functions}\nimage=/disks/{code}.img disk=/disks/{code}\nsystemctl() {{ :; }}\n{verb}",
        ],
        env={"PATH": "/usr/sbin:/usr/bin", "fstab": str(table), "systemd": str(tmp_path)},
        check=True,
    )
    return table


def test_where_systemd_runs_a_boot_mounts_it_before_the_engine(tmp_path: Path) -> None:
    (tmp_path / "fstab").write_text(OTHERS)
    lines = run(tmp_path, "remember").read_text().splitlines()
    assert lines[0] == OTHERS.strip()
    source, where, kind, options, *_ = lines[1].split()
    assert (source, where, kind) == ("/disks/cd.img", "/disks/cd", "ext4")
    assert {"loop", "nofail", "nosuid", "nodev", "x-systemd.before=docker.service"} <= set(options.split(","))


def test_it_is_remembered_once_and_beside_others(tmp_path: Path) -> None:
    for code in ("cd", "bj", "cd"):
        table = run(tmp_path, "remember", code)
    assert len(table.read_text().splitlines()) == 2


def test_what_is_removed_is_forgotten_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "fstab").write_text(OTHERS)
    run(tmp_path, "remember", "bj")
    before = (tmp_path / "fstab").read_text()
    run(tmp_path, "remember", "cd")
    assert run(tmp_path, "forget", "cd").read_text() == before


def test_without_systemd_nothing_is_written(tmp_path: Path) -> None:
    functions = "systemd=/nonexistent\nremember"
    assert not run(tmp_path, functions).exists()


def test_the_table_of_mounts_stays_readable_for_all(tmp_path: Path) -> None:
    (tmp_path / "fstab").write_text(OTHERS)
    (tmp_path / "fstab").chmod(0o644)
    assert run(tmp_path, "remember").stat().st_mode & 0o777 == 0o644


def test_many_at_once_lose_no_line_of_others(tmp_path: Path) -> None:
    (tmp_path / "fstab").write_text(OTHERS)
    main = f"fstab={tmp_path}/fstab systemd={tmp_path}"
    stubs = 'mount_one() {{ :; }}; systemctl() {{ :; }}; set -- mount {0}; main "$@"'
    folder = tmp_path / "disks"
    functions = SCRIPT.read_text().replace('main "$@"', "")
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.img").touch()
    script = f"{main}\n{functions}\n{stubs.format(folder)}"
    runs = [subprocess.Popen(["sh", "-c", script], stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [each.wait() for each in runs] == [0, 0, 0, 0]
    lines = (tmp_path / "fstab").read_text().splitlines()
    assert lines[0] == OTHERS.strip()
    assert len(lines) == 21
