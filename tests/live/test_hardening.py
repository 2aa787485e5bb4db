"""Every promise of the hardening, asked of the containers that run: whatever they are."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import docker
import pytest
import testinfra
from testinfra.host import Host

from clearinghouse.plan.plan import SITE_GROUP
from clearinghouse.plan.site_files import OWNER
from tests.lab.shell import succeeds
from tests.live.cis import CHECKS, DEVIATIONS, Engine, Inspected, deviating
from tests.live.installation import Installation

pytestmark = pytest.mark.live

CAPABILITIES = {
    "access": {"CAP_SETUID", "CAP_SETGID", "CAP_SYS_CHROOT"},
    "backup": {"CAP_DAC_OVERRIDE"},
}
"""What a role keeps of the capabilities; all others keep none."""
ROOT = {"access", "backup"}
"""Roles that start as root: sshd, with those three capabilities."""
NETWORKS = {"edge": {"chm-edge", "chm-public"}, "web": {"chm-edge"}, "upkeep": {"none"}}
"""The shared networks by role; a partner's own begin with its code."""
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def running(installation: Installation) -> list[Inspected]:
    """What `docker inspect` says of each running container of the platform."""
    ids = installation.docker("ps", "--quiet", "--no-trunc", "--filter", "label=be.clearinghouse.owner")
    found: list[Inspected] = json.loads(installation.docker("inspect", *ids.split()))
    assert {"edge", "web", "app", "database"} <= {_role(each) for each in found}
    return found


@pytest.fixture(scope="module")
def engine(installation: Installation, running: list[Inspected]) -> Engine:
    info = json.loads(installation.docker("info", "--format", "{{json .}}"))
    listed = installation.docker("image", "ls", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
    images: dict[str, list[str]] = {}
    for line in listed.splitlines():
        identity, tag = line.split(" ", 1)
        images.setdefault(identity, []).append(tag)
    return Engine(
        options=" ".join(info["SecurityOptions"]),
        is_swarm=info["Swarm"]["LocalNodeState"] == "active",
        images=images,
        executions={each["Id"]: _executions(installation, each) for each in running},
    )


@pytest.fixture(scope="module")
def inside(installation: Installation, running: list[Inspected]) -> Iterator[dict[str, Host]]:
    """Each running container, to be looked at from inside, by name."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOCKER_HOST", installation.host.docker_host)
        yield {
            _name(each): testinfra.get_host(f"docker://{_name(each)}")
            for each in running
            if _has_shell(installation, each)
        }


def _role(container: Inspected) -> str:
    return str(container["Config"]["Labels"]["be.clearinghouse.role"])


def _owner(container: Inspected) -> str:
    return str(container["Config"]["Labels"]["be.clearinghouse.owner"])


def _name(container: Inspected) -> str:
    return str(container["Name"]).lstrip("/")


def _has_shell(installation: Installation, container: Inspected) -> bool:
    """An image that a partner brings may hold nothing but its server."""
    return succeeds(
        "docker", "--host", installation.host.docker_host, "exec", container["Id"], "/bin/sh", "-c", ":"
    )


def _executions(installation: Installation, container: Inspected) -> list[Inspected]:
    with closing(docker.APIClient(base_url=installation.host.docker_host)) as client:
        return [client.exec_inspect(each) for each in container["ExecIDs"] or []]


def _wrong(running: list[Inspected], is_right: Any) -> list[str]:
    return [_name(each) for each in running if not is_right(each)]


@pytest.mark.parametrize("number", CHECKS)
def test_section_5_of_the_cis_benchmark_holds_but_for_what_is_listed(
    running: list[Inspected], engine: Engine, number: str
) -> None:
    there = {_role(each) for each in running}
    listed = {each.role for each in DEVIATIONS if each.number == number}
    assert deviating(number, running, engine) == {role for role in listed if role in there or " " in role}


def test_the_root_is_read_only(running: list[Inspected], inside: dict[str, Host]) -> None:
    assert _wrong(running, lambda each: each["HostConfig"]["ReadonlyRootfs"]) == []
    for host in inside.values():
        assert "Read-only file system" in host.run("touch /usr/x").stderr


def test_tmp_and_run_are_small_and_run_nothing(running: list[Inspected], inside: dict[str, Host]) -> None:
    for each in running:
        for path in ("/tmp", "/run"):
            options = each["HostConfig"]["Tmpfs"][path].split(",")
            assert {"noexec", "nosuid", "nodev"} <= set(options), _name(each)
            assert any(option.startswith("size=") for option in options), _name(each)
    for host in inside.values():
        options = set(host.mount_point("/tmp").options)
        assert {"noexec", "nosuid", "nodev"} <= options


def test_capabilities_are_dropped_but_for_those_on_the_list(running: list[Inspected]) -> None:
    for each in running:
        assert each["HostConfig"]["CapDrop"] == ["ALL"], _name(each)
        assert set(each["HostConfig"]["CapAdd"] or []) == CAPABILITIES.get(_role(each), set()), _name(each)


def test_processes_have_no_capability_no_way_to_privileges_and_a_seccomp_filter(
    running: list[Inspected], inside: dict[str, Host]
) -> None:
    roles = {_name(each): _role(each) for each in running}
    for name, host in inside.items():
        status = dict(
            line.split(":\t", 1) for line in host.file("/proc/1/status").content_string.splitlines()
        )
        assert status["NoNewPrivs"] == "1", name
        assert status["Seccomp"] == "2", name
        if roles[name] not in CAPABILITIES:
            assert {status[kind] for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}, name


def test_nobody_is_root(running: list[Inspected]) -> None:
    for each in running:
        uid = each["Config"]["User"].split(":")[0]
        assert uid.isdigit(), _name(each)
        assert (uid == "0") == (_role(each) in ROOT), _name(each)


def test_code_cannot_be_changed_where_it_runs(inside: dict[str, Host], running: list[Inspected]) -> None:
    for each in running:
        host = inside.get(_name(each))
        if _role(each) in ("app", "cron") and host:
            site = host.file("/site")
            assert (site.uid, site.gid, site.mode) == (OWNER, SITE_GROUP, 0o2750)
            assert "Read-only file system" in host.run("touch /site/x").stderr


def test_memory_swap_processor_processes_and_logs_are_limited(running: list[Inspected]) -> None:
    for each in running:
        limits, logs = each["HostConfig"], each["HostConfig"]["LogConfig"]
        assert 16 * MIB <= limits["Memory"] == limits["MemorySwap"], _name(each)
        assert limits["NanoCpus"] > 0, _name(each)
        assert limits["CpuShares"] > 0, _name(each)
        assert 0 < limits["PidsLimit"] <= 1024, _name(each)
        assert logs["Type"] == "json-file", _name(each)
        assert {"max-size": "10m", "max-file": "3"}.items() <= logs["Config"].items(), _name(each)


def test_an_edge_comes_before_partners_when_processors_are_short(running: list[Inspected]) -> None:
    edge = min(each["HostConfig"]["CpuShares"] for each in running if _role(each) == "edge")
    assert all(edge >= 4 * each["HostConfig"]["CpuShares"] for each in running if _owner(each) != "host")


def test_health_is_checked_four_times_a_minute_without_a_shell(running: list[Inspected]) -> None:
    for each in running:
        check = each["Config"]["Healthcheck"]
        assert check["Test"][0] == "CMD", _name(each)
        assert check["Test"][1].rsplit("/", 1)[-1] not in ("sh", "bash", "dash"), _name(each)
        assert check["Interval"] <= 15_000_000_000, _name(each)
        assert each["State"]["Health"]["Status"] == "healthy", _name(each)


def test_each_has_an_init_and_comes_back(running: list[Inspected]) -> None:
    assert _wrong(running, lambda each: each["HostConfig"]["Init"]) == []
    assert _wrong(running, lambda each: each["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped") == []


def test_only_named_volumes_of_its_own_stack_are_mounted(running: list[Inspected]) -> None:
    for each in running:
        owner = "" if _owner(each) == "host" else f"{_owner(each)}-"
        for mount in each["Mounts"]:
            assert mount["Type"] == "volume", _name(each)
            assert mount["Name"].startswith(f"chm-{owner}"), _name(each)


def test_networks_are_its_partners_own_and_the_shared_ones_of_its_role(running: list[Inspected]) -> None:
    for each in running:
        networks = set(each["NetworkSettings"]["Networks"])
        own = f"chm-{_owner(each)}"
        shared = {name for name in networks if name != own and not name.startswith(f"{own}-")}
        assert shared == NETWORKS.get(_role(each), set()), _name(each)


def test_who_has_no_way_out_asks_no_resolver_of_the_host(running: list[Inspected]) -> None:
    shut_in = [each for each in running if _role(each) in ("web", "app", "database", "cron")]
    assert _wrong(shut_in, lambda each: each["HostConfig"]["Dns"] == ["127.0.0.1"]) == []


def test_partners_networks_are_internal_and_have_no_address_on_the_host(installation: Installation) -> None:
    names = installation.docker("network", "ls", "--format", "{{.Name}}", "--filter", "name=chm-").split()
    networks = {each["Name"]: each for each in json.loads(installation.docker("network", "inspect", *names))}
    own = [each for name, each in networks.items() if len(name) == len("chm-cd")]
    assert len(own) >= 2
    for each in own:
        assert each["Internal"], each["Name"]
        assert each["Options"]["com.docker.network.bridge.inhibit_ipv4"] == "true"
    assert networks["chm-edge"]["Internal"]
    addresses = installation.host.machine.run("ip", "-4", "-brief", "address")
    for each in (*own, networks["chm-edge"]):
        assert f" {each['IPAM']['Config'][0]['Gateway']}/" not in addresses


def test_secrets_are_files_of_their_reader_alone_and_in_no_environment(
    running: list[Inspected], inside: dict[str, Host]
) -> None:
    for each in running:
        host = inside.get(_name(each))
        seeds = [mount for mount in each["Mounts"] if mount["Destination"] == "/run/secrets"]
        assert all(not mount["RW"] for mount in seeds), _name(each)
        if not (seeds and host):
            continue
        environment = " ".join(each["Config"]["Env"])
        for name in host.file("/run/secrets").listdir():
            secret = host.file(f"/run/secrets/{name}")
            assert (secret.mode, str(secret.uid)) == (0o400, each["Config"]["User"].split(":")[0])
            assert secret.content_string.strip() not in environment


def test_web_reads_and_holds_no_secret(running: list[Inspected]) -> None:
    for each in running:
        if _role(each) == "web":
            assert all(not mount["RW"] for mount in each["Mounts"])
            assert all(mount["Destination"] != "/run/secrets" for mount in each["Mounts"])
