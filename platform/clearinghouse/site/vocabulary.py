"""The Convention's own vocabularies, in the six languages of the United Nations."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "vocabulary"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class TargetTerm:
    """A target of the Kunming-Montreal Global Biodiversity Framework (decision CBD/COP/15/4).

    Attributes:
        number: 1 to 23.
        title: its short title by language.
        summary: what it asks for, in a sentence, by language.
    """

    number: int
    title: Mapping[str, str]
    summary: Mapping[str, str]


@cache
def targets() -> Mapping[int, TargetTerm]:
    """The framework's targets by their number, in its order."""
    return {number: TargetTerm(number, **said) for number, said in _read("targets.yaml").items()}


@cache
def themes() -> Mapping[str, Mapping[str, str]]:
    """The names of the thematic programmes of work, by the value of `themes` and by language."""
    names: Mapping[str, Mapping[str, str]] = _read("themes.yaml")
    return names


def _read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_LOADER)
