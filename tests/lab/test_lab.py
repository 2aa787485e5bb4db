"""The lab itself: what the live tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import Host, Lab, LabTrouble, Unanswered, wait_until

pytestmark = pytest.mark.live

SITE = "http://site.example:8080/"
LAB = {"name": "chm-try", "ipv4": "10.79.1.0/24", "ipv6": "fd79:1::/64"}


def trial_lab() -> Lab:
    """Its own name and addresses, so that a lab of other tests may run beside it."""
    return Lab("alpha", "beta", **LAB)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with trial_lab() as lab:
        for host in lab:
            host.fetch_base_image()
        yield lab


@pytest.fixture
def site(lab: Lab) -> Iterator[Host]:
    """A host that publishes a container's port; the container comes back when the engine does."""
    alpha = lab["alpha"]
    alpha.docker("network", "create", "--ipv6", "--subnet", "fd00:77::/64", "public")
    program = Path(__file__).with_name("server.pl").read_text()
    options = ("--detach", "--init", "--restart", "always", "--network", "public", "--publish", "8080:8080")
    container = alpha.docker("run", *options, "debian:bookworm-slim", "perl", "-e", program)
    wait_until(lambda: answers(lab), "an answer of the container", 10)
    yield alpha
    alpha.docker("rm", "--force", container)
    alpha.docker("network", "rm", "public")


def answers(lab: Lab) -> bool:
    try:
        return lab.client.curl(SITE, at=lab["alpha"].ipv4, timeout=2).status == 200
    except Unanswered:
        return False


def test_requests_come_from_the_clients_own_addresses(lab: Lab, site: Host) -> None:
    reply = lab.client.curl(SITE, at=site.ipv4)
    assert (reply.status, reply.text, reply.http_version) == (200, "hello", "1.1")
    assert reply.remote == site.ipv4
    assert reply.headers["x-peer"] == f"::ffff:{lab.client.ipv4}"
    assert lab.client.curl(SITE, at=site.ipv6).headers["x-peer"] == lab.client.ipv6


def test_hosts_reach_each_other_and_have_engines_of_their_own(lab: Lab, site: Host) -> None:
    beta = lab["beta"]
    assert beta.machine.run("curl", "-s", f"http://{site.ipv4}:8080/") == "hello"
    assert site.docker("ps", "--quiet")
    assert not beta.docker("ps", "--quiet")


def test_containers_come_back_with_their_engine(lab: Lab, site: Host) -> None:
    for end in (site.stop_engine, site.kill_engine):
        end()
        with pytest.raises(LabTrouble, match="Cannot connect"):
            site.docker("ps")
        site.start_engine()
        wait_until(lambda: answers(lab), "an answer after the restart", 15)


def test_a_cut_host_answers_nobody_until_it_is_mended(lab: Lab, site: Host) -> None:
    site.cut()
    assert not answers(lab)
    site.mend()
    wait_until(lambda: answers(lab), "an answer over the mended network", 15)


def test_a_second_run_at_the_same_time_is_refused(lab: Lab) -> None:
    with pytest.raises(LabTrouble, match="another run uses the lab chm-try"), trial_lab():
        pass
