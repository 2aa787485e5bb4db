from collections.abc import Iterator

import pytest

from clearinghouse.operate.usage import Amount, Usage, bounded, counts, first_of, rounded
from clearinghouse.plan.plan import Container, PartnerImage

MIB = 2**20
VERSION_1 = """/sys/fs/cgroup/memory/memory.oom_control:oom_kill_disable 0
/sys/fs/cgroup/memory/memory.oom_control:oom_kill 3
/sys/fs/cgroup/pids/pids.events:max 204
"""
VERSION_2 = """/sys/fs/cgroup/memory.events:max 7000
/sys/fs/cgroup/memory.events:oom 2
/sys/fs/cgroup/memory.events:oom_kill 2
/sys/fs/cgroup/pids.events:max 0
"""


@pytest.mark.parametrize(
    ("files", "expected"), [(VERSION_1, (3, 204)), (VERSION_2, (2, 0)), ("no such", (0, 0))]
)
def test_events_of_both_versions_of_control_groups_are_read(files: str, expected: tuple[int, int]) -> None:
    assert counts(files) == expected


@pytest.mark.parametrize(
    ("count", "text"),
    [(86 * MIB, "86M"), (5 * 1024 * MIB, "5G"), (5000 * MIB, "4.9G"), (2048, "2K"), (0, "0K")],
)
def test_amounts_are_short(count: int, text: str) -> None:
    assert rounded(count) == text


def test_a_partner_within_its_limits_is_told_nothing() -> None:
    used = Usage("cd", Amount(60 * MIB, 64 * MIB), {"app": Amount(10 * MIB, 64 * MIB)})
    assert used.notes == ()
    assert used.summary == "disk 60M of 64M, memory of app 10M of 64M"


def test_a_disk_that_gets_full_is_told_before_and_after() -> None:
    nearly, full = Usage("cd", Amount(61 * MIB, 64 * MIB)), Usage("cd", Amount(64 * MIB, 64 * MIB))
    assert not nearly.is_disk_full
    assert full.is_disk_full
    end = "of 64M used; remove files or raise limits/disk in stacks/cd.yaml"
    assert nearly.notes == (f"the disk is nearly full: 61M {end}",)
    assert full.notes == (f"the disk is full: 64M {end}",)


def test_limits_that_were_met_are_told_with_the_next_step() -> None:
    used = Usage("cd", None, {"app": Amount(0, 422 * MIB)}, {"app": 3, "database": 1}, {"app": 9, "web": 1})
    assert used.notes == (
        "app met its limit of memory (422M), and something in it was ended (3 times);"
        " raise limits/memory in stacks/cd.yaml",
        "database met its limit of memory, and something in it was ended;"
        " raise limits/memory in stacks/cd.yaml",
        "app met its limit of processes, and was refused more (9 times);"
        " raise limits/processes in stacks/cd.yaml",
        "web met its limit of processes, and was refused more",
    )


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        ("php", "timeout -s KILL 5 df -Pk /site"),
        (
            PartnerImage("example.org/own:1"),
            "/tools/busybox timeout -s KILL 5 /tools/busybox df -Pk /site",
        ),
    ],
)
def test_a_container_is_asked_for_a_short_time_and_by_no_program_of_a_partners(
    image: str | PartnerImage, asked: str
) -> None:
    app = Container("app", image, "1:1", (), memory=1, cpus=1, processes=1)
    assert bounded(app, ["df", "-Pk", "/site"]) == asked.split()


def test_a_flood_of_words_is_heard_to_a_limit() -> None:
    taken = 0

    def flood() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 4096

    assert len(first_of(flood())) == 64 * 1024
    assert taken == 16
