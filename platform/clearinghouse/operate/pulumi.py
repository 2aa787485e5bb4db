"""Pulumi's own command line, run for a person: short progress, one clear line when it fails."""

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import yaml

from clearinghouse.errors import COULD_NOT_FIND_OUT, INTERRUPTED, NOT_WELL, Trouble
from clearinghouse.installation import root
from clearinghouse.plan.generations import DATABASE, GENERATIONS, Generations

_PROJECT = "clearinghouse"
_PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"
_OURS = ("host ", "stack ", "stacks/")
_EMPTY = ("update failed", "preview failed", "an unhandled error")
_AWAY = "Cannot connect to the Docker daemon|[Cc]onnection (refused|aborted|reset)|: EOF|unexpected EOF"
_AWAY += "|database not open"
_INTERRUPTED = "update cancell?ed"
_HINTS = {
    "currently locked by": "another `up` runs, or one was killed; if none runs: `pulumi cancel -s {stack}`",
    "incorrect passphrase": "the passphrase does not open its secrets; put the right one at {passphrase}",
    _INTERRUPTED: "it was interrupted; `chm up {stack}` goes on where it stopped",
    "no stack named": "it was never made; `chm up {stack}` makes it",
    "failed to mount local volume": "its disk is not mounted on its host; `chm up {stack}` mounts it",
    "no space left on device": "the disk is full; free some space and repeat, nothing is lost",
    "port is already allocated|address already in use": "a port is taken; free it or change `ports:`",
    _AWAY: "its engine went away; start it and repeat, nothing is lost",
}


def config_file(stack: str) -> Path:
    """Where Pulumi keeps a stack's configuration, its secrets encrypted."""
    return root() / "stacks" / f"Pulumi.{stack}.yaml"


def configuration(stack: str) -> dict[str, object]:
    """A stack's configuration as it is written, secrets still encrypted; empty before there is one.

    Raises:
        Trouble: the file is none that Pulumi writes.
    """
    file = config_file(stack)
    try:
        written = yaml.safe_load(file.read_text()) if file.exists() else {}
        config = (written or {}).get("config") or {}
        return {str(key).removeprefix(f"{_PROJECT}:"): value for key, value in config.items()}
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise Trouble(
            f"{_shown(file)}: should be what Pulumi wrote, cannot be read ({type(error).__name__});"
            " put it back from version control"
        ) from None


def set_config(stack: str, key: str, value: str, *, is_secret: bool) -> None:
    """Write one configuration value; it goes through standard input, never through an argument."""
    _ask(
        ["config", "set", f"{_PROJECT}:{key}", "-s", stack, "--secret" if is_secret else "--plaintext"], value
    )


def set_generations(stack: str, changed: Generations) -> None:
    """Write the generations of some data volumes, and their database server: all at once or none of it.

    Pulumi writes into the file itself, which a kill would leave half written; so it gets a copy.
    """
    file = config_file(stack)
    copy = file.with_name(f".new.{file.name}")
    copy.write_bytes(file.read_bytes())
    pairs = [f"{_PROJECT}:{GENERATIONS}.{role}={number}" for role, number in changed.numbers.items()]
    pairs += [f"{_PROJECT}:{DATABASE}={changed.database}"] if changed.database else []
    values = [part for pair in pairs for part in ("--plaintext", pair)]
    _ask(["config", "set-all", "--path", "--config-file", str(copy), "-s", stack, *values])
    with copy.open("rb") as written:
        os.fsync(written.fileno())
    copy.replace(file)


def remove_config(stack: str, key: str) -> None:
    """Remove one configuration value."""
    _ask(["config", "rm", f"{_PROJECT}:{key}", "-s", stack])


def get_config(stack: str, key: str) -> str:
    """One configuration value, decrypted."""
    return _ask(["config", "get", f"{_PROJECT}:{key}", "-s", stack]).strip()


def opens(stack: str, passphrase: str) -> bool:
    """Whether a passphrase opens all secrets of a stack's configuration."""
    own = (_PASSPHRASE, f"{_PASSPHRASE}_FILE")
    kept = {key: value for key, value in os.environ.items() if key not in own}
    done = subprocess.run(
        ["pulumi", "config", "-s", stack, "--show-secrets", "--json", "--non-interactive"],
        cwd=root(), env=kept | {_PASSPHRASE: passphrase}, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def ensure_stack(stack: str) -> None:
    """Make the stack in the backend unless it is there."""
    if _kept_state(stack) is not None:
        return
    # Where its configuration exists, `init` would write a new salt: `select --create` keeps it.
    _ask(["stack", "select", stack, "--create", "--secrets-provider", "passphrase"])


def stacks() -> set[str]:
    """The stacks that the backend knows."""
    return {entry["name"] for entry in json.loads(_ask(["stack", "ls", "--json"]))}


def known_ids(stack: str) -> set[str]:
    """Ids of everything that the stack's state knows; a volume's id is its name."""
    state = _kept_state(stack)
    if state is None:
        state = json.loads(_ask(["stack", "export", "-s", stack]))["deployment"]
    return {resource["id"] for resource in state.get("resources") or [] if "id" in resource}


def remove_stack(stack: str) -> None:
    """Remove a stack whose resources are gone, with its configuration."""
    _ask(["stack", "rm", "--yes", "--force", "-s", stack])


def lift_dead_lock(stack: str) -> bool:
    """Lift the lock of an `up` that was killed on this machine; True when there was one.

    Raises:
        Trouble: a lock whose process still runs, or of another machine; nothing has been touched.
    """
    locks = list(_locks(stack))
    living = [lock for lock in locks if not _is_dead(lock)]
    if living:
        raise Trouble(
            f"stack {stack}: process {living[0].get('pid')} on {living[0].get('hostname')} works on it;"
            f" wait for its end, or if there is none: `pulumi cancel -s {stack}`",
            exit_code=NOT_WELL,
        )
    if locks:
        _ask(["cancel", "--yes", "-s", stack])
    return bool(locks)


def deploy(verb: str, stack: str, *options: str) -> dict[str, int]:
    """Run `pulumi up` or `pulumi destroy` and keep its output in .state/log/<stack>.log.

    Returns:
        How many resources were created, updated, replaced, deleted or stayed the same.

    Raises:
        Trouble: it failed (exit code 1) or was interrupted (130); the sentence is the cause, the log has all.
    """
    log = root() / ".state/log" / f"{stack}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = ["pulumi", verb, "-s", stack, "--yes", "--skip-preview", "--non-interactive", "--color=never"]
    with log.open("w") as output:
        code = _run([*command, *options], output)
    text = log.read_text(errors="replace")
    if code != 0:
        was_interrupted = re.search(_INTERRUPTED, text)
        raise Trouble(
            f"{_named(stack, cause(text, stack))} (all of it: {_shown(log)})",
            exit_code=INTERRUPTED if was_interrupted else NOT_WELL,
        )
    return dict(_counts(text))


def preview(stack: str) -> str:
    """What an `up` would do, compared with what really is (JSON, `pulumi preview --json`)."""
    return _ask(["preview", "-s", stack, "--refresh", "--json"])


def _run(command: list[str], output: TextIO) -> int:
    """Run to the end, whatever comes: a Pulumi that is killed leaves a lock and half a change."""
    try:
        process = subprocess.Popen(
            command, cwd=root(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    except FileNotFoundError:
        raise Trouble(_NO_PULUMI, exit_code=COULD_NOT_FIND_OUT) from None
    before = {
        # From a terminal Pulumi gets its own Ctrl-C; from anybody else it is passed on as one.
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT)),
    }
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_NO_PULUMI = "pulumi is not on PATH; run `toolchain/setup`, then `. ./activate`"


def _ask(arguments: list[str], given: str | None = None) -> str:
    try:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=root(), input=given or "", capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise Trouble(_NO_PULUMI, exit_code=COULD_NOT_FIND_OUT) from None
    if done.returncode != 0:
        stack = arguments[arguments.index("-s") + 1] if "-s" in arguments else arguments[-1]
        raise Trouble(_named(stack, cause(done.stderr + done.stdout, stack)), exit_code=NOT_WELL)
    return done.stdout


def _named(stack: str, sentence: str) -> str:
    return sentence if sentence.startswith(f"stack {stack}") else f"stack {stack}: {sentence}"


def cause(text: str, stack: str) -> str:
    """The one sentence that matters: our own, else what we know of Pulumi's, else the first error."""
    # A hook's name says nothing to people; a preview's JSON has its errors as strings.
    spoken = re.sub(r'before hook "[^"]*" failed: |\\n",$', "", text, flags=re.MULTILINE).replace('\\"', '"')
    found = re.findall(r'^\s*(?:"message": ")?error: (.+)$', spoken, re.MULTILINE)
    errors: list[str] = [line.strip() for line in found]
    ours = [line for line in errors if line.startswith(_OURS)]
    if ours:
        return ours[0]
    passphrase = os.environ.get(f"{_PASSPHRASE}_FILE", f"{_PASSPHRASE}_FILE")
    for pattern, hint in _HINTS.items():
        if re.search(pattern, text):
            return hint.format(stack=stack, passphrase=passphrase)
    telling = [line for line in errors if not line.startswith(_EMPTY)]
    return next(iter(telling or errors), "it failed without a word")


def _counts(text: str) -> Iterator[tuple[str, int]]:
    for sign, word in (("+", "created"), ("~", "updated"), ("+-", "replaced"), ("-", "deleted")):
        found = re.search(rf"^\s*{re.escape(sign)} ?(\d+) {word}$", text, re.MULTILINE)
        if found:
            yield word, int(found[1])


def _shown(path: Path) -> str:
    return str(path.relative_to(root()))


def _kept_state(stack: str) -> dict[str, Any] | None:
    """The state of a stack that a backend of plain files holds: to ask Pulumi takes a quarter of a second."""
    folder = state_folder()
    file = folder / f"stacks/{_PROJECT}/{stack}.json" if folder else None
    if file is None or not file.exists():
        return None
    try:
        kept: dict[str, Any] = json.loads(file.read_text())["checkpoint"]
        return kept.get("latest") or {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            f"{file}: should be the state that Pulumi wrote, cannot be read ({type(error).__name__});"
            f" put it back from {file.name}.bak beside it, or from a backup"
        ) from None


def _locks(stack: str) -> Iterator[dict[str, object]]:
    folder = state_folder()
    for file in folder.glob(f"locks/organization/{_PROJECT}/{stack}/*.json") if folder else ():
        # One that went meanwhile is none, and of one that cannot be read Pulumi itself says what to do.
        with suppress(OSError, ValueError):
            lock = json.loads(file.read_text())
            if isinstance(lock, dict):
                yield lock


def state_folder() -> Path | None:
    """The folder in which a backend of plain files keeps its state; None for another backend."""
    backend = os.environ.get("PULUMI_BACKEND_URL", "")
    return Path(backend.removeprefix("file://")) / ".pulumi" if backend.startswith("file://") else None


def _is_dead(lock: dict[str, object]) -> bool:
    if lock.get("hostname") != socket.gethostname():
        return False
    try:
        # One that has ended stays there until its parent has heard of it (proc_pid_stat(5): Z).
        told = Path(f"/proc/{lock.get('pid')}/stat").read_text()
    except OSError:
        return True
    return told.rpartition(")")[2].split()[0] == "Z"
