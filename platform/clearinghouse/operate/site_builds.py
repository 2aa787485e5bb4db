"""The builds of a partner's site that are on its host: which there are, which runs, which is gone back to."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import docker
import docker.errors

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL, connect, containers_of
from clearinghouse.errors import Trouble
from clearinghouse.installation import name
from clearinghouse.operate import pulumi
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.site_image import BUILD, BUILT, SITE, images_of

KEPT = 5
"""Builds of each partner that stay on its host."""


@dataclass(frozen=True, slots=True)
class Build:
    """A build of a site that is on its host.

    Attributes:
        digest: hash of what it was built from, 64 hexadecimal digits.
        built: when, in UTC.
        is_serving: whether it is what runs.
    """

    digest: str
    built: datetime
    is_serving: bool

    @property
    def date(self) -> str:
        """The date as people write it: `2027-01-31 09:05:00`."""
        return f"{self.built:%Y-%m-%d %H:%M:%S}"


def builds(host: Host, partner: Partner) -> list[Build]:
    """The builds of a partner's site on its host, the newest first.

    Raises:
        Trouble: the host's engine does not answer.
    """
    return on_host(connect(host), _looking(partner))


def on_host(client: docker.DockerClient, plan: Plan) -> list[Build]:
    """The same by the plan of the partner's stack."""
    serving = {
        container.attrs["Image"]
        for container in containers_of(client, plan.owner)
        if container.labels.get(f"{LABEL}.role") == "web"
    }
    found = [
        Build(image.labels[BUILD], datetime.fromisoformat(image.labels[BUILT]), image.id in serving)
        for image in images_of(client, plan)
        if image.tags
    ]
    return sorted(found, key=lambda build: (build.built, build.digest), reverse=True)


def chosen(found: Sequence[Build], date: str | None) -> Build:
    """The build to go back to.

    Args:
        found: the builds there are, the newest first.
        date: its date or the beginning of it, as `chm site builds` tells it; None: the one before what runs.

    Raises:
        Trouble: there is none, or more than one.
    """
    if date is None:
        return _before_what_runs(found)
    wanted = date.strip().replace("T", " ").removesuffix("Z")
    fitting = [build for build in found if wanted and build.date.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0]
    dates = ", ".join(build.date for build in fitting or found) or "none"
    if fitting:
        raise Trouble(f"{date}: more than one build is of that date, add the time: {dates}")
    raise Trouble(f"{date}: no build of that date is on the host; there is {dates} (UTC)")


def _before_what_runs(found: Sequence[Build]) -> Build:
    running = next((index for index, build in enumerate(found) if build.is_serving), None)
    if running is None:
        raise Trouble("no build runs, so none is before it; name a date, see `chm site builds`")
    if running + 1 >= len(found):
        raise Trouble("no build is older than what runs; see `chm site builds`")
    return found[running + 1]


def held(stack: str) -> object:
    """What a stack's configuration says of a build that was gone back to; None: the newest is to run."""
    return pulumi.configuration(stack).get(SITE)


def hold(stack: str, build: Build) -> None:
    """Let a build run, whatever the partner's information says, until it is released."""
    pulumi.set_config(stack, SITE, build.digest, is_secret=False)


def release(stack: str) -> None:
    """Let the newest run again."""
    if held(stack) is not None:
        pulumi.remove_config(stack, SITE)


def prune(client: docker.DockerClient, plan: Plan, kept: int = KEPT) -> None:
    """Remove builds from the host but for the newest ones, and what runs or is to run."""
    newest = {build.digest for build in on_host(client, plan)[:kept]}
    wanted = newest | {image.digest for image in plan.site_images}
    for image in images_of(client, plan):
        if not image.tags or image.labels[BUILD] not in wanted:
            # One that a container is made from stays: the engine refuses.
            with suppress(docker.errors.APIError):
                client.images.remove(str(image.id))


def _looking(partner: Partner) -> Plan:
    return Plan(
        partner.partner, partner.partner, partner.tier, partner.host, (), (), installation=name() or ""
    )


def told(plan: Plan, client: docker.DockerClient) -> str | None:
    """A sentence on a build that is held; None where the newest runs."""
    digest = held(plan.stack)
    if digest is None or not plan.site_images:
        return None
    date = next((build.date for build in on_host(client, plan) if build.digest == digest), str(digest)[:12])
    return f"held at the build of {date}; `chm site rollback {plan.stack} --newest` ends that"
