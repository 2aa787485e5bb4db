"""What goes wrong says in one clear line what to do, and nothing is lost."""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.lab import wait_until
from tests.lab.shell import in_namespace
from tests.live.installation import STATIC, Done, Installation
from tests.live.load import Load
from tests.live.test_zero_downtime import ECHO, URL

pytestmark = pytest.mark.live


def told(done: Done) -> str:
    """The one sentence with which Pulumi or chm ended; no traceback is beside it."""
    assert done.code != 0, done.output
    assert "Traceback" not in done.output
    lines = [re.sub(r"^\s*error: ", "", line) for line in done.output.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith(("host ", "stack "))), done.output)


def up(installation: Installation, stack: str) -> Done:
    """`pulumi up` as a script runs it."""
    return installation.activated(
        "pulumi", "up", "-s", stack, "--yes", "--skip-preview", "--non-interactive", "--color=never"
    )


@pytest.fixture
def engine_away(installation: Installation) -> Iterator[Installation]:
    installation.host.stop_engine()
    yield installation
    installation.host.start_engine()
    wait_until(lambda: installation.chm("status").code == 0, "all sites serve again", 120)


def test_an_engine_that_is_away_is_named_and_all_is_there_when_it_is_back(engine_away: Installation) -> None:
    expected = f"host local: no Docker engine answers at {engine_away.host.docker_host}; start it"
    assert told(up(engine_away, "xs")).startswith(expected)
    status = engine_away.chm("status")
    assert told(status).startswith(expected)
    assert status.code == 3


def test_a_port_that_is_taken_is_named_before_anything_changes(installation: Installation) -> None:
    installation.docker("rm", "--force", "chm-edge")
    installation.docker(
        "run", "--detach", "--name", "intruder", "--publish", f"{installation.host.ipv4}:443:443",
        "debian:bookworm-slim", "sleep", "600",
    )  # fmt: skip
    try:
        sentence = told(installation.chm("up", "host-local"))
    finally:
        installation.docker("rm", "--force", "intruder")
    assert f"port 443/tcp on {installation.host.ipv4} is taken" in sentence
    assert "stacks/hosts/local.yaml" in sentence
    installation.chm("up", "host-local").well()
    installation.chm("status").well()


def test_a_stack_without_secrets_says_how_to_make_them(installation: Installation) -> None:
    text = (installation.root / "stacks/cd.yaml").read_text()
    installation.declare("gh.yaml", text.replace("cd", "gh").replace("896M", "512M").replace("768M", "512M"))
    try:
        installation.activated("pulumi", "stack", "init", "gh").well()
        sentence = told(up(installation, "gh"))
        assert sentence.startswith("stack gh has no secret database-password, ")
        assert sentence.endswith("; run `chm secrets gh`")
        installation.chm("secrets", "gh").well()
        up(installation, "gh").well()
        installation.chm("down", "gh", "--delete-data").well()
    finally:
        (installation.root / "stacks/gh.yaml").unlink()


def test_an_up_that_is_killed_is_finished_by_the_next_one(installation: Installation) -> None:
    text = STATIC.read_text()
    installation.declare("tg.yaml", text.replace("xs", "tg"))
    installation.chm("secrets", "tg").well()
    _kill_once_it_makes(installation, "tg", "name=^chm-tg-prepare")
    locked = up(installation, "tg")
    assert "pulumi cancel" in locked.output
    told_by_chm = installation.chm("up", "tg").well()
    assert "lifted the lock of an `up` that was killed" in told_by_chm.output
    installation.preview("tg").well()
    installation.put("tg", {"index.html": "Togo"})
    assert installation.curl("https://tg.chm.localhost/").text == "Togo"
    webs = installation.docker("ps", "--all", "--quiet", "--filter", "name=chm-tg-web-[0-9a-f]{7}$")
    assert len(webs.split()) == 1
    installation.chm("down", "tg", "--delete-data").well()
    (installation.root / "stacks/tg.yaml").unlink()


def test_a_host_that_is_not_ready_says_what_comes_first(installation: Installation) -> None:
    beta = installation.lab["beta"]
    host = (installation.root / "stacks/hosts/local.yaml").read_text().replace("host: local", "host: beta")
    installation.declare("hosts/beta.yaml", f"{host}\ndocker: {beta.docker_host}\n")
    partner = STATIC.read_text().replace("xs", "ml")
    installation.declare("ml.yaml", partner.replace("host: local", "host: beta"))
    try:
        assert told(installation.chm("up", "ml")).startswith(
            "stack ml: host beta is not prepared; run `chm host prepare beta`"
        )
        installation.chm("host", "prepare", "beta").well()
        assert "host beta has no edge network chm-edge; run `chm up host-beta` first" in told(
            installation.chm("up", "ml")
        )
    finally:
        (installation.root / "stacks/ml.yaml").unlink()
        (installation.root / "stacks/hosts/beta.yaml").unlink()


def test_a_site_serves_on_when_an_up_is_killed_after_the_new_web_took_over(
    installation: Installation,
) -> None:
    installation.put("cd", {"echo.php": ECHO})
    file = installation.root / "stacks/cd.yaml"
    text = file.read_text()
    file.write_text(re.sub(r"(domains:\n.*\n)", r"\1  - killed.cd.chm.localhost\n", text, count=1))
    try:
        _kill_once_it_makes(installation, "cd", "label=be.clearinghouse.role=drain")
    finally:
        file.write_text(text)
    # Nothing is to change any more, and the web that the state knows is out of service.
    with Load(installation, URL) as load:
        installation.chm("up", "cd").well()
    assert not load.failures, load.failures[:20]
    own = [f"--filter=label=be.clearinghouse.{label}" for label in ("owner=cd", "role=web")]
    assert len(installation.docker("ps", "--all", "--quiet", *own).split()) == 1
    assert installation.curl(URL).text == "read"


def _kill_once_it_makes(installation: Installation, stack: str, container: str) -> None:
    """Start an `up` and end it with kill -9 as soon as a container that a filter finds is there."""
    command = f". ./activate && exec {shlex.join(['pulumi', 'up', '-s', stack, '--yes', '--skip-preview'])}"
    process = subprocess.Popen(
        in_namespace(installation.host.machine.namespace, ["bash", "-c", command]),
        cwd=installation.root,
        env=installation.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(
            lambda: bool(installation.docker("ps", "--all", "--quiet", "--filter", container)),
            f"{container} is being made",
            60,
        )
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
