"""What is in the installation's backup, and when it needs another one."""

import json
from pathlib import Path

import pytest

from clearinghouse.operate import pulumi
from clearinghouse.operate.installation import changed, digest, files
from clearinghouse.operate.secrets import make_missing
from clearinghouse.plan.edge import plan_host
from tests.operate.installed import make_installation
from tests.plan.partners import a_host

STATE = ".state/pulumi/.pulumi/stacks/clearinghouse/host-local.json"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = make_installation(tmp_path, monkeypatch)
    pulumi.ensure_stack("host-local")
    (here / "stacks/bj").mkdir()
    (here / "stacks/bj/page.md").write_text("text")
    return here


def test_all_of_stacks_and_the_state_is_in_it_and_no_passphrase(here: Path) -> None:
    pulumi.set_config("host-local", "key", "value", is_secret=True)
    found = files()
    assert {"stacks/bj/page.md", "stacks/installation", "stacks/Pulumi.host-local.yaml", STATE} <= set(found)
    assert ".state/pulumi/.pulumi/meta.yaml" in found
    assert not any("passphrase" in path or path.endswith(".bak") for path in found)


def test_a_state_that_is_kept_elsewhere_is_in_it_where_a_checkout_has_its_own(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".state/pulumi").rename(here / "elsewhere")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{here}/elsewhere")
    assert files()[STATE] == here / "elsewhere/.pulumi/stacks/clearinghouse/host-local.json"


def test_a_changed_text_and_a_new_resource_ask_for_another(here: Path) -> None:
    before = digest(files())
    (here / "stacks/bj/page.md").write_text("texts")
    with_text = digest(files())
    assert with_text != before
    state = json.loads((here / STATE).read_text())
    state["checkpoint"]["latest"] = {"resources": [{"urn": "one", "id": "1"}, {"urn": "two"}]}
    (here / STATE).write_text(json.dumps(state))
    assert digest(files()) != with_text


def test_what_pulumi_writes_anew_at_each_up_does_not(here: Path) -> None:
    def digest_of(*resources: dict[str, str]) -> str:
        (here / STATE).write_text(json.dumps({"checkpoint": {"latest": {"resources": list(resources)}}}))
        return digest(files())

    one, two = {"urn": "one", "id": "1"}, {"urn": "two", "id": "2"}
    assert digest_of(one, two) == digest_of(two, one | {"modified": "2027-01-31"})
    assert changed(files()) == (here / STATE).stat().st_mtime


def test_all_hosts_have_one_password_of_the_installation_and_their_own_for_upkeep(here: Path) -> None:
    for name in ("local", "far"):
        make_missing(plan_host(a_host(host=name)))
    keys = ("installation-password", "maintenance-password")
    first, second = (
        {key: pulumi.get_config(f"host-{name}", key) for key in keys} for name in ("local", "far")
    )
    assert first["installation-password"] == second["installation-password"]
    assert len(first["installation-password"]) == 40
    assert first["maintenance-password"] != second["maintenance-password"]
