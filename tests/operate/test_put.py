from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock, Mock

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.put import collect, put
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.labels import labels
from tests.plan.partners import a_host, a_partner


def test_folders_come_before_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "b/c").mkdir(parents=True)
    (tmp_path / "b/c/page.html").write_text("x")
    (tmp_path / "a.html").write_text("x")
    assert [entry.path for entry in collect(tmp_path)] == ["a.html", "b", "b/c", "b/c/page.html"]


def test_names_in_any_script_are_kept(tmp_path: Path) -> None:
    (tmp_path / "تقرير وطني.html").write_text("x")
    assert [entry.path for entry in collect(tmp_path)] == ["تقرير وطني.html"]


def test_a_link_within_the_folder_is_put_as_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("four")
    (tmp_path / "link.html").symlink_to("page.html")
    assert [(entry.path, entry.size) for entry in collect(tmp_path)] == [("link.html", 4), ("page.html", 4)]


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.html"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside.html").write_text("x")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/link.html").symlink_to(target)
    with pytest.raises(Trouble, match=r"link\.html: this link leaves"):
        collect(tmp_path / "site")


def test_a_link_to_a_folder_above_itself_does_not_run_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/loop").symlink_to("..")
    with pytest.raises(Trouble, match="loop: this link leads back"):
        collect(tmp_path)


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gone.html").symlink_to("nowhere.html")
    with pytest.raises(Trouble, match=r"gone\.html: this link leads nowhere"):
        collect(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="missing: should be a folder"):
        collect(tmp_path / "missing")


def test_links_that_lead_to_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("x")
    with pytest.raises(Trouble, match="x: this link leads back to itself"):
        collect(tmp_path)


def test_a_filler_that_is_left_over_is_the_installations_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the next `up` would take it for another installation's."""
    partner, host = a_partner(), a_host()
    plan = replace(plan_partner(partner, host), installation="here")
    client = MagicMock()
    client.containers.list.return_value = [
        Mock(labels={"be.clearinghouse.role": "web"}, attrs={"Mounts": []})
    ]
    monkeypatch.setattr("clearinghouse.operate.put.connect", lambda _: client)
    list(put(partner, host, plan, ()))
    left = client.api.create_container.call_args.kwargs["labels"]
    assert left == labels(plan, "put")
