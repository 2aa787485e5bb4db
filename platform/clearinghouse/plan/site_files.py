"""Where a host-only site's files lie: one volume of code, and one for each path that PHP may write."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from clearinghouse.declare.partner import Partner, Site
from clearinghouse.plan.names import data_volume
from clearinghouse.plan.plan import SITE_GROUP, Directory, Mount

ROOT = "/site"
OWNER = 2002
"""Uid that owns all of a site's files, and that access, app and web run as: what each may change follows from
its mounts (docs/adr/0007)."""


def site_mounts(owner: str, site: Site, generations: Mapping[str, int]) -> tuple[Mount, ...]:
    """The site's mounts as PHP has them: code read-only, writable paths below it.

    Args:
        owner: the partner's code.
        generations: the generation of each data volume, by role.
    """
    code = Mount(data_volume(owner, "site", generations), ROOT)
    return (
        code,
        *(
            Mount(data_volume(owner, writable_role(path), generations), f"{ROOT}/{path}", is_read_only=False)
            for path in site.writable
        ),
    )


def read_only(mounts: tuple[Mount, ...]) -> tuple[Mount, ...]:
    """The same mounts for one who only reads: web."""
    return tuple(replace(mount, is_read_only=True) for mount in mounts)


def writable(mounts: tuple[Mount, ...]) -> tuple[Mount, ...]:
    """The same mounts for one who changes everything: access, prepare, `chm put`."""
    return tuple(replace(mount, is_read_only=False) for mount in mounts)


def site_directories(site: Site) -> tuple[Directory, ...]:
    """The directories that the volumes need, parents first; a set group id hands the group down."""
    parents = {
        str(parent): None
        for path in site.writable
        for parent in reversed(PurePosixPath(path).parents)
        if str(parent) != "."
    }
    return (
        Directory(ROOT, OWNER, SITE_GROUP, "2750"),
        *(Directory(f"{ROOT}/{parent}", OWNER, SITE_GROUP, "2750") for parent in parents),
        *(Directory(f"{ROOT}/{path}", OWNER, SITE_GROUP, "2770") for path in site.writable),
    )


def excluded(partner: Partner) -> frozenset[str]:
    """The roles of the data volumes that are declared not to be backed up."""
    writable = {f"site/{path}": writable_role(path) for path in partner.site.writable} if partner.site else {}
    return frozenset(writable.get(each.data, each.data) for each in partner.backup.exclude)


def writable_role(path: str) -> str:
    """The role of a writable path's volume, such as `writable-wp-content-uploads-9f1c2a`.

    The hash keeps paths apart that are spelt alike (`a/b`, `a-b`, `A-b`), and the first word keeps
    them apart from the platform's own roles.
    """
    spelt = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
    return f"writable-{spelt}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"
