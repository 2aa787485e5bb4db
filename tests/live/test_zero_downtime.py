"""A hundred requests a second, half of them POST, while a partner's containers are replaced: none fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.live.installation import Done, Installation
from tests.live.load import Load

pytestmark = pytest.mark.live

ECHO = """<?php
echo $_SERVER['REQUEST_METHOD'] === 'POST' ? file_get_contents('php://input') : 'read';"""
URL = "https://cd.chm.localhost/echo.php"
WEB = "platform/clearinghouse/plan/web.py"
ROLE = '        role="web",\n'
CADDY = "exec /usr/bin/caddy run --adapter caddyfile --config"


@pytest.fixture(scope="module")
def site(installation: Installation) -> Installation:
    installation.put("cd", {"echo.php": ECHO})
    return installation


@contextmanager
def changed(site: Installation, path: str, old: str, new: str) -> Iterator[None]:
    """A file of the installation with something else in it."""
    file = site.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    try:
        yield
    finally:
        file.write_text(text)


def up_under_load(site: Installation, *stacks: str) -> tuple[Done, Load]:
    """Bring stacks up, one after the other, while visitors come."""
    with Load(site, URL) as load:
        done = [site.chm("up", stack) for stack in stacks]
    return done[-1], load


def check(load: Load) -> None:
    """Nobody noticed; and there really were a hundred a second."""
    assert not load.failures, load.failures[:20]
    assert abs(load.count("GET") - load.count("POST")) <= 1
    assert load.rate > 90


def others(site: Installation) -> dict[str, str]:
    """When each running container that is not of cd was started."""
    own = site.containers("cd").values()
    names = [name for name in site.docker("ps", "--format", "{{.Names}}").split() if name not in own]
    started = site.docker("inspect", "-f", "{{.State.StartedAt}}", *names).split()
    return dict(zip(names, started, strict=True))


def webs(site: Installation) -> list[str]:
    """The names of all webs of cd, running or not."""
    filters = [f"--filter=label=be.clearinghouse.{label}" for label in ("owner=cd", "role=web")]
    return site.docker("ps", "--all", "--format", "{{.Names}}", *filters).split()


def test_no_request_fails_while_web_is_replaced_and_nobody_else_is_touched(site: Installation) -> None:
    before, neighbours = site.containers("cd"), others(site)
    domain = "  - www.cd.chm.localhost\n"
    with changed(site, "stacks/cd.yaml", domain, f"{domain}  - chm.cd.chm.localhost\n"):
        done, load = up_under_load(site, "cd")
    done.well()
    check(load)
    after = site.containers("cd")
    assert after["web"] != before["web"]
    assert after["app"] == before["app"]
    assert others(site) == neighbours


def test_no_request_fails_while_the_php_image_changes(site: Installation) -> None:
    before = site.containers("cd")
    with changed(site, "platform/images/php/hardened.ini", "; What may", "; Another image. What may"):
        site.chm("up", "host-local").well()
        done, load = up_under_load(site, "cd")
    done.well()
    check(load)
    assert site.containers("cd")["app"] != before["app"]


def test_no_request_fails_while_a_new_web_is_slow_to_start(site: Installation) -> None:
    before = site.containers("cd")["web"]
    slow = f'command=("/bin/sh", "-c", "sleep 8; {CADDY} /config/Caddyfile"),'
    with changed(site, WEB, ROLE, f"{ROLE}        {slow}\n"):
        done, load = up_under_load(site, "cd")
    done.well()
    check(load)
    assert webs(site) == [site.containers("cd")["web"]]
    assert webs(site) != [before]


def test_a_web_that_never_gets_healthy_leaves_the_old_one_serving(site: Installation) -> None:
    before = site.containers("cd")["web"]
    broken = f'command=("/bin/sh", "-c", "{CADDY} /config/missing"),'
    with changed(site, WEB, ROLE, f"{ROLE}        {broken}\n"):
        done, load = up_under_load(site, "cd")
    assert done.code == 1
    assert "stack cd: chm-cd-web-" in done.output
    assert "did not get healthy (the one before it goes on serving); it said last: " in done.output
    assert "/config/missing: no such file" in done.output
    assert "Traceback" not in done.output
    check(load)
    assert webs(site) == [before]
    done, load = up_under_load(site, "cd")
    done.well()
    check(load)
    assert webs(site) == [site.containers("cd")["web"]]
    site.preview("cd").well()
