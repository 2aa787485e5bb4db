"""The image of a built site, made with an engine that only notes what it is given."""

import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import docker.errors
import pytest

from clearinghouse.errors import Trouble
from clearinghouse.plan.plan import Plan, SiteImage
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.images import tag
from clearinghouse.provision.site_image import build_for, make, site_folder
from tests.plan.partners import a_host, a_partner, a_standard_partner

BUILD = "ab" * 32
IMAGE = SiteImage("ma", BUILD)


class Engine:
    """Holds one image or none, and notes the context of a build."""

    def __init__(self, labels: dict[str, str] | None = None, *answers: dict[str, str]) -> None:
        self._labels = labels
        self._answers = answers
        self.context = b""
        self.images = self.api = self

    def get(self, _: str) -> Any:
        if self._labels is None:
            raise docker.errors.ImageNotFound("no such image")
        return SimpleNamespace(labels=self._labels)

    def build(self, *, fileobj: IO[bytes], **_: Any) -> Iterator[dict[str, str]]:
        self.context = fileobj.read()
        return iter(self._answers)

    @property
    def members(self) -> dict[str, tarfile.TarInfo]:
        with tarfile.open(fileobj=BytesIO(self.context)) as archive:
            return {member.name: member for member in archive.getmembers()}

    @property
    def dockerfile(self) -> str:
        with tarfile.open(fileobj=BytesIO(self.context)) as archive:
            file = archive.extractfile("Dockerfile")
            assert file is not None
            return file.read().decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fr/news").mkdir(parents=True)
    (tmp_path / "fr/index.html").write_text("Accueil")
    (tmp_path / "fr/news/index.html").write_text("Nouvelles")
    (tmp_path / "fr/index.html").chmod(0o600)
    return tmp_path


def _plan() -> Plan:
    return plan_partner(a_standard_partner(), a_host(), build=BUILD)


def _make(engine: Engine, folder: Path | None = None) -> None:
    def find(_: SiteImage) -> Path:
        assert folder is not None, "the files were asked for"
        return folder

    make(_plan(), IMAGE, engine, find)  # type: ignore[arg-type]


def test_its_files_belong_to_root_and_everybody_may_read_them(folder: Path) -> None:
    engine = Engine()
    _make(engine, folder)
    assert set(engine.members) == {
        "Dockerfile",
        "site/fr",
        "site/fr/index.html",
        "site/fr/news",
        "site/fr/news/index.html",
    }
    assert {(each.uid, each.gid) for each in engine.members.values()} == {(0, 0)}
    assert engine.members["site/fr/index.html"].mode == 0o644
    assert engine.members["site/fr"].mode == 0o755


def test_a_file_has_another_time_when_its_content_is_another_and_only_then(folder: Path) -> None:
    def time() -> float:
        engine = Engine()
        _make(engine, folder)
        return float(engine.members["site/fr/index.html"].mtime)

    before = time()
    (folder / "fr/index.html").write_text("Accueil")
    assert time() == before
    (folder / "fr/index.html").write_text("accueil")
    assert time() != before


def test_it_stands_on_the_platforms_web_and_says_what_it_is(folder: Path) -> None:
    engine = Engine()
    _make(engine, folder)
    lines = engine.dockerfile.splitlines()
    assert lines[:2] == [f"FROM {tag('web')}", "COPY site /site"]
    assert f'LABEL "be.clearinghouse.build"="{BUILD}"' in lines
    assert 'LABEL "be.clearinghouse.owner"="ma"' in lines


def test_one_that_is_on_the_host_is_not_made_again() -> None:
    engine = Engine({"be.clearinghouse.build": BUILD, "be.clearinghouse.base": tag("web")})
    _make(engine)
    assert engine.context == b""


def test_one_on_an_older_web_is_put_on_this_one_from_its_own_files_and_keeps_its_date() -> None:
    date = "2026-11-01T09:00:00Z"
    engine = Engine(
        {
            "be.clearinghouse.build": BUILD,
            "be.clearinghouse.base": "clearinghouse/web:0",
            "be.clearinghouse.built": date,
        }
    )
    _make(engine)
    assert engine.dockerfile.splitlines()[:3] == [
        f"FROM {IMAGE.reference} AS before",
        f"FROM {tag('web')}",
        "COPY --from=before /site /site",
    ]
    assert f'LABEL "be.clearinghouse.built"="{date}"' in engine.dockerfile


def test_what_the_engine_refuses_is_told_in_one_sentence(folder: Path) -> None:
    with pytest.raises(Trouble, match=r"stack ma: the image .* could not be made: no space left"):
        _make(Engine(None, {"stream": "Step 1"}, {"error": "no space left on device"}), folder)


def test_a_site_of_the_partners_own_has_no_build() -> None:
    assert build_for(Path("/nowhere"), a_partner(), None) == ""


def test_a_build_that_is_held_is_what_runs() -> None:
    assert build_for(Path("/nowhere"), a_standard_partner(), BUILD) == BUILD


@pytest.mark.parametrize("held", ["newest", BUILD[:12], 7, ["a"], f"{BUILD}\n"])
def test_a_held_build_that_is_none_is_refused_with_the_way_out(held: object) -> None:
    with pytest.raises(Trouble, match=r"stacks/Pulumi.ma.yaml: site: .*chm site rollback ma --newest"):
        build_for(Path("/nowhere"), a_standard_partner(), held)


def test_files_of_a_build_that_are_there_are_taken_as_they_are(tmp_path: Path) -> None:
    there = tmp_path / ".state/sites/ma" / BUILD
    there.mkdir(parents=True)
    assert site_folder(tmp_path, a_standard_partner(), IMAGE) == there
