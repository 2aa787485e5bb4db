"""The page that shows people what a drill found."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from clearinghouse.error_pages import TEMPLATES
from clearinghouse.operate.evidence import Evidence

_FOLDER = TEMPLATES.with_name("drill")
_PHASES = {
    "restore": "Restoring into new volumes",
    "start": "Starting the containers",
    "pages": "Asking for pages",
}


def render(evidence: Evidence, names: Mapping[str, str]) -> str:
    """The page (HTML) of one drill; it needs nothing beside itself.

    Args:
        names: the country's, by language; the page takes the English one, or the first.
    """
    language = "en" if "en" in names else next(iter(names))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"moment": _moment, "lapse": _lapse}
    style = (_FOLDER / "drill.css").read_text(encoding="utf-8")
    age = evidence.began - evidence.run_began if evidence.run_began else None
    return environment.get_template("drill.html.j2").render(
        drill=evidence, age=age, style=style, phases=_PHASES, country=names[language], language=language
    )


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _lapse(lapse: timedelta | float) -> str:
    """A duration for people: `41 s`, `3 min 05 s`, `5 h 20 min`, `12 days`."""
    seconds = round(lapse.total_seconds() if isinstance(lapse, timedelta) else lapse)
    if seconds < 100:
        return f"{seconds} s" if seconds else "less than 1 s"
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 100:
        return f"{minutes} min {seconds % 60:02d} s"
    return f"{hours} h {minutes % 60:02d} min" if hours < 48 else f"{hours // 24} days"
