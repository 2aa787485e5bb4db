from collections.abc import Callable
from typing import Any

import pulumi.runtime
import pytest

from clearinghouse.plan.edge import plan_host
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.images import tag
from tests.plan.partners import (
    KEY,
    SMARTHOST,
    WEBMASTERS,
    a_host,
    a_partner,
    a_partner_with_ways_out,
    a_php_partner,
    a_standard_partner,
    an_image_partner,
)

CONTAINER = "docker:index/container:Container"
VOLUME = "docker:index/volume:Volume"
NETWORK = "docker:index/network:Network"
Provision = Callable[[Any], dict[str, dict[str, Any]]]


def _running(resources: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Containers that run: seeds never do."""
    return [
        inputs for key, inputs in resources.items() if key.startswith(CONTAINER) and not key.endswith("-seed")
    ]


@pytest.fixture(params=["php", "image", "static", "webmasters", "outside", "built", "host"])
def running(request: pytest.FixtureRequest, provision: Provision) -> list[dict[str, Any]]:
    plans = {
        "php": lambda: plan_partner(a_php_partner(), a_host()),
        "image": lambda: plan_partner(an_image_partner(), a_host()),
        "static": lambda: plan_partner(a_partner(), a_host()),
        "outside": lambda: plan_partner(a_partner_with_ways_out(), a_host(mail=SMARTHOST)),
        "webmasters": lambda: plan_partner(a_php_partner(**WEBMASTERS), a_host()),
        "built": lambda: plan_partner(a_standard_partner(), a_host(), build="a" * 64),
        "host": lambda: plan_host(a_host()),
    }
    return _running(provision(plans[request.param]()))


def test_every_container_has_a_read_only_root(running: list[dict[str, Any]]) -> None:
    assert all(container["readOnly"] for container in running)


def test_every_container_drops_all_capabilities(running: list[dict[str, Any]]) -> None:
    assert all(container["capabilities"]["drops"] == ["ALL"] for container in running)


def test_no_container_gains_privileges(running: list[dict[str, Any]]) -> None:
    assert all(container["securityOpts"] == ["no-new-privileges:true"] for container in running)
    assert not any(container.get("privileged") for container in running)


def test_every_container_is_limited_in_memory_swap_cpu_and_logs(running: list[dict[str, Any]]) -> None:
    for container in running:
        assert container["memory"] == container["memorySwap"] > 0
        assert float(container["cpus"]) > 0
        assert container["logOpts"]["max-size"] == "10m"


def test_no_container_mounts_the_docker_socket_or_a_path_of_the_host(running: list[dict[str, Any]]) -> None:
    mounts = [mount for container in running for mount in container.get("volumes", [])]
    assert mounts
    assert all("volumeName" in mount and "hostPath" not in mount for mount in mounts)


def test_every_container_that_stays_is_restarted_and_checked_without_a_shell(
    running: list[dict[str, Any]],
) -> None:
    for container in running:
        if container["mustRun"]:
            assert container["restart"] == "unless-stopped"
            tests = container["healthcheck"]["tests"]
            assert tests[0] == "CMD"
            assert tests[1] not in ("sh", "/bin/sh", "bash", "/bin/bash", "/tools/sh")


def test_no_secret_reaches_a_container_by_its_environment(running: list[dict[str, Any]]) -> None:
    assert not any("value of" in setting for container in running for setting in container.get("envs", []))


def test_secrets_are_uploaded_readable_by_their_reader_alone(provision: Provision) -> None:
    resources = provision(plan_partner(a_php_partner(), a_host()))
    uploads = resources[f"{CONTAINER}::chm-cd-app-secrets-seed"]["uploads"]
    assert pulumi.runtime.rpc._special_sig_key in uploads, "a secret in the state"
    upload = uploads["value"][0]
    assert (upload["owner"], upload["permissions"]) == ("2002", "0400")
    assert upload["content"] == "value of database-password"


def test_a_seed_never_starts_and_is_on_no_network(provision: Provision) -> None:
    resources = provision(plan_partner(a_php_partner(), a_host()))
    seeds = [inputs for key, inputs in resources.items() if key.endswith("-seed")]
    assert seeds
    assert all(seed["start"] is False and seed["networkMode"] == "none" for seed in seeds)


def test_other_content_is_another_volume_of_a_name_that_never_comes_again(provision: Provision) -> None:
    def volume(domain: str) -> dict[str, Any]:
        plan = plan_partner(a_partner(domains=[domain]), a_host())
        return provision(plan)[f"{VOLUME}::chm-cd-web-config"]

    assert "name" not in volume("a.example.org")
    assert volume("a.example.org") == volume("a.example.org")
    assert volume("a.example.org")["labels"] != volume("b.example.org")["labels"]


def test_a_partners_own_image_is_pulled_where_it_is_missing_and_never_removed(provision: Provision) -> None:
    resources = provision(plan_partner(an_image_partner(), a_host()))
    image = resources["docker:index/remoteImage:RemoteImage::chm-cd-image"]
    assert (image["name"], image["keepLocally"]) == ("registry.example.org/cd/site:2.1", True)


@pytest.mark.parametrize("role", ["app", "cron"])
def test_a_moved_tag_changes_nothing_by_itself(provision: Provision, role: str) -> None:
    container = provision(plan_partner(an_image_partner(), a_host()))[f"{CONTAINER}::chm-cd-{role}"]
    assert container["image"] == "sha256:chm-cd-image"


def test_a_partners_own_image_starts_as_it_is_made_and_jobs_start_by_our_tools(provision: Provision) -> None:
    resources = provision(plan_partner(an_image_partner(), a_host()))
    app, cron = resources[f"{CONTAINER}::chm-cd-app"], resources[f"{CONTAINER}::chm-cd-cron"]
    assert "entrypoints" not in app
    assert "command" not in app
    assert cron["entrypoints"] == ["/tools/cron"]


def test_another_build_of_a_site_changes_its_image_and_its_web_and_nothing_else(provision: Provision) -> None:
    def resources(build: str) -> dict[str, dict[str, Any]]:
        return provision(plan_partner(a_standard_partner(), a_host(), build=build))

    before, after = resources("a" * 64), resources("b" * 64)
    image = "docker:index/remoteImage:RemoteImage::chm-ma-image"
    assert [key for key in after if before.get(key) != after[key]] == [image]
    assert after[image]["name"] == "clearinghouse/site-ma:bbbbbbbbbbbb"
    assert after[f"{CONTAINER}::chm-ma-web"]["image"] == "sha256:chm-ma-image"


def test_an_older_build_of_a_site_stays_on_the_host_and_another_web_is_another_image(
    provision: Provision,
) -> None:
    resources = provision(plan_partner(a_standard_partner(), a_host(), build="a" * 64))
    image = resources["docker:index/remoteImage:RemoteImage::chm-ma-image"]
    assert image["keepLocally"] is True
    assert image["triggers"] == {"base": tag("web")}


def test_a_built_site_needs_a_network_a_configuration_an_image_and_a_web(provision: Provision) -> None:
    resources = provision(plan_partner(a_standard_partner(), a_host(), build="a" * 64))
    assert {key.split("::")[1] for key in resources} == {
        "host",
        "ma",
        "chm-ma",
        "chm-ma-web-config",
        "chm-ma-web-config-seed",
        "chm-ma-image",
        "chm-ma-web",
    }


def test_tools_are_a_volume_that_an_image_fills_and_never_runs(provision: Provision) -> None:
    resources = provision(plan_partner(an_image_partner(), a_host()))
    labels = {each["label"]: each["value"] for each in resources[f"{VOLUME}::chm-cd-tools"]["labels"]}
    assert labels["be.clearinghouse.content"] == "sha256:tools"
    filler = resources[f"{CONTAINER}::chm-cd-tools-seed"]
    assert (filler["image"], filler["start"], filler["networkMode"]) == ("sha256:tools", False, "none")
    mounted = [mount for mount in resources[f"{CONTAINER}::chm-cd-app"]["volumes"] if mount["readOnly"]]
    (tools,) = (mount["volumeName"] for mount in mounted if mount["containerPath"] == "/tools")
    assert tools.startswith("chm-cd-tools-")


def test_a_site_without_its_own_image_and_jobs_has_no_tools(provision: Provision) -> None:
    assert not any("tools" in key for key in provision(plan_partner(a_php_partner(), a_host())))


def test_a_partners_network_is_internal_and_has_no_address_on_the_host(provision: Provision) -> None:
    network = provision(plan_partner(a_partner(), a_host()))[f"{NETWORK}::chm-cd"]
    assert network["internal"] is True
    assert network["options"] == {"com.docker.network.bridge.inhibit_ipv4": "true"}


def test_the_network_of_the_ways_out_is_a_bridge_with_a_gateway(provision: Provision) -> None:
    network = provision(plan_partner(a_partner_with_ways_out(), a_host(mail=SMARTHOST)))[
        f"{NETWORK}::chm-cd-outside"
    ]
    assert (network["driver"], network["internal"]) == ("bridge", False)


def test_webmasters_come_in_by_a_network_that_leads_nowhere(provision: Provision) -> None:
    network = provision(plan_partner(a_partner(**WEBMASTERS), a_host()))[f"{NETWORK}::chm-cd-access"]
    assert (network["internal"], network["ipv6"]) == (False, True)
    assert network["options"] == {"com.docker.network.bridge.enable_ip_masquerade": "false"}


def test_the_public_network_has_a_way_out(provision: Provision) -> None:
    network = provision(plan_host(a_host()))[f"{NETWORK}::chm-public"]
    assert network["internal"] is False
    assert "options" not in network


def test_another_webmaster_changes_access_and_its_keys_alone(provision: Provision) -> None:
    def resources(*names: str) -> dict[str, dict[str, Any]]:
        webmasters = [{"name": name, "key": KEY} for name in names]
        return provision(plan_partner(a_php_partner(webmasters=webmasters, ssh_port=2201), a_host()))

    before, after = resources("Awa"), resources("Awa", "Binta")
    assert {name.split("::")[1] for name in after if before[name] != after[name]} == {
        "chm-cd-access",
        "chm-cd-access-config",
        "chm-cd-access-config-seed",
    }


def test_the_first_webmaster_changes_nothing_that_serves(provision: Provision) -> None:
    before = provision(plan_partner(a_php_partner(), a_host()))
    after = provision(plan_partner(a_php_partner(**WEBMASTERS), a_host()))
    changed = {name.split("::")[1] for name in before if before[name] != after[name]}
    assert changed == {"chm-cd-prepare", "chm-cd-backup"}


def test_the_edge_network_is_an_internal_attachable_overlay(provision: Provision) -> None:
    network = provision(plan_host(a_host()))[f"{NETWORK}::chm-edge"]
    assert (network["driver"], network["internal"], network["attachable"]) == ("overlay", True, True)


def test_a_container_without_a_way_out_asks_no_resolver_of_the_host(running: list[dict[str, Any]]) -> None:
    asked = {
        container["labels"][1]["value"]: container.get("dns")
        for container in running
        if container.get("networksAdvanced")
    }
    assert asked
    assert {role for role, resolvers in asked.items() if resolvers != ["127.0.0.1"]} <= {"proxy", "relay"}


def test_a_hosts_edge_comes_before_its_partners_when_processors_are_short(provision: Provision) -> None:
    edge = provision(plan_host(a_host()))[f"{CONTAINER}::chm-edge"]
    app = provision(plan_partner(a_php_partner(), a_host()))[f"{CONTAINER}::chm-cd-app"]
    assert edge["cpuShares"] >= 4 * app["cpuShares"]


def test_web_is_replaced_new_one_first_and_the_database_old_one_first(provision: Provision) -> None:
    resources = provision(plan_partner(a_php_partner(), a_host()))
    assert "name" not in resources[f"{CONTAINER}::chm-cd-web"]
    assert resources[f"{CONTAINER}::chm-cd-database"]["name"] == "chm-cd-database"


def test_every_data_volume_is_a_folder_of_the_partners_disk(provision: Provision) -> None:
    resources = provision(plan_partner(a_php_partner(), a_host()))
    for name in ("chm-cd-site-g1", "chm-cd-database-g1"):
        assert resources[f"{VOLUME}::{name}"]["driverOpts"] == {
            "type": "none",
            "o": "bind",
            "device": f"/disks/cd/{name}",
        }


def test_where_a_host_limits_no_disk_a_volume_is_a_plain_one(provision: Provision) -> None:
    resources = provision(plan_partner(a_partner(), a_host(disk_limits=False)))
    assert "driverOpts" not in resources[f"{VOLUME}::chm-cd-site-g1"]


def test_another_size_of_the_disk_changes_the_step_that_prepares_it_and_what_the_repository_may_take(
    provision: Provision,
) -> None:
    small, large = (
        provision(plan_partner(a_partner(limits={"disk": disk}), a_host())) for disk in ("1G", "2G")
    )
    changed = {key for key in small if small[key] != large[key]}
    assert changed == {f"{CONTAINER}::chm-cd-prepare", f"{CONTAINER}::chm-cd-repository"}


def test_a_repository_is_beside_the_partners_disk_where_upkeep_sees_it(provision: Provision) -> None:
    resources = provision(plan_partner(a_partner(), a_host()))
    options = resources[f"{VOLUME}::chm-cd-repository-g1"]["driverOpts"]
    assert options["device"] == "/volumes/chm-repositories-g1/cd"


def test_everything_carries_its_owner(provision: Provision) -> None:
    for key, inputs in provision(plan_partner(a_php_partner(), a_host())).items():
        if key.startswith(("docker:index/container", "docker:index/volume", "docker:index/network")):
            labels = {label["label"]: label["value"] for label in inputs["labels"]}
            assert labels["be.clearinghouse.owner"] == "cd", key
