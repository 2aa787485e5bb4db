"""What `chm audit` does."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from clearinghouse.cli import stacks
from clearinghouse.cli.screen import console
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.coverage import Coverage, coverage
from clearinghouse.operate.status import age


def show_coverage(codes: list[str], *, is_json: bool) -> None:
    """Show of each partner what is backed up, what is left out and what is missing."""
    declaration = stacks.declared() if codes else stacks.all_well(stacks.declared())
    asked = [stacks.site_of(declaration, code) for code in codes or declaration.partners]
    found = []
    for partner, host, plan in asked:
        with console.status(f"compare {plan.stack} with its backups …"):
            found.append(coverage(partner, host, plan))
        _show(found[-1], is_json=is_json)
    ill = sum(bool(each.missing) for each in found)
    if ill:
        verb = "has" if ill == 1 else "have"
        raise Trouble(f"{ill} of {len(found)} partners {verb} data in no backup", exit_code=NOT_WELL)


def _show(found: Coverage, *, is_json: bool) -> None:
    if is_json:
        console.print(json.dumps(_as_json(found)), markup=False)
        return
    console.print(f"{found.partner}: {'; '.join([_saved(found), *_excluded(found)])}", markup=False)
    for sentence in found.missing:
        console.print(f"{found.partner}: {sentence}", style="red", markup=False)


def _saved(found: Coverage) -> str:
    """Such as `3 volumes and a database are in run-…, 2 h old`."""
    volumes, count = "volume" if len(found.volumes) == 1 else "volumes", len(found.volumes)
    what = [*([f"{count} {volumes}"] if count else []), *(["a database"] if found.is_dumped else [])]
    verb = "is" if count + found.is_dumped == 1 else "are"
    if not what:
        return "no data is to be backed up"
    if found.run is None:
        return f"{' and '.join(what)} {verb} in no whole backup"
    old = age(datetime.now(UTC) - found.run.began)
    if found.missing:
        return f"{' and '.join(what)} should be in {found.run.id}, {old} old"
    return f"{' and '.join(what)} {verb} in {found.run.id}, {old} old"


def _excluded(found: Coverage) -> list[str]:
    told = ", ".join(f"{data} ({reason})" for data, reason in found.excluded.items())
    return [f"excluded: {told}"] if told else []


def _as_json(found: Coverage) -> Mapping[str, Any]:
    return {
        "partner": found.partner,
        "volumes": found.volumes,
        "database": found.is_dumped,
        "excluded": found.excluded,
        "run": found.run.id if found.run else None,
        "began": found.run.began.isoformat() if found.run else None,
        "missing": found.missing,
    }
