"""Which of a site's languages a reader gets: the patterns by which its web server chooses.

Sources: RFC 9110, section 12.5.4 (Accept-Language), RFC 4647, section 3.4 (lookup).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_REGION = "(?:[-_][a-z0-9_-]*)?"
"""What may follow a language that is meant as a whole: en-GB wants en."""
_WEIGHTS = (
    r"(?:;\s*q=1(?:\.0*)?\s*)?",
    *(rf";\s*q=0?\.{digit}[0-9]*\s*" for digit in range(9, 0, -1)),
    r";\s*q=0?\.0(?:[1-9][0-9]?|0[1-9])\s*",
)
"""From the most to the least wanted, by tenths; within one of them who stands first comes first."""


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """How to choose a language, as regular expressions (Go's RE2) to be tried in their order.

    Attributes:
        accepted: for the header Accept-Language; the group is a key of `spellings`.
        asked: for a path; the group is a key of `spellings`.
        spellings: the site's language for each spelling, all in small letters.
        main: the language for everybody else.
    """

    accepted: tuple[str, ...]
    asked: str
    spellings: Mapping[str, str]
    main: str


def language_choice(languages: Sequence[str]) -> LanguageChoice:
    """The choice among a site's languages.

    Args:
        languages: BCP 47 tags, the main language first.
    """
    spellings = {language.lower(): language for language in languages}
    for language in languages:
        spellings.setdefault(language.split("-")[0].lower(), language)
    # At one place of a text the first that fits is taken: pt-br before pt.
    either = "|".join(sorted(spellings, key=lambda spelling: (-len(spelling), spelling)))
    return LanguageChoice(
        accepted=tuple(rf"(?i)(?:^|,)\s*({either}){_REGION}\s*{weight}(?:,|$)" for weight in _WEIGHTS),
        asked=rf"(?i)^/({either}){_REGION}(?:/|$)",
        spellings=spellings,
        main=languages[0],
    )
