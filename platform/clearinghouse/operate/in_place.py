"""Restoring a backup where the site is: into new generations of its volumes, which then take over."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import docker

from clearinghouse.declare.load import Declaration
from clearinghouse.errors import INTERRUPTED, NOT_WELL, Trouble
from clearinghouse.operate import pulumi, stacks
from clearinghouse.operate.contents import DATABASE, Share, is_below, restorable, shares
from clearinghouse.operate.filling import Filled, Filling, Tell, Where
from clearinghouse.operate.generations import let_go, remove
from clearinghouse.operate.helper import alone, lease_of_restore
from clearinghouse.operate.repository import Readable, no_data
from clearinghouse.operate.status import fault_of_answer, fault_of_containers
from clearinghouse.operate.unpacking import clean
from clearinghouse.operate.writers import paused
from clearinghouse.plan.generations import Generations
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.generations import check_generations, newer
from clearinghouse.provision.images import image_ids
from clearinghouse.upkeep.runs import Run

_PATIENCE = 60
"""Seconds for a site to answer with what is restored."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored.

    Attributes:
        volumes: those whose next generation is filled, as they are now, by where a backup has them.
        within: where only one path is wanted, the volume that has it.
        path: that path.
    """

    volumes: Mapping[str, Volume]
    within: Volume | None = None
    path: str = ""


def wanted(plan: Plan, path: str | None) -> Wanted:
    """What a path of a backup means in place: whole volumes, or one file or folder within one.

    Raises:
        Trouble: the partner has no data, the path is in no volume, or it holds others.
    """
    there = restorable(plan)
    if not there:
        raise no_data(plan)
    if path is None:
        return Wanted(there)
    path = clean(path)
    if whole := {each: volume for each, volume in there.items() if each == path or is_below(each, path)}:
        if path not in whole:
            raise Trouble(
                f"{path}: parts of it lie in volumes of their own; name {', '.join(whole)}, or others"
            )
        return Wanted(whole)
    above = [each for each in there if is_below(path, each)]
    if not above:
        raise Trouble(f"{path}: should be one of {', '.join(there)}, or in one of them")
    return Wanted({}, there[max(above, key=len)], path)


class InPlace:
    """A restore of one partner's data where it is; nobody else restores it meanwhile.

    Args:
        client: the engine of its host.
        declaration: all that is declared.
        code: the partner's.
        where: which place it is taken from.
    """

    def __init__(
        self, client: docker.DockerClient, declaration: Declaration, code: str, *, where: Where
    ) -> None:
        self._client = client
        self._declaration = declaration
        self._code = code
        self._where = where
        self.plan, self._host = stacks.plan_of(declaration, code)
        self._before = _generations(self.plan)
        self._configured = stacks.generations(code)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While it is at work; what one that was killed left goes first.

        Raises:
            Trouble: another one is at work, or the configuration is of before another one.
        """
        image = image_ids({"upkeep"}, self.plan.host, self._client)["upkeep"]
        with alone(self._client, self._code, image, lease_of_restore(self._code)):
            check_generations(self.plan, self._client)
            remove(self._client, self.plan, newer(self._client, self.plan))
            try:
                yield
            except KeyboardInterrupt:
                is_as_before = stacks.generations(self._code) == self._configured
                now = "has the data that it had" if is_as_before else "has its new data"
                raise Trouble(f"interrupted; the site of {self._code} {now}", exit_code=INTERRUPTED) from None

    def fill(
        self, run: Run, repository: Readable, wanted: Wanted, tell: Tell, *, database: str = ""
    ) -> tuple[Filled, Plan]:
        """Fill the next generation of what is wanted, as far as the backup has anything of it.

        Args:
            database: the server of the new generation of a database; the one in use where none is named.

        Returns:
            What came, and the plan with the new generations.

        Raises:
            Trouble: the site is as it was, and what had been made is gone.
        """
        there = shares(run, repository, wanted.volumes)
        if not there:
            raise Trouble(
                f"stack {self._code}: {run.id} has nothing of {', '.join(wanted.volumes)}", exit_code=NOT_WELL
            )
        roles = {wanted.volumes[path].role: path for path in there}
        plan = self.planned({role: self._before.numbers[role] + 1 for role in roles}, database)
        new = {volume: roles[volume.role] for volume in plan.volumes if volume.role in roles}
        try:
            return self._filled(run, plan, new, there, tell), plan
        except BaseException:
            remove(self._client, plan, tuple(new))
            raise

    def _filled(
        self, run: Run, plan: Plan, new: Mapping[Volume, str], there: Mapping[str, Share], tell: Tell
    ) -> Filled:
        filling = Filling(self._client, plan, new, where=self._where, code=self._code, tell=tell)
        filled = filling.fill(run, {volume: there[path] for volume, path in new.items()})
        if filled.differences:
            raise Trouble(
                f"stack {self._code}: what was filled is not what the backup has:"
                f" {', '.join(filled.differences)}; the site is as it was",
                exit_code=NOT_WELL,
            )
        return filled

    def take_over(self, plan: Plan) -> str:
        """Let the site use the new generations; where it is not well with them, those before again.

        Returns:
            What `up` told.

        Raises:
            Trouble: it was not well; it has the data that it had.
        """
        after = _generations(plan)
        # Whoever is killed in there leaves nobody who writes into what the next `up` takes out of use.
        with paused(self._client, self._code):
            try:
                let_go(self._client, plan)
                pulumi.set_generations(self._code, after.but(self._before))
                told = stacks.up(self._declaration, self._code)
                self._wait_until_well()
            except Trouble as trouble:
                self._go_back(after)
                why = "interrupted" if trouble.exit_code == INTERRUPTED else trouble
                raise Trouble(
                    f"{why}; so the site has its data of before again", exit_code=trouble.exit_code
                ) from None
            except BaseException:
                self._go_back(after)
                raise
        return told

    def _go_back(self, after: Generations) -> None:
        with _uninterrupted():
            let_go(self._client, self.plan)
            pulumi.set_generations(self._code, self._before.but(after))
            stacks.up(self._declaration, self._code)
            remove(self._client, self.plan, newer(self._client, self.plan))

    def put_back(self, run: Run, repository: Readable, wanted: Wanted) -> Share:
        """Put one file or folder back into the volume that it belongs to, while the site runs.

        Raises:
            Trouble: it is not in the backup, or could not be restored; what was there is there.
        """
        assert wanted.within
        snapshot = next(each for each in run.snapshots if each.part == "files")
        share = shares(run, repository, {wanted.path: wanted.within}).get(wanted.path)
        if share is None:
            raise Trouble(
                f"{wanted.path} is not in {run.id}; `chm backup list {self._code}` shows the others"
            )
        paths = {volume: path for path, volume in restorable(self.plan).items() if volume == wanted.within}
        filling = Filling(
            self._client, self.plan, paths, where=self._where, code=self._code, tell=lambda *_: None
        )
        try:
            filling.put_back(snapshot, wanted.path, wanted.within)
        except KeyboardInterrupt:
            raise Trouble(
                f"interrupted; {wanted.path} is as it was, or as in {run.id}", exit_code=INTERRUPTED
            ) from None
        return share

    def planned(self, numbers: Mapping[str, int], database: str = "") -> Plan:
        """The plan of the site with other generations of some volumes, by role.

        Args:
            database: the server of the database; the one in use where none is named.
        """
        partner = self._declaration.partners[self._code]
        generations = Generations({**self._before.numbers, **numbers}, database or self._before.database)
        return replace(plan_partner(partner, self._host, generations), installation=self.plan.installation)

    def _wait_until_well(self) -> None:
        partner = self._declaration.partners[self._code]
        end = time.monotonic() + _PATIENCE
        while fault := fault_of_containers(partner, self._host) or fault_of_answer(partner, self._host):
            if time.monotonic() > end:
                raise Trouble(f"stack {self._code}: with its new data it {fault}", exit_code=NOT_WELL)
            time.sleep(0.5)


def _generations(plan: Plan) -> Generations:
    servers = [str(container.image) for container in plan.containers if container.role == DATABASE]
    return Generations({volume.role: volume.generation for volume in plan.volumes}, "".join(servers))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """While what was begun is undone, Ctrl-C is not heard."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
