"""The faults: each is done to a place that has backups, and gives what was said meanwhile."""

import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.harness.place import CODE, PATIENCE, Done, Place, digest, finish, kill
from tests.lab import wait_until
from tests.lab.rest_server import Elsewhere

HALF_DUMP = "#!/bin/bash\nhead -c 100000 /mnt/database.sql\n"
MEGABYTE = 1024 * 1024


@dataclass
class Outcome:
    """What came of a fault.

    Attributes:
        said: what each command did while it was there.
        is_to_be_noticed: whether one of them has to fail or to alarm.
        broken: what was not as it has to be, in the fault's own words.
    """

    said: list[Done] = field(default_factory=list)
    is_to_be_noticed: bool = True
    broken: list[str] = field(default_factory=list)


Fault = Callable[[Place, random.Random], Outcome]


def killed_backup(place: Place, chance: random.Random) -> Outcome:
    """A run is killed."""
    length = place.length_of_a_run()
    place.change()
    content = place.content()
    process = place.begin_backup()
    time.sleep(chance.uniform(0, length))
    # It may have ended before.
    done = kill(process) if process.poll() is None else finish(process)
    place.knows(done, content)
    return Outcome([done], is_to_be_noticed=False)


def killed_care(place: Place, chance: random.Random) -> Outcome:
    """A round that copies, reads back, forgets and prunes is killed."""
    # A round takes about as long as a run.
    length = place.length_of_a_run()
    process = place.begin_upkeep("check" if chance.random() < 0.3 else "now", CODE)
    time.sleep(chance.uniform(0.1, 1.1) * length)
    done = kill(process) if process.poll() is None else finish(process)
    return Outcome([done], is_to_be_noticed=False)


def killed_restore(place: Place, chance: random.Random) -> Outcome:
    """A folder is put back into a volume in use, and that is killed: it is the old one or the new one."""
    volume = place.root / "volume"
    shutil.copytree(place.site, volume)
    for page in (volume / "1").glob("*"):
        page.write_text("of today")
    before = _tree(volume)
    run = max(place.known)
    wanted = {path: text for path, text in place.known[run].items() if path.startswith("/site/1/")}
    command = ("put-back", "first", CODE, place.snapshot(run), "/mnt/site/1", "/mnt/site", str(volume))
    process = place.begin_upkeep(*command)
    time.sleep(chance.uniform(0.05, 0.5))
    said = [kill(process) if process.poll() is None else finish(process)]
    outcome = Outcome(said, is_to_be_noticed=False)
    found = {path: text for path, text in _tree(volume).items() if not path.startswith(".put-back/")}
    if found != before and not _is(found, wanted):
        outcome.broken.append("a killed restore left a mixture")
    again = place.upkeep(*command)
    outcome.said.append(again)
    if not again.is_well or not _is(_tree(volume), wanted):
        outcome.broken.append("the next restore did not finish it")
    return outcome


def full_target(place: Place, chance: random.Random) -> Outcome:
    """The disk that is restored to is full."""
    volume = place.root / "volume"
    with small_disk(volume, chance.randint(16, 500) * 1024):
        run = max(place.known)
        command = ("put-back", "first", CODE, place.snapshot(run), "/mnt/site", "/mnt", str(volume))
        said = [place.upkeep(*command)]
        outcome = Outcome(said)
        if list(volume.iterdir()):
            outcome.broken.append("a restore that failed left something")
    return outcome


def full_repository(place: Place, chance: random.Random) -> Outcome:
    """The first place's disk gets full during a run."""
    with on_small_disk(place.root / "first", chance.randint(50, 1400) * 1024), place.serving():
        return Outcome([place.backup()])


def full_second(place: Place, chance: random.Random) -> Outcome:
    """The second place's disk gets full during the copy."""
    place.backup()
    with on_small_disk(place.root / "second", chance.randint(50, 1000) * 1024):
        return Outcome([place.care()])


def full_memory(place: Place, chance: random.Random) -> Outcome:
    """Upkeep cannot write down what it knows."""
    place.backup()
    with on_small_disk(place.root / "memory", 0):
        return Outcome([place.care()])


def full_cache(place: Place, chance: random.Random) -> Outcome:
    """The client's /tmp has no room for restic's packs and cache."""
    with small_disk(place.root / "client-tmp", chance.randint(4, 200) * 1024):
        done = place.backup()
    # Without a cache it may still be able to.
    return Outcome([done], is_to_be_noticed=False)


def read_only(which: str, place: Place, chance: random.Random) -> Outcome:
    """A place can only be read. Restic tries for a quarter of an hour before it says so."""
    folder = place.root / which
    if which == "second":
        place.backup()
    mount("--bind", str(folder), str(folder))
    try:
        mount("-o", "remount,ro,bind", str(folder))
        place.patience = 1500
        return Outcome([place.backup() if which == "first" else place.care()])
    finally:
        place.patience = PATIENCE
        unmount(folder)


def failing_dump(script: str, place: Place, chance: random.Random) -> Outcome:
    """The dump client ends before its end."""
    place.dump_by(script)
    done = place.backup()
    place.dump_by()
    return Outcome([done])


def two_at_once(place: Place, chance: random.Random) -> Outcome:
    """A second run begins while one is under way."""
    content = place.content()
    first = place.begin_backup()
    time.sleep(chance.uniform(0.02, 0.4))
    second = place.begin_backup()
    said = [finish(first), finish(second)]
    outcome = Outcome(said)
    if sum(done.is_well for done in said) != 1:
        outcome.broken.append(f"{sum(done.is_well for done in said)} of two runs ended well")
    for done in said:
        place.knows(done, content)
    return outcome


def changing_source(place: Place, chance: random.Random) -> Outcome:
    """Files come, go and grow during a run; those that stay as they are have to be in it."""
    ended = threading.Event()
    still = place.content()
    busy = place.site / "busy"
    busy.mkdir(exist_ok=True)

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            (busy / f"{number % 50}.tmp").write_bytes(chance.randbytes(chance.randint(0, 20_000)))
            (busy / f"{chance.randrange(50)}.tmp").unlink(missing_ok=True)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        time.sleep(0.1)
        done = finish(place.begin_backup())
    finally:
        ended.set()
        writer.join()
    shutil.rmtree(busy)
    place.knows(done, still)
    return Outcome([done], is_to_be_noticed=False)


def wrong_password(of: str, place: Place, chance: random.Random) -> Outcome:
    """A password is lost, and there is another one."""
    files = {
        "repository": place.root / "client-run/secrets/repository_password",
        "maintenance": place.root / "secrets/maintenance_password",
    }
    file = files[of]
    before = file.read_text()
    file.write_text("another one, made by a machine")
    said = [place.backup() if of == "repository" else place.care()]
    file.write_text(before)
    return Outcome(said)


def stale_lock(host: str, later: float, place: Place, chance: random.Random) -> Outcome:
    """A client died with its lock; runs and rounds go on, whatever machine it was and whatever clocks say."""
    process = place.begin_backup(host)
    wait_until(lambda: any((place.first / "locks").iterdir()), "it holds its lock", 20)
    said = [kill(process)]
    # A round long before anything is to be forgotten sees the lock; the next one is another day.
    outcome = Outcome(said, is_to_be_noticed=False)
    for hours in (-24 * 29.5, -24 * 29.5 + later):
        place.hours = hours
        outcome.said.append(place.care())
    place.hours = 0
    outcome.said += [place.backup(), place.care()]
    if any(not done.is_well for done in outcome.said[1:]):
        outcome.broken.append(f"a dead one's lock was in the way: {outcome.said[-1].output[-300:]}")
    return outcome


def damaged(which: str, what: str, how: str, place: Place, chance: random.Random) -> Outcome:
    """A file of a repository is not what it was."""
    place.hours = -24 * 29
    repository = place.first if which == "first" else place.second
    files = sorted(file for file in (repository / what).rglob("*") if file.is_file())
    file = chance.choice(files)
    content = bytearray(file.read_bytes())
    file.chmod(0o600)
    match how:
        case "bit":
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            file.write_bytes(content)
        case "truncated":
            file.write_bytes(content[: chance.randrange(1, len(content))])
        case "zero-length":
            file.write_bytes(b"")
        case "missing":
            file.unlink()
    said = [place.check()]
    if what == "keys":
        # Each is opened by its own: the client's by the client alone.
        said.append(place.backup())
    # Ordinary rounds, which are to forget what is old: they must not carry damage to the other place.
    place.hours = 0
    return Outcome([*said, place.care(), place.care()])


def run_and_round(place: Place, chance: random.Random) -> Outcome:
    """A run begins while a round is under way that forgets and prunes: one waits for the other."""
    length = place.length_of_a_run()
    place.change()
    content = place.content()
    round_ = place.begin_upkeep("now", CODE)
    time.sleep(chance.uniform(0, length))
    run = finish(place.begin_backup(), 60)
    place.knows(run, content)
    outcome = Outcome([run, finish(round_, 60)], is_to_be_noticed=False)
    if any(not done.is_well for done in outcome.said):
        outcome.broken.append(f"they were in each other's way: {outcome.said[-1].output[-300:]}")
    return outcome


def cut_network(place: Place, chance: random.Random) -> Outcome:
    """The second place is elsewhere, and goes away while copies are made."""
    server = _second_elsewhere(place)
    first = place.care()
    place.backup()
    process = place.begin_upkeep("now", CODE)
    time.sleep(chance.uniform(0.1, 1.0))
    server.end()
    done = cut(process)
    server.begin()
    outcome = Outcome([first, done], is_to_be_noticed=False)
    if not first.is_well:
        outcome.broken.append(f"copies are not made there: {first.output[-300:]}")
    return outcome


def away(place: Place, chance: random.Random) -> Outcome:
    """The second place is elsewhere, and does not answer at all for a while."""
    server = _second_elsewhere(place)
    place.care()
    place.backup()
    server.end()
    place.patience = 200
    outcome = Outcome([place.care()])
    place.patience = PATIENCE
    server.begin()
    return outcome


def _second_elsewhere(place: Place) -> Elsewhere:
    """Let the second place be a server that answers; nothing is there yet."""
    server = Elsewhere(place.root / "elsewhere")
    (place.root / "secrets/second_access").write_text(server.access)
    (place.root / "secrets/second_authority").write_text(server.authority)
    (place.root / "second_place").write_text(server.repository)
    (place.root / "memory" / f"{CODE}.json").unlink()
    server.begin()
    place.duties.callback(server.end)
    return server


def cut(process: "subprocess.Popen[str]") -> Done:
    """Restic tries for a quarter of an hour; the machine is taken to fail before that."""
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        return kill(process)
    return finish(process)


KINDS: dict[str, Fault] = {
    "backup killed": killed_backup,
    "copy, check, forgetting or pruning killed": killed_care,
    "restore killed": killed_restore,
    "disk full: first place": full_repository,
    "disk full: second place": full_second,
    "disk full: what upkeep remembers": full_memory,
    "disk full: cache": full_cache,
    "disk full: target of a restore": full_target,
    "read-only: first place": partial(read_only, "first"),
    "read-only: second place": partial(read_only, "second"),
    "dump that exits 1": partial(failing_dump, "#!/bin/bash\nexit 1\n"),
    "dump that writes half and exits 1": partial(failing_dump, f"{HALF_DUMP}exit 1\n"),
    "dump that writes half and exits 0": partial(failing_dump, f"{HALF_DUMP}exit 0\n"),
    "dump that is killed": partial(failing_dump, f"{HALF_DUMP}kill -9 $$\n"),
    "two runs at once": two_at_once,
    "a run and a round at once": run_and_round,
    "source changing during the run": changing_source,
    "wrong password: the client's": partial(wrong_password, "repository"),
    "wrong password: the host's": partial(wrong_password, "maintenance"),
    "stale lock: a dead process": partial(stale_lock, CODE, 0.0),
    "stale lock: another host": partial(stale_lock, "elsewhere", 0.0),
    "stale lock: clock a day ahead": partial(stale_lock, "elsewhere", 24.0),
    "stale lock: clock a day back": partial(stale_lock, "elsewhere", -24.0),
    "network between the places cut": cut_network,
    "second place does not answer": away,
    **{
        f"{how}: {what} at the {which} place": partial(damaged, which, folder, how)
        for which in ("first", "second")
        for what, folder in (("pack", "data"), ("index", "index"), ("snapshot", "snapshots"), ("key", "keys"))
        for how in ("bit", "truncated", "missing", "zero-length")
    },
}

LONG = ("read-only: first place", "read-only: second place", "second place does not answer")
"""Kinds that take up to half an hour, in which next to nothing is done."""


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A disk of a size (bytes), at a folder."""
    folder.mkdir(exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={max(size, 4096)}", "none", str(folder))
    try:
        yield
    finally:
        unmount(folder)


@contextmanager
def on_small_disk(folder: Path, room: int) -> Iterator[None]:
    """What is in a folder lies on a disk of its own, with so much room (bytes); it is put back afterwards."""
    before = folder.with_name(f"{folder.name}-before")
    folder.rename(before)
    # Folders take no room there.
    used = sum(-(-file.stat().st_size // 4096) * 4096 for file in before.rglob("*") if file.is_file())
    folder.mkdir()
    mount("-t", "tmpfs", "-o", f"size={used + room + 64 * 1024}", "none", str(folder))
    try:
        shutil.copytree(before, folder, dirs_exist_ok=True)
        if not room:
            _fill(folder)
        yield
        (folder / "filler").unlink(missing_ok=True)
        shutil.rmtree(before)
        shutil.copytree(folder, before)
    finally:
        unmount(folder)
        folder.rmdir()
        before.rename(folder)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


def _fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _is(found: dict[str, bytes], wanted: Mapping[str, str]) -> bool:
    there = {f"/site/{path}": digest(text) for path, text in found.items() if path.startswith("1/")}
    return there == wanted
