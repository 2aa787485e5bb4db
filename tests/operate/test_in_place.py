"""What a path of a backup means in place."""

from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate import pulumi
from clearinghouse.operate.contents import restorable
from clearinghouse.operate.in_place import wanted
from clearinghouse.operate.stacks import generations
from clearinghouse.plan.generations import Generations
from clearinghouse.plan.planner import plan_partner
from tests.operate.installed import make_installation
from tests.plan.partners import a_host, a_php_partner, a_standard_partner

PLAN = plan_partner(a_php_partner(), a_host(), Generations({"site": 3}))
UPLOADS = "/site/wp-content/uploads"


def test_without_a_path_it_is_all_that_makes_the_site_what_it_is() -> None:
    found = wanted(PLAN, None)
    assert list(found.volumes) == ["/site", UPLOADS, "/database.sql"]
    assert found.volumes["/site"].name == "chm-cd-site-g3"
    assert found.within is None


def test_a_whole_volume_is_named_by_its_path() -> None:
    assert list(wanted(PLAN, UPLOADS).volumes) == [UPLOADS]
    assert list(wanted(PLAN, "database.sql").volumes) == ["/database.sql"]
    assert list(wanted(PLAN, "/site/").volumes) == ["/site", UPLOADS]


def test_a_file_is_within_the_volume_that_has_it() -> None:
    for path, volume in (("/site/index.php", "/site"), (f"{UPLOADS}/2027/okapi.png", UPLOADS)):
        found = wanted(PLAN, path)
        assert (found.path, found.within) == (path, restorable(PLAN)[volume])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/site/wp-content", "parts of it lie in volumes of their own"),
        ("/etc/passwd", "should be one of /site"),
        ("/site/../etc", "without `..`"),
    ],
)
def test_what_cannot_be_put_back_at_once_is_refused(path: str, told: str) -> None:
    with pytest.raises(Trouble, match=told):
        wanted(PLAN, path)


def test_a_site_that_the_platform_builds_has_nothing_to_put_back() -> None:
    with pytest.raises(Trouble, match="is built from stacks/ma"):
        wanted(plan_partner(a_standard_partner(), a_host()), None)


def test_generations_are_changed_at_once_and_what_is_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_installation(tmp_path, monkeypatch)
    pulumi.ensure_stack("cd")
    pulumi.set_config("cd", "database-password", "secret", is_secret=True)
    pulumi.set_generations("cd", Generations({"site": 2, "writable-wp-content-uploads-734519": 2}))
    pulumi.set_generations("cd", Generations({"site": 3, "database": 2}, "mariadb-11.8"))
    numbers = {"site": 3, "writable-wp-content-uploads-734519": 2, "database": 2}
    assert generations("cd") == Generations(numbers, "mariadb-11.8")
    assert pulumi.get_config("cd", "database-password") == "secret"
    assert [file.name for file in pulumi.config_file("cd").parent.glob("*Pulumi*")] == ["Pulumi.cd.yaml"]
