"""Trying a partner's backup: restored from it alone, and served where nobody else sees it."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docker
import docker.errors

from clearinghouse.declare.host import Host
from clearinghouse.declare.load import Declaration, declare
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL, connect, containers_of
from clearinghouse.errors import INTERRUPTED, NOT_WELL, Trouble
from clearinghouse.installation import name, root
from clearinghouse.operate import backups, pulumi, restoring, secrets, stacks
from clearinghouse.operate.contents import Share, restorable, shares
from clearinghouse.operate.evidence import Assertion, Evidence
from clearinghouse.operate.filling import Filled, Filling, Tell, Where
from clearinghouse.operate.helper import Helper, alone
from clearinghouse.operate.repository import Copy, Readable, Repository
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.plan.drill import drill_of, pages, plan_drill
from clearinghouse.plan.generations import DATABASE as DATABASE_SERVER
from clearinghouse.plan.installation import FILES, owner, plan_installation
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.images import image_ids
from clearinghouse.upkeep.runs import Run
from clearinghouse.upkeep.tally import Rows

AS_HASHED = "as hashed in the backup"
_SITES = ".state/sites"


class Drill:
    """A drill of one partner.

    Args:
        client: the engine of its host.
        declaration: all that is declared.
        code: the partner's.
        where: which place the backup is taken from.
        tell: is told of progress.
        database: the server that its data is tried with; the one that it is of where none is named.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        declaration: Declaration,
        code: str,
        *,
        where: Where,
        tell: Tell,
        database: str = "",
    ) -> None:
        self._client = client
        self._declaration = declaration
        self._code = code
        self._where: Where = where
        self._tell = tell
        self._live, self._host = stacks.plan_of(declaration, code)
        self._partner = declaration.partners[code]
        self._database = database or stacks.generations(code).database
        self._seconds: dict[str, float] = {}
        self._assertions: list[Assertion] = []
        self._run: Run | None = None

    def run(self) -> Evidence:
        """Do it; nothing of it is left afterwards.

        Returns:
            What was found, also where something put an end to it.

        Raises:
            Trouble: another one is at work, or what was made cannot be removed.
        """
        began = datetime.now(UTC)
        image = image_ids({"upkeep"}, self._host.host, self._client)["upkeep"]
        trouble = ""
        with alone(self._client, drill_of(self._code), image, f"chm-{drill_of(self._code)}-lease"):
            self._clear()
            try:
                self._try()
            except Trouble as met:
                trouble = str(met)
            except KeyboardInterrupt:
                raise Trouble(
                    f"interrupted; nothing is left of the drill of {self._code}", exit_code=INTERRUPTED
                ) from None
            finally:
                self._clear()
        return Evidence(
            partner=self._code,
            tier=self._partner.tier,
            host=self._host.host,
            began=began,
            place=self._where,
            run=self._run.id if self._run else "",
            run_began=self._run.began if self._run else None,
            seconds=self._seconds,
            assertions=tuple(self._assertions),
            trouble=trouble,
        )

    def _try(self) -> None:
        plan = self._restore()
        with self._phase("start"):
            secrets.make_missing(plan)
            pulumi.deploy("up", plan.stack)
        with self._phase("pages"):
            self._look(plan)

    @contextmanager
    def _phase(self, what: str) -> Iterator[None]:
        self._tell(what, 0, 0)
        started = time.monotonic()
        try:
            yield
        finally:
            self._seconds[what] = time.monotonic() - started

    def _restore(self) -> Plan:
        if self._partner.site is None:
            return self._rebuild()
        place = self._place(self._live)
        run = self._run = backups.chosen(backups.runs(place), None, self._code)
        plan = self._planned()
        with self._phase("restore"):
            self._fill(plan, run, place)
        if self._database:
            pulumi.ensure_stack(plan.stack)
            pulumi.set_config(plan.stack, DATABASE_SERVER, self._database, is_secret=False)
        return plan

    def _place(self, plan: Plan) -> Readable:
        if self._where == "second":
            return Copy(Upkeep(self._client, plan.host), plan.owner)
        return Repository(self._client, plan)

    def _fill(self, plan: Plan, run: Run, place: Readable) -> None:
        roles = {volume.role: path for path, volume in restorable(self._live).items()}
        there = {volume: roles[volume.role] for volume in plan.volumes if volume.role in roles}
        found = shares(run, place, dict.fromkeys(there.values()))
        filling = Filling(self._client, plan, there, where=self._where, code=self._code, tell=self._tell)
        filled = filling.fill(run, {volume: found.get(path, Share()) for volume, path in there.items()})
        self._assertions += _held(filled)

    def _rebuild(self) -> Plan:
        """A site that the platform builds is built from what the installation's backup has of it."""
        place = self._place(plan_installation(self._host))
        run = self._run = backups.chosen(backups.runs(place), None, "installation")
        with self._phase("restore"), tempfile.TemporaryDirectory(prefix="drill-") as folder:
            count = restoring.restore(place, run, Path(folder) / "restored", None, lambda _: None)
            self._assert(f"{count} files of the installation", AS_HASHED, AS_HASHED)
            build = self._build(Path(folder) / "restored" / FILES.lstrip("/"))
        plan = self._planned(build)
        secrets.make_missing(plan)
        pulumi.set_config(plan.stack, "site", build, is_secret=False)
        return plan

    def _build(self, restored: Path) -> str:
        # The generator's libraries are not for every command.
        from clearinghouse.site.build import build

        found = declare(restored / "stacks")
        own = [str(problem) for problem in found.problems if problem.file.stem == self._code]
        if own or self._code not in found.partners:
            raise Trouble(
                f"stack {self._code}: what the backup {self._run and self._run.id} has of it cannot be built:"
                f" {'; '.join(own) or f'stacks/{self._code}.yaml is not in it'}",
                exit_code=NOT_WELL,
            )
        self._partner = found.partners[self._code]
        # The platform's own part of it comes with the checkout.
        (restored / "site_templates").symlink_to(root() / "site_templates")
        made = build(restored, self._partner)
        kept = root() / _SITES / self._code / made.name
        if not kept.exists():
            shutil.copytree(made, kept)
        return made.name

    def _planned(self, build: str = "") -> Plan:
        return replace(
            plan_drill(self._partner, self._host, build=build, database=self._database),
            installation=name() or "",
        )

    def _look(self, plan: Plan) -> None:
        web = next(
            each
            for each in containers_of(self._client, plan.owner)
            if each.labels.get(f"{LABEL}.role") == "web"
        )
        (network,) = plan.networks
        address = web.attrs["NetworkSettings"]["Networks"][network.name]["IPAddress"]
        image = image_ids({"upkeep"}, plan.host, self._client)["upkeep"]
        for page in pages(self._partner):
            command = ["upkeep", "page", address, self._partner.canonical, page.path]
            with Helper(self._client, plan.owner, image, command, beside=str(web.id)) as helper:
                told = json.loads(b"".join(helper.run()))
            self._assert(f"page {page.path}", "200", str(told["status"] or told["body"]))
            if page.text:
                found = page.text if page.text in told["body"] else "a page without it"
                self._assert(f"text of {page.path}", page.text, found)

    def _assert(self, what: str, wanted: str, found: str) -> None:
        self._assertions.append(Assertion(what, wanted, found, found == wanted))

    def _clear(self) -> None:
        """Nothing of a drill outlives it, and nothing of one that was killed, which no state may know."""
        stack = drill_of(self._code)
        for container in containers_of(self._client, stack):
            if container.labels.get(f"{LABEL}.helper") is None:
                container.remove(force=True, v=True)
        filters = {"label": f"{LABEL}.owner={stack}"}
        for network in self._client.networks.list(filters=filters):
            network.remove()
        for volume in self._client.volumes.list(filters=filters):
            volume.remove()
        if stack in pulumi.stacks():
            pulumi.lift_dead_lock(stack)
            pulumi.remove_stack(stack)


def has_backup(partner: Partner, host: Host) -> bool:
    """Whether upkeep knows of a backup of a partner that is done, or of the installation for a built site.

    Raises:
        Trouble: the host has no upkeep.
    """
    kept = Upkeep(connect(host), host.host).kept()
    mine = kept.get(partner.partner if partner.site else owner(host.host))
    return mine is not None and mine.done is not None


def _held(filled: Filled) -> Iterator[Assertion]:
    """What restic has read back, and each table of the database beside the dump."""
    if filled.files.files:
        yield Assertion(f"{filled.files.files} files", AS_HASHED, AS_HASHED, holds=True)
    for table in sorted({*filled.wanted, *filled.found}):
        wanted, found = filled.wanted.get(table), filled.found.get(table)
        yield Assertion(f"table {table}", _rows(wanted), _rows(found), wanted == found)


def _rows(rows: Rows | None) -> str:
    if rows is None:
        return "none"
    return f"{rows.count} row{'s' if rows.count != 1 else ''}, SHA-256 sum {rows.digest[:16]}"
