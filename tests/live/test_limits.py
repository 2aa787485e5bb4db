"""Limits that hold: who uses one up harms itself alone, and is told what to do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.installation import Installation

pytestmark = pytest.mark.live

PARTNER = """partner: td
name: {fr: Tchad}
languages: [fr]
tier: host-only
since: 2003
domains: [td.chm.localhost]
host: local
contacts:
  - {role: technical, name: A, email: a@example.org, consent: false, review: 2027-01-31}
site:
  runtime: php
  writable: [files]
limits:
  memory: 256M
  cpus: 0.5
  disk: 64M
  processes: 40
"""
PAGE = "Le site du Tchad"
WRITE = """<?php
    $sink = fopen('files/' . $_GET['name'], 'w');
    $block = str_repeat('x', 1 << 20);
    $most = $_GET['most'] << 20;
    for ($written = 0; $written < $most && ($count = @fwrite($sink, $block)); $written += $count);
    echo $written >> 20;"""
EAT = "<?php ini_set('memory_limit', -1); $all = []; while (true) $all[] = str_repeat('x', 1 << 20);"
FORK = "for (1..200) { my $child = fork; if (defined $child && !$child) { sleep 1; exit } }"
FLOOD = "print STDERR 'x' x 1000, qq(\\n) for 1..60000"
URL = "https://td.chm.localhost"


@pytest.fixture(scope="module")
def chad(installation: Installation) -> Iterator[Installation]:
    """A partner with a small disk, that shares the host with the others."""
    installation.declare("td.yaml", PARTNER)
    installation.chm("up", "td").well()
    installation.put("td", {"index.html": PAGE, "write.php": WRITE, "eat.php": EAT})
    installation.put(
        "cd", {"wp-content/uploads/.keep": "", "write.php": WRITE.replace("files/", "wp-content/uploads/")}
    )
    yield installation
    installation.chm("down", "td", "--delete-data").well()
    (installation.root / "stacks/td.yaml").unlink()


def test_a_full_disk_harms_its_own_site_alone_and_is_told(chad: Installation) -> None:
    written = int(chad.curl(f"{URL}/write.php?name=flood&most=500", timeout=60).text)
    assert 40 <= written <= 64
    assert chad.curl(f"{URL}/").text == PAGE
    assert chad.curl("https://cd.chm.localhost/write.php?name=neighbour&most=8").text == "8"
    told = chad.chm("status", "td")
    assert told.code == 1
    sentence = (
        r"td: the disk is full: 6[34]M of 64M used; remove files or raise limits/disk in stacks/td.yaml"
    )
    assert re.search(sentence, told.output), told.output
    chad.chm("status", "cd").well()


def test_raising_the_disk_by_one_line_heals_it_and_preview_says_what_restarts(chad: Installation) -> None:
    before = _started(chad)
    chad.change("td.yaml", "disk: 64M", "disk: 128M")
    preview = chad.chm("preview", "td").well().output
    chad.chm("up", "td").well()
    if "disk: 64M -> 128M in use, restarts nothing" in preview:
        assert _started(chad) == before
    else:
        assert "td: disk: 64M -> 128M; the engine of local cannot enlarge a disk in use" in preview
        mine = set(chad.containers("td").values())
        assert {name: time for name, time in before.items() if name not in mine}.items() <= _started(
            chad
        ).items()
        assert mine <= set(before)
    assert chad.curl(f"{URL}/write.php?name=more&most=32", timeout=60).text == "32"
    assert chad.curl(f"{URL}/files/flood").status == 200
    assert "is full" not in chad.chm("status", "td").well().output
    chad.preview("td").well()


def test_a_smaller_disk_is_refused_before_anything_changes(chad: Installation) -> None:
    chad.change("td.yaml", "disk: 128M", "disk: 64M")
    for verb in ("preview", "up"):
        refused = chad.chm(verb, "td")
        assert refused.code == 1
        assert "stack td: limits/disk: should be at least 128M, for a disk does not shrink" in refused.output
    chad.change("td.yaml", "disk: 64M", "disk: 128M")
    assert chad.chm("preview", "td").well().output.strip().endswith("td: nothing changes")


def test_who_eats_memory_is_ended_alone_and_it_is_told(chad: Installation) -> None:
    before = _started(chad)
    assert chad.curl(f"{URL}/eat.php", timeout=60).status >= 500
    assert chad.curl(f"{URL}/").text == PAGE
    assert _started(chad) == before
    told = chad.chm("status", "td").well().output
    assert "td: app met its limit of memory (144M), and something in it was ended" in told
    assert "raise limits/memory in stacks/td.yaml" in told
    assert "memory of app" in told


def test_who_forks_without_end_is_refused_and_it_is_told(chad: Installation) -> None:
    others = _of_others(chad)
    chad.docker("exec", chad.containers("td")["app"], "perl", "-e", FORK)
    assert chad.curl(f"{URL}/").text == PAGE
    told = chad.chm("status", "td").well().output
    assert "td: app met its limit of processes, and was refused more (" in told
    assert "raise limits/processes in stacks/td.yaml" in told
    assert _of_others(chad) == others


def test_a_flood_of_logs_stays_below_its_limit(chad: Installation) -> None:
    app = chad.containers("td")["app"]
    chad.docker("exec", app, "sh", "-c", f'perl -e "{FLOOD}" 2>/proc/1/fd/2')
    log = Path(chad.docker("inspect", "--format", "{{.LogPath}}", app))
    sizes = [file.stat().st_size for file in log.parent.glob(f"{log.name}*")]
    assert len(sizes) > 1, "the log was turned over"
    assert sum(sizes) < 31 * 1024 * 1024
    assert chad.curl(f"{URL}/").text == PAGE


def test_preview_says_whether_a_limit_restarts_anything(chad: Installation) -> None:
    chad.change("td.yaml", "cpus: 0.5", "cpus: 0.6")
    told = chad.chm("preview", "td").well().output
    assert "td: web: replaced (cpus 0.5 -> 0.6), the new one first: no request is lost" in told
    chad.change("td.yaml", "cpus: 0.6", "cpus: 0.5")
    chad.change("td.yaml", "memory: 256M", "memory: 300M")
    told = chad.chm("preview", "td").well().output
    assert (
        "td: app: replaced (memory 144M -> 188M, configuration), the new one first: no request is lost"
        in told
    )
    chad.change("td.yaml", "memory: 300M", "memory: 256M")


def _started(installation: Installation) -> dict[str, str]:
    """When each running container was started."""
    names = installation.docker("ps", "--format", "{{.Names}}").split()
    times = installation.docker("inspect", "-f", "{{.State.StartedAt}}", *names).split()
    return dict(zip(names, times, strict=True))


def _of_others(chad: Installation) -> list[str]:
    """What `chm status` says of the other partners' limits, such as what earlier attacks have left there."""
    lines = chad.chm("status").well().output.splitlines()
    return [line for line in lines if " met its limit " in line and not line.startswith("td:")]
