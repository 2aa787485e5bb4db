"""A partner's information as files, for tests."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from clearinghouse.declare.partner import Partner
from clearinghouse.site.check import Checked, check
from tests.plan.partners import a_partner

TODAY = date(2026, 11, 25)
LEAST = {
    "site.yaml": "slogan: {fr: Ensemble, en: Together}\n",
    "country.yaml": "name: {fr: Bénin, en: Benin}\ncode: BJ\n",
}
"""The files that every site has."""


def a_country(*languages: str) -> Partner:
    """A partner whose site the platform makes."""
    return a_partner("bj").model_copy(
        update={"tier": "standard-site", "site": None, "languages": languages or ("fr", "en")}
    )


def lay(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder `bj`, those that every site has among them."""
    for name, content in {**LEAST, **files}.items():
        path = folder / "bj" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "bj"


def checked(folder: Path, files: Mapping[str, str | bytes], *languages: str) -> Checked:
    """What comes of files."""
    return check(lay(folder, files), a_country(*languages), TODAY)


def told(folder: Path, files: Mapping[str, str | bytes], *languages: str) -> list[str]:
    """The problems of files, each as its line."""
    return [str(problem) for problem in checked(folder, files, *languages).problems]
