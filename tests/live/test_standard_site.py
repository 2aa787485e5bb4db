"""A site that the platform builds: what is served, what a change of text does, and the way back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.installation import STATIC, Installation
from tests.live.load import Load

pytestmark = pytest.mark.live

CODE = "xw"
URL = f"https://{CODE}.chm.localhost"
FILES = {
    "site.yaml": "slogan: {fr: Ensemble, en: Together}\n",
    "country.yaml": "name: {fr: Atlantide, en: Atlantis}\ncode: BJ\n",
    "pages/about.yaml": (
        "title: {fr: À propos, en: About}\nbody: {fr: Le premier texte., en: The first text.}\n"
    ),
}
ABOUT = f"{URL}/fr/about/"
IMAGE, CONTAINER = "docker:index/remoteImage:RemoteImage", "docker:index/container:Container"


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Installation]:
    """A partner in two languages with a page, up."""
    _declare(installation)
    for name, text in FILES.items():
        (installation.root / "stacks" / CODE / name).parent.mkdir(parents=True, exist_ok=True)
        installation.declare(f"{CODE}/{name}", text)
    installation.chm("up", CODE).well()
    yield installation
    installation.chm("down", CODE, "--delete-data").well()
    assert _builds(installation) == []
    (installation.root / f"stacks/{CODE}.yaml").unlink()
    shutil.rmtree(installation.root / "stacks" / CODE)


def _declare(installation: Installation) -> None:
    text = STATIC.read_text().replace("xs", CODE).replace("site:\n  runtime: static\n", "")
    text = text.replace("host-only", "standard-site").replace("languages: [fr]", "languages: [fr, en]")
    installation.declare(f"{CODE}.yaml", text.replace("  fr: Atlantide", "  fr: Atlantide\n  en: Atlantis"))


def _builds(site: Installation) -> list[str]:
    return site.docker("images", "--format", "{{.Tag}}", f"clearinghouse/site-{CODE}").split()


def _write(site: Installation, text: str) -> None:
    """Change the one sentence of the page."""
    site.declare(f"{CODE}/pages/about.yaml", FILES["pages/about.yaml"].replace("Le premier texte.", text))


def _steps(site: Installation) -> dict[str, str]:
    """What a preview would do, by kind of resource; what stays is left out."""
    shown = site.activated("pulumi", "preview", "-s", CODE, "--refresh", "--json", "--non-interactive").well()
    steps = json.loads(shown.output[shown.output.index("{") :])["steps"]
    changes = [step for step in steps if step["op"] not in ("same", "refresh", "read")]
    return {step["urn"].split("::")[2].rpartition("$")[2]: step["op"] for step in changes}


def test_it_is_served_in_its_languages_from_an_image_without_data(site: Installation) -> None:
    assert "Le premier texte." in site.curl(ABOUT).text
    assert "The first text." in site.curl(f"{URL}/en/about/").text
    entrance = site.curl(f"{URL}/", "-H", "Accept-Language: de, en;q=0.2")
    assert (entrance.status, entrance.headers["location"]) == (302, "/en/")
    assert set(site.containers(CODE)) == {"web"}
    assert site.docker("volume", "ls", "--quiet", "--filter", f"name=chm-{CODE}-.*-g1$") == ""


def test_its_answers_bear_the_strictest_policy_and_are_compressed(site: Installation) -> None:
    reply = site.curl(ABOUT, "-H", "Accept-Encoding: br")
    assert reply.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-encoding"] == "br"
    assert reply.headers["cache-control"] == "public, max-age=300"
    again = site.curl(ABOUT, "-H", "Accept-Encoding: br", "-H", f"If-None-Match: {reply.headers['etag']}")
    assert again.status == 304


@pytest.mark.parametrize(
    ("path", "wanted", "language"),
    [("/en/no", "fr", "en"), ("/en-GB/", "fr", "en"), ("/de/", "en", "en"), ("/de/", "it", "fr")],
)
def test_what_is_not_there_is_said_in_the_nearest_language(
    site: Installation, path: str, wanted: str, language: str
) -> None:
    reply = site.curl(f"{URL}{path}", "-H", f"Accept-Language: {wanted}")
    assert (reply.status, reply.headers["content-language"]) == (404, language)
    assert f'lang="{language}"' in reply.text


def test_a_second_up_changes_nothing_and_a_preview_is_empty(site: Installation) -> None:
    assert "nothing to change" in site.chm("up", CODE).well().output
    site.preview(CODE).well()
    assert f"{CODE}: nothing changes" in site.chm("preview", CODE).well().output


def test_status_says_that_it_serves(site: Installation) -> None:
    assert "serving" in site.chm("status", CODE).well().output


def test_nothing_can_be_put_into_it(site: Installation, tmp_path: Path) -> None:
    refused = site.chm("put", CODE, str(tmp_path))
    assert (refused.code, f"its site is built from stacks/{CODE}" in refused.output) == (2, True)


def test_a_change_of_text_is_an_image_and_a_container_and_no_request_fails(site: Installation) -> None:
    before = site.containers(CODE)
    _write(site, "Le texte nouveau.")
    folders = len(list((site.root / ".state/sites" / CODE).iterdir()))
    assert _steps(site) == {IMAGE: "replace", CONTAINER: "replace"}
    told = site.chm("preview", CODE).well().output
    assert f"{CODE}: web: replaced (image), the new one first: no request is lost" in told
    assert len(list((site.root / ".state/sites" / CODE).iterdir())) == folders, "a preview built the site"
    with Load(site, ABOUT, reads_only=True) as load:
        site.chm("up", CODE).well()
    assert not load.failures, load.failures[:20]
    assert load.rate > 90
    assert "Le texte nouveau." in site.curl(ABOUT).text
    assert site.containers(CODE) != before
    site.preview(CODE).well()


def test_what_is_wrong_in_the_information_is_told_with_its_line_and_the_site_stays(
    site: Installation,
) -> None:
    site.declare(f"{CODE}/country.yaml", "name: {fr: Atlantide}\ncode: Atlantis\n")
    refused = site.chm("up", CODE)
    assert refused.code == 2
    assert f"stacks/{CODE}/country.yaml:2:" in refused.output
    site.declare(f"{CODE}/country.yaml", FILES["country.yaml"])
    assert "Le texte nouveau." in site.curl(ABOUT).text


def test_the_way_back_takes_seconds_and_lasts_until_it_is_ended(site: Installation) -> None:
    shown = site.chm("site", "builds", CODE).well().output.splitlines()
    assert [line.endswith("serving") for line in shown] == [True, False]
    shutil.rmtree(site.root / ".state/sites" / CODE)
    done = site.chm("site", "rollback", CODE, shown[1].split("  ")[0]).well()
    print(f"rollback: {done.seconds:.1f} s")
    assert done.seconds < 30
    assert "Le premier texte." in site.curl(ABOUT).text
    _write(site, "Le texte suivant.")
    again = site.chm("up", CODE).well().output
    assert "nothing to change, held at the build of" in again
    assert "Le premier texte." in site.curl(ABOUT).text
    site.chm("site", "rollback", CODE, "--newest").well()
    assert "Le texte suivant." in site.curl(ABOUT).text


def test_a_build_that_nobody_made_is_refused_with_those_that_are_there(site: Installation) -> None:
    refused = site.chm("site", "rollback", CODE, "1999")
    assert refused.code == 2
    assert "no build of that date is on the host; there is 20" in refused.output
    refused = site.chm("site", "rollback", "cd")
    assert "its site is not one that the platform builds" in refused.output


def test_five_builds_stay_on_the_host_and_pulumi_alone_builds_too(site: Installation) -> None:
    for number in range(4):
        _write(site, f"Texte {number}.")
        site.chm("up", CODE).well()
    assert len(_builds(site)) == 5
    _write(site, "Par Pulumi.")
    site.activated("pulumi", "up", "-s", CODE, "--yes", "--skip-preview", "--non-interactive").well()
    assert "Par Pulumi." in site.curl(ABOUT).text
    site.chm("up", CODE).well()
    assert len(_builds(site)) == 5


def test_another_web_below_it_is_another_image_of_the_same_build(site: Installation) -> None:
    dockerfile = site.root / "platform/images/web/Dockerfile"
    text = dockerfile.read_text()
    shutil.rmtree(site.root / ".state/sites" / CODE)
    dates = site.chm("site", "builds", CODE).well().output
    dockerfile.write_text(f"{text}LABEL be.clearinghouse.trial=1\n")
    try:
        site.chm("up", "host-local").well()
        site.chm("up", CODE).well()
        label = '{{index .Config.Labels "be.clearinghouse.trial"}}'
        assert site.docker("inspect", "-f", label, site.containers(CODE)["web"]) == "1"
        assert site.chm("site", "builds", CODE).well().output == dates
        assert "Par Pulumi." in site.curl(ABOUT).text
    finally:
        dockerfile.write_text(text)
        site.chm("up", "host-local").well()
    site.chm("up", CODE).well()


def test_a_partner_of_files_can_change_to_a_built_site(site: Installation) -> None:
    whole = (site.root / f"stacks/{CODE}.yaml").read_text()
    site.chm("down", CODE).well()
    site.declare(f"{CODE}.yaml", STATIC.read_text().replace("xs", CODE))
    site.chm("up", CODE).well()
    site.put(CODE, {"index.html": "files"})
    network = site.docker("network", "inspect", "-f", "{{.Id}}", f"chm-{CODE}")
    site.declare(f"{CODE}.yaml", whole)
    _write(site, "Le texte bâti.")
    with Load(site, f"{URL}/", reads_only=True) as load:
        site.chm("up", CODE).well()
    assert {visit.answer[:3] for visit in load.visits} <= {"", "302"}
    assert "Le texte bâti." in site.curl(ABOUT).text
    assert site.docker("network", "inspect", "-f", "{{.Id}}", f"chm-{CODE}") == network
    site.preview(CODE).well()
