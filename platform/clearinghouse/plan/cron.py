"""The partner's jobs: commands that run at times in the app's image, as the app has it."""

from dataclasses import replace

from clearinghouse.declare.partner import Site
from clearinghouse.plan.app import TOOLS, app
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.plan import Container, File, Mount, Seed
from clearinghouse.plan.site_files import OWNER

HEALTH = ("/tools/busybox", "pidof", "supercronic")


def cron(basis: Basis) -> Container:
    """The cron container of a partner: what app may and may not holds for it too.

    It is replaced old one first, so that a job never runs in two containers at a time; and after app, so
    that the old one stays where a new app does not get well.
    """
    model = app(basis)
    jobs = Seed("cron-config", (File("crontab", crontab(basis.site)),), owner=OWNER)
    return replace(
        model,
        role="cron",
        networks=tuple(replace(attachment, aliases=()) for attachment in model.networks),
        mounts=tuple(dict.fromkeys((*model.mounts, TOOLS, Mount(jobs, "/cron")))),
        memory=basis.memory("cron"),
        temporary=64 * 1024 * 1024,
        command=("/tools/cron",),
        is_entry_point=True,
        health=HEALTH,
        replacement="delete-first",
        after=("app",),
    )


def crontab(site: Site) -> str:
    """The jobs as supercronic reads them.

    All seven fields are written, seconds first and years last: from five it would take the first word
    of a command for a year where that can be one.
    """
    shell = "/tools/sh" if site.runtime == "image" else "/bin/sh"
    jobs = (f"0 {job.schedule} * {job.command}" for job in site.cron)
    return "\n".join(["# Made from the partner's declaration.", f"SHELL={shell}", "CRON_TZ=UTC", *jobs, ""])
