"""What a drill found, kept with its date: for machines as JSON, for people as a page."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.installation import root
from clearinghouse.plan.drill import EVERY

_FOLDER = "drills"
_EARLY, _LATE = timedelta(hours=12), timedelta(days=1)
"""A weekly drill may begin a little early; and is overdue a day late."""
_NAME = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that should be so.

    Attributes:
        what: it is about.
        wanted: what it should be.
        found: what it was.
        holds: whether that is as wanted.
    """

    what: str
    wanted: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What came of a drill.

    Attributes:
        partner: its code.
        tier: its tier.
        host: where it was done.
        began: when (UTC).
        place: the place that the backup was taken from, `first` or `second`.
        run: the run of the backup; empty where there was none.
        seconds: how long each phase took, in their order.
        assertions: all that was looked at.
        trouble: what put an end to it, in one sentence; else empty.
    """

    partner: str
    tier: str
    host: str
    began: datetime
    place: Literal["first", "second"]
    run: str
    run_began: datetime | None
    seconds: Mapping[str, float]
    assertions: tuple[Assertion, ...]
    trouble: str = ""

    @property
    def has_passed(self) -> bool:
        """Whether all that was to be looked at is as it should be."""
        return not self.trouble and bool(self.assertions) and all(each.holds for each in self.assertions)

    @property
    def recovery(self) -> float:
        """How long it took from nothing to a site that serves (seconds)."""
        return sum(self.seconds.values())

    @property
    def fault(self) -> str:
        """What was not as it should be, in one sentence; empty where it has passed."""
        failed = [each for each in self.assertions if not each.holds]
        told = [f"{each.what}: should be {each.wanted}, was {each.found}" for each in failed]
        return self.trouble or "; ".join(told) or ("" if self.assertions else "nothing was looked at")


def keep(evidence: Evidence, names: Mapping[str, str]) -> Path:
    """Keep it in drills/, as JSON and as a page.

    Args:
        names: the country's, by language.

    Returns:
        The page's file.
    """
    # For people only; not every command needs the templates.
    from clearinghouse.operate.evidence_page import render

    folder = root() / _FOLDER / evidence.partner
    folder.mkdir(parents=True, exist_ok=True)
    name = evidence.began.strftime(_NAME)
    page = folder / f"{name}.html"
    page.write_text(render(evidence, names))
    told = asdict(evidence) | {"has_passed": evidence.has_passed, "recovery": evidence.recovery}
    part = folder / f".{name}.part"
    part.write_text(f"{json.dumps(told, default=_text, indent=2, ensure_ascii=False)}\n")
    part.replace(folder / f"{name}.json")
    return page


def is_due(partner: Partner) -> bool:
    """Whether a partner's backup is to be tried again."""
    last = newest(partner.partner)
    return (
        last is None or not last.has_passed or datetime.now(UTC) - last.began > EVERY[partner.tier] - _EARLY
    )


def fault(partner: Partner, since: datetime) -> str | None:
    """What is wrong with the drills of a partner, in one sentence; None where the newest one has passed.

    Args:
        since: since when there is a backup to try.
    """
    last = newest(partner.partner)
    again = f"`chm drill {partner.partner}` tries it again"
    if last and not last.has_passed:
        return f"its backup could not be restored on {last.began:%Y-%m-%d}: {last.fault}; {again}"
    untried = datetime.now(UTC) - (last.began if last else since)
    if untried > EVERY[partner.tier] + _LATE:
        return f"its backup was not tried for {untried.days} days; {again}"
    return None


def newest(partner: str) -> Evidence | None:
    """The newest one of a partner; None before there is any.

    Raises:
        Trouble: it cannot be read.
    """
    return next(_kept(partner), None)


def files() -> Iterator[tuple[str, Path]]:
    """All that is kept of all partners, by its path in the installation."""
    for file in sorted((root() / _FOLDER).glob("*/*.*")):
        if not file.name.startswith("."):
            yield str(file.relative_to(root())), file


def _kept(partner: str) -> Iterator[Evidence]:
    for file in sorted((root() / _FOLDER / partner).glob("*.json"), reverse=True):
        yield _read(file)


def _read(file: Path) -> Evidence:
    try:
        told: dict[str, Any] = json.loads(file.read_text())
        known = {name: told[name] for name in Evidence.__dataclass_fields__}
        ran = known["run_began"]
        return Evidence(
            **known
            | {
                "began": datetime.fromisoformat(known["began"]),
                "run_began": datetime.fromisoformat(ran) if ran else None,
                "assertions": tuple(Assertion(**each) for each in known["assertions"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble(
            f"{file.relative_to(root())}: should be what a drill wrote, cannot be read"
            f" ({type(error).__name__}); put it back from version control, or remove it"
        ) from None


def _text(value: object) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
