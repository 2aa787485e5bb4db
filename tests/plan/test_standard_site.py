import re

import pytest

from clearinghouse.plan.plan import Container, Plan, SiteImage
from clearinghouse.plan.planner import plan_partner
from clearinghouse.plan.web_languages import language_choice
from tests.plan.partners import a_host, a_partner, a_standard_partner

BUILD = "0123456789abcdef" * 4


def _plan(build: str = BUILD) -> Plan:
    return plan_partner(a_standard_partner(), a_host(), build=build)


def _web(plan: Plan) -> Container:
    (web,) = plan.containers
    return web


def test_a_built_site_is_one_web_that_holds_it() -> None:
    web = _web(_plan())
    assert web.role == "web"
    assert web.image == SiteImage("ma", BUILD)


def test_an_image_is_named_by_its_partner_and_the_hash_of_its_inputs() -> None:
    assert SiteImage("ma", BUILD).reference == "clearinghouse/site-ma:0123456789ab"


def test_a_built_site_has_no_data_no_secret_and_nothing_to_prepare() -> None:
    plan = _plan()
    assert (plan.volumes, plan.secrets, plan.disk) == ((), (), None)
    assert [seed.role for seed in plan.seeds] == ["web-config"]


def test_its_network_is_the_partners_own_and_leads_nowhere() -> None:
    (network,) = _plan().networks
    of_host_only = plan_partner(a_partner("ma"), a_host()).networks[0]
    assert network == of_host_only
    assert network.is_internal


def test_its_web_is_as_hardened_as_any_and_has_all_of_the_partners_memory() -> None:
    web = _web(_plan())
    other = next(c for c in plan_partner(a_partner("ma"), a_host()).containers if c.role == "web")
    assert (web.user, web.capabilities, web.processes) == (other.user, (), other.processes)
    assert (web.networks, web.health) == (other.networks, other.health)
    assert web.memory == a_standard_partner().limits.memory
    assert all(mount.is_read_only for mount in web.mounts)


def test_another_build_changes_the_image_alone_and_the_new_web_comes_first() -> None:
    before, after = _web(_plan()), _web(_plan("f" * 64))
    changed = [name for name in Container.__slots__ if getattr(before, name) != getattr(after, name)]
    assert changed == ["image"]
    assert after.replacement == "create-first"


def test_a_site_is_built_on_the_platforms_web() -> None:
    assert _plan().platform_images == ("web",)


def test_who_runs_can_be_planned_without_knowing_the_build() -> None:
    plan = plan_partner(a_standard_partner(), a_host())
    assert [container.role for container in plan.containers] == ["web"]


def _accepted(languages: list[str], header: str) -> str | None:
    choice = language_choice(languages)
    for pattern in choice.accepted:
        if found := re.search(pattern, header):
            return choice.spellings[found[1].lower()]
    return None


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-BE, en;q=0.9", "fr"),
        ("en;q=0.3, fr;q=0.8", "fr"),
        ("de, en;q=0.5, ar;q=0.7", "ar"),
        ("EN-gb", "en"),
        ("en;q=0, fr;q=0.01", "fr"),
        ("fr ; q=0.5 , ar ; q=1.000", "ar"),
        ("de-DE", None),
        ("*", None),
        ("", None),
        ("enm, frr", None),
        ("x" * 500 + ", fr", "fr"),
    ],
)
def test_a_reader_gets_the_language_that_the_browser_wants_most(header: str, language: str | None) -> None:
    assert _accepted(["ar", "fr", "en"], header) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("pt", "pt-PT"),
        ("pt-BR", "pt-BR"),
        ("pt-AO", "pt-PT"),
        ("zh-TW", "zh-Hans"),
        ("zh-hans-CN", "zh-Hans"),
    ],
)
def test_a_language_with_a_region_stands_for_its_whole_and_its_whole_for_it(
    header: str, language: str
) -> None:
    assert _accepted(["pt-PT", "pt-BR", "zh-Hans"], header) == language


@pytest.mark.parametrize(
    ("path", "spelling"),
    [
        ("/pt-AO/news/", "pt"),
        ("/pt-br/", "pt-br"),
        ("/PT", "pt"),
        ("/portugal/", None),
        ("/files/pt/", None),
        ("/", None),
    ],
)
def test_a_path_names_a_language_by_its_first_part(path: str, spelling: str | None) -> None:
    found = re.search(language_choice(["fr", "pt-BR"]).asked, path)
    assert (found[1].lower() if found else None) == spelling
