"""A partner's repository of backups, read from its volume on the host.

Restic runs in a container of its own that lives for the one command: without a network, and with the
repository mounted read-only. So it works while the partner is down, and asks nothing that the partner could
have changed.
"""

import io
import json
import os
import tarfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import Any

import docker
import docker.errors
from docker.types import LogConfig

from clearinghouse.engine import LABEL
from clearinghouse.errors import COULD_NOT_FIND_OUT, NOT_WELL, Trouble
from clearinghouse.operate import pulumi
from clearinghouse.operate.helper import PREPARES, Helper, HelperFailed
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.plan.backup import REPOSITORIES, REPOSITORY, UID
from clearinghouse.plan.installation import INSTALLATION
from clearinghouse.plan.plan import Plan, Secret
from clearinghouse.provision.images import image_ids
from clearinghouse.upkeep.restic import NONE, RESTORE, WRONG_PASSWORD, last_words, lines, literal

_IMAGE = "backup"
_FOLDER = "/tmp"
_PASSWORD_FILE = "repository-password"
_MEMORY = 1024 * 1024 * 1024
_RESTORED = "/restored"
_RESTORE = f"""
restic "${{@:2}}" --json --target {_RESTORED}
find {_RESTORED} -perm /7000 -exec chmod a-st {{}} + , ! "(" -uid "${{1%:*}}" -gid "${{1#*:}}" ")" \\
    -exec chown --no-dereference "$1" {{}} +
"""


class Readable(ABC):
    """What can be restored from."""

    @abstractmethod
    def stream(self, *command: str) -> Iterator[bytes]:
        """What restic writes, while it writes it; it has ended well when the last part was taken.

        Raises:
            Trouble: restic fails (exit code 1), or there is no repository yet.
        """

    def ask(self, *command: str) -> Any:
        """What restic answers to a command in JSON.

        Raises:
            Trouble: as `stream`.
        """
        return json.loads(b"".join(self.stream(*command, "--json")) or b"null")

    def ask_lines(self, *command: str) -> list[Any]:
        """The same for a command that answers with a JSON value on each line."""
        return [json.loads(line) for line in b"".join(self.stream(*command, "--json")).splitlines()]


class Copy(Readable):
    """A partner's copies at the second place, read by the upkeep of its host.

    Args:
        upkeep: that knows how to get in there.
        code: the partner's.
    """

    def __init__(self, upkeep: Upkeep, code: str) -> None:
        self._upkeep = upkeep
        self._code = code

    def stream(self, *command: str) -> Iterator[bytes]:
        """See `Readable`."""
        return self._upkeep.stream(self._code, *command)


class Repository(Readable):
    """The repository of one partner.

    Args:
        client: the engine of its host.
        plan: the partner's plan.

    Raises:
        Trouble: the partner has none, it is not on its host, or its password is not in the configuration.
    """

    def __init__(self, client: docker.DockerClient, plan: Plan) -> None:
        self._client = client
        self._plan = plan
        self._volume = self._find()
        self._image = image_ids({_IMAGE}, plan.host, client)[_IMAGE]
        password = _password_of(plan)
        if password not in pulumi.configuration(plan.stack):
            raise Trouble(
                f"stack {plan.stack}: stacks/Pulumi.{plan.stack}.yaml has no {password}, which opens its"
                " backups; put the file back from version control"
            )
        self._password = pulumi.get_config(plan.stack, password)

    def stream(self, *command: str) -> Iterator[bytes]:
        """See `Readable`."""
        helper = self._make(command)
        try:
            self._hand_over_password(helper)
            errors = bytearray()
            # Attached before it starts, so that nothing is lost; its log is none, for it may be gigabytes.
            parts = self._client.api.attach(helper, stdout=True, stderr=True, stream=True, demux=True)
            self._client.api.start(helper)
            for output, error in parts:
                errors += error or b""
                if output:
                    yield output
            code = int(self._client.api.wait(helper)["StatusCode"])
            if code:
                raise self._failed(code, errors.decode(errors="replace"))
        finally:
            self._client.api.remove_container(helper, force=True, v=True)

    def restore(self, snapshot: str, path: str, into: Path, tell: Callable[[int], None]) -> None:
        """Restore a path of a snapshot straight into a folder of this machine, whose own it is afterwards.

        Args:
            tell: is told how many bytes have come, at each part.

        Raises:
            NotHere: the engine is on another machine; nothing was done.
            Trouble: as `stream`.
        """
        own = f"{os.getuid()}:{os.getgid()}"
        only = ["--include", literal(path)] if path != "/" else []
        done = 0
        try:
            with Helper(
                self._client,
                self._plan.owner,
                self._image,
                ["bash", "-ec", _RESTORE, "restore", own, *self._where, *RESTORE, snapshot, *only],
                volumes={self._volume: f"{REPOSITORY}:ro"},
                folders={into: _RESTORED},
                env={"RESTIC_PROGRESS_FPS": "4"},
                capabilities=PREPARES,
            ) as helper:
                helper.put(_FOLDER, iter([self._password_archive()]))
                for told in lines(helper.run()):
                    came = int(told.get("bytes_restored", done))
                    tell(came - done)
                    done = came
        except HelperFailed as failed:
            raise self._failed(failed.code, failed.words) from None

    @property
    def _where(self) -> list[str]:
        """How restic is told which repository, and what opens it."""
        folder = f"{REPOSITORY}/{self._folder}{self._plan.owner}"
        return ["--repo", folder, "--password-file", f"{_FOLDER}/{_PASSWORD_FILE}", "--no-lock", "--no-cache"]

    @property
    def _folder(self) -> str:
        """Within the volume that holds all of a host's repositories each has its own folder."""
        return f"{self._plan.owner}/" if self._volume == REPOSITORIES else ""

    def _find(self) -> str:
        volume = next((each for each in self._plan.volumes if each.role == "repository"), None)
        if volume is None:
            raise no_data(self._plan)
        try:
            self._client.volumes.get(volume.name)
        except docker.errors.NotFound:
            raise Trouble(
                f"host {self._plan.host}: the repository {volume.name} is not there;"
                f" `chm up {self._plan.stack}` makes it",
                exit_code=COULD_NOT_FIND_OUT,
            ) from None
        return volume.name

    def _make(self, command: Sequence[str]) -> str:
        api = self._client.api
        made = api.create_container(
            self._image,
            [*self._where, *command],
            name=f"chm-{self._plan.owner}-restic-{token_hex(4)}",
            entrypoint=["restic"],
            user=f"{UID}:{UID}",
            network_disabled=True,
            labels={f"{LABEL}.helper": "restic"},
            host_config=api.create_host_config(
                binds=[f"{self._volume}:{REPOSITORY}:ro"],
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                network_mode="none",
                mem_limit=_MEMORY,
                pids_limit=128,
                init=True,
                log_config=LogConfig(type="none"),
            ),
        )
        return str(made["Id"])

    def _hand_over_password(self, helper: str) -> None:
        self._client.api.put_archive(helper, _FOLDER, self._password_archive())

    def _password_archive(self) -> bytes:
        """As a file that goes with the container: arguments and environment are shown by the engine."""
        with io.BytesIO() as buffer, closing(tarfile.open(fileobj=buffer, mode="w")) as archive:
            content = self._password.encode()
            info = tarfile.TarInfo(_PASSWORD_FILE)
            info.uid, info.gid, info.mode, info.size = UID, UID, 0o400, len(content)
            archive.addfile(info, io.BytesIO(content))
            archive.close()
            return buffer.getvalue()

    def _failed(self, code: int, errors: str) -> Trouble:
        stack = self._plan.stack
        if code == NONE:
            return Trouble(
                f"stack {stack}: the repository of {self._plan.owner} is not there; `{_maker(self._plan)}`"
                " makes it",
                exit_code=NOT_WELL,
            )
        if code == WRONG_PASSWORD:
            return Trouble(
                f"stack {stack}: the password in stacks/Pulumi.{stack}.yaml does not open its backups; put"
                " the file back from version control",
                exit_code=NOT_WELL,
            )
        return Trouble(
            f"stack {stack}: its backups: {last_words(errors) or f'exit code {code}'}", exit_code=NOT_WELL
        )


def name_of(plan: Plan) -> str:
    """What a plan's backups are called on the command line: `cd`, or `installation`."""
    return INSTALLATION if plan.tier == "host" else plan.owner


def _maker(plan: Plan) -> str:
    return f"chm backup now {INSTALLATION}" if plan.tier == "host" else f"chm up {plan.stack}"


def _password_of(plan: Plan) -> str:
    """The name of the secret that opens a repository."""
    files = {file.name: file.content for seed in plan.seeds for file in seed.files}
    secret = files["repository_password"]
    assert isinstance(secret, Secret)
    return secret.name


def no_data(plan: Plan) -> Trouble:
    """The refusal of a partner that has no backups."""
    if plan.tier == "standard-site":
        what = f"its site is built from stacks/{plan.stack}, and it has no data beside that"
    else:
        what = f"all of its data is excluded from backups in stacks/{plan.stack}.yaml"
    return Trouble(f"stack {plan.stack}: {what}")
