"""A configuration that is not of the data in use is refused; what a killed restore left is not."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from clearinghouse.plan.generations import FIRST, Generations
from clearinghouse.plan.plan import Plan
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.generations import fault_of_generations, in_use_since
from tests.plan.partners import a_host, a_php_partner

SECOND = Generations({"site": 2, "database": 2}, "mariadb-11.8")
Uses = dict[str, tuple[str, int]]
"""The state of each container by its name, which begins with its role, and the generation that it uses."""


def _plan(generations: Generations) -> Plan:
    return plan_partner(a_php_partner(), a_host(), generations)


def _engine(there: set[int], containers: Uses) -> Any:
    """An engine with some generations of site and database, and some containers."""
    volumes = [
        SimpleNamespace(name=f"chm-cd-{role}-g{number}", attrs={"Labels": {"be.clearinghouse.role": role}})
        for number in there
        for role in ("site", "database")
    ]
    made = [
        SimpleNamespace(
            id=name,
            labels={"be.clearinghouse.role": role},
            status=state,
            image=SimpleNamespace(tags=["clearinghouse/mariadb-11.8:0123"]),
            attrs={"Mounts": [{"Name": f"chm-cd-{'database' if role == 'database' else 'site'}-g{number}"}]},
        )
        for name, (state, number) in containers.items()
        for role in [name.split()[0]]
    ]
    return SimpleNamespace(
        volumes=SimpleNamespace(list=lambda **_: volumes), containers=SimpleNamespace(list=lambda **_: made)
    )


def _all(state: str, number: int) -> Uses:
    return dict.fromkeys(("database", "app", "web"), (state, number))


@pytest.mark.parametrize(
    ("configured", "there", "containers"),
    [
        (FIRST, {1, 2}, _all("running", 2)),
        (FIRST, {1, 2}, _all("exited", 2)),
        (FIRST, {1, 2}, {}),
        (FIRST, {2}, _all("running", 2)),
        (FIRST, {2}, {}),
        (SECOND, {1, 2}, _all("running", 1)),
        (SECOND, {1}, _all("running", 1)),
        (SECOND, {1, 2}, {"app": ("running", 2), "database": ("exited", 1)}),
        (SECOND, {1, 2}, {"access": ("running", 1), "database": ("running", 1)}),
        (SECOND, {1, 2}, {"database": ("running", 2), "app": ("running", 2), "app before": ("running", 1)}),
    ],
)
def test_it_is_refused_where_the_data_in_use_is_another(
    configured: Generations, there: set[int], containers: Uses
) -> None:
    told = fault_of_generations(_plan(configured), _engine(there, containers))
    assert "and stacks/Pulumi.cd.yaml says another one" in told
    number = next(iter(containers.values()), ("", 2))[1] if configured is FIRST else 1
    assert f"--plaintext generations.{'site' if 'app before' in containers else 'database'}={number}" in told


def test_what_writes_the_right_configuration_names_the_server_too() -> None:
    told = fault_of_generations(_plan(FIRST), _engine({1, 2}, _all("running", 2)))
    assert told.endswith(
        "or `pulumi config set-all -s cd --path --plaintext generations.database=2"
        " --plaintext generations.site=2 --plaintext database=mariadb-11.8`"
    )


@pytest.mark.parametrize(
    ("configured", "there", "containers"),
    [
        (FIRST, set(), {}),
        (FIRST, {1}, {}),
        (FIRST, {1}, _all("running", 1)),
        # A restore was killed before its data took over, or while it went back.
        (FIRST, {1, 2}, _all("running", 1)),
        (FIRST, {1, 2}, {"web": ("running", 1)}),
        # Or after that was written: it had stopped whoever could write.
        (SECOND, {1, 2}, {"database": ("running", 1), "app": ("exited", 1), "web": ("running", 1)}),
        (SECOND, {1, 2}, {"database": ("running", 2), "app": ("running", 2), "web": ("running", 1)}),
        # The one that another took over from goes last.
        (SECOND, {1, 2}, {"database": ("running", 2), "app": ("running", 2), "app before": ("exited", 1)}),
        # Webmasters' access does not wait for the database.
        (SECOND, {1, 2}, {"database": ("running", 1), "access": ("running", 2), "app": ("exited", 1)}),
        (SECOND, {1, 2}, _all("running", 2)),
        (SECOND, {1, 2}, {}),
    ],
)
def test_what_a_killed_restore_left_is_finished_by_the_next_up(
    configured: Generations, there: set[int], containers: Uses
) -> None:
    assert fault_of_generations(_plan(configured), _engine(there, containers)) == ""


def test_what_was_replaced_is_replaced_since_the_newest_volume_was_made() -> None:
    engine = _engine({1, 2}, {})
    for day, volume in enumerate(engine.volumes.list(), 10):
        volume.attrs["CreatedAt"] = f"2027-01-{day}T02:17:00+01:00"
    assert in_use_since(engine, _plan(FIRST)) == datetime(2027, 1, 11, 1, 17, tzinfo=UTC)
    assert in_use_since(engine, _plan(SECOND)) == datetime(2027, 1, 13, 1, 17, tzinfo=UTC)


def test_where_no_volume_is_there_no_backup_is_newer() -> None:
    assert in_use_since(_engine({1}, {}), _plan(SECOND)) > datetime.now(UTC)
