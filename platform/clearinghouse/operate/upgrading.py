"""A new major version of a partner's database server: which, and the way back."""

import docker

from clearinghouse.errors import Trouble
from clearinghouse.operate.contents import DATABASE, restorable
from clearinghouse.operate.database_server import container_of
from clearinghouse.operate.helper import Helper
from clearinghouse.operate.in_place import Wanted
from clearinghouse.plan.backup import DUMP
from clearinghouse.plan.database import kind_of, made_by, servers, title
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.provision.generations import older
from clearinghouse.provision.images import image_ids

_OLD = "/old"


def data_of(plan: Plan) -> Wanted:
    """The database alone, as what a restore fills.

    Raises:
        Trouble: there is none, or it is not backed up.
    """
    if not any(volume.role == DATABASE for volume in plan.volumes):
        raise Trouble(f"stack {plan.stack}: it has no database")
    dump = f"/{DUMP}"
    there = restorable(plan)
    if dump not in there:
        raise Trouble(
            f"stack {plan.stack}: its database is not backed up, so nothing can go over; take it out of"
            f" backup/exclude in stacks/{plan.stack}.yaml"
        )
    return Wanted({dump: there[dump]})


def newest(plan: Plan) -> str:
    """The newest server of the kind that a partner has.

    Raises:
        Trouble: the partner has it.
    """
    now = str(container_of(plan).image)
    newest = servers(kind_of(now))[-1]
    if newest == now:
        raise Trouble(f"stack {plan.stack}: its database is {title(now)}, the newest that the platform has")
    return newest


def before(client: docker.DockerClient, plan: Plan) -> tuple[Volume, str]:
    """The generation of a database that the one in use took over from, and the server that its data is of.

    Raises:
        Trouble: it is not there any more, or it is of the same server.
    """
    found = [volume for volume in older(client, plan) if volume.role == DATABASE]
    if not found:
        raise Trouble(
            f"stack {plan.stack}: no database of before an upgrade is there: it was never upgraded, or a"
            " drill has passed since"
        )
    volume = max(found, key=lambda each: each.generation)
    server = _server_of(client, plan, volume)
    if server == container_of(plan).image:
        raise Trouble(
            f"stack {plan.stack}: {volume.name} is of {title(server)} too, for a restore took over from it;"
            f" `chm restore {plan.stack} --in-place` gives what you choose"
        )
    return volume, server


def _server_of(client: docker.DockerClient, plan: Plan, volume: Volume) -> str:
    kind = kind_of(str(container_of(plan).image))
    image = image_ids({"web"}, plan.host, client)["web"]
    command = ["sh", "-c", f"cat {_OLD}/data/{made_by(kind)} 2>/dev/null || :"]
    volumes = {volume.name: f"{_OLD}:ro"}
    with Helper(
        client, plan.owner, image, command, volumes=volumes, capabilities=("DAC_OVERRIDE",)
    ) as helper:
        version = b"".join(helper.run()).decode().strip()
    return f"{kind}-{version}" if version else servers(kind)[0]
