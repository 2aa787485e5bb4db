"""A static site of some hundred files."""

import gzip

import pytest

from tests.live.installation import Installation

pytestmark = pytest.mark.live

NAME = "xs.chm.localhost"
PAGES = 400


@pytest.fixture(scope="module")
def site(installation: Installation) -> Installation:
    """Four hundred pages in forty folders, put with one command."""
    pages = {
        f"rapport-{number % 40}/page-{number}.html": f"<title>{number}</title><p>{'Bénin ' * 200}{number}"
        for number in range(PAGES)
    }
    installation.put("xs", pages | {"index.html": "<!doctype html><title>Bénin</title><p>Accueil"})
    return installation


@pytest.mark.parametrize("number", [0, 199, 399])
def test_every_page_is_served(site: Installation, number: int) -> None:
    reply = site.curl(f"https://{NAME}/rapport-{number % 40}/page-{number}.html")
    assert reply.status == 200
    assert reply.text.endswith(str(number))


@pytest.mark.parametrize(("coding", "magic"), [("gzip", b"\x1f\x8b"), ("zstd", b"\x28\xb5\x2f\xfd")])
def test_pages_are_compressed(site: Installation, coding: str, magic: bytes) -> None:
    reply = site.curl(f"https://{NAME}/rapport-1/page-1.html", "-H", f"Accept-Encoding: {coding}")
    assert reply.headers["content-encoding"] == coding
    assert reply.body.startswith(magic)
    assert len(reply.body) < 600
    if coding == "gzip":
        assert gzip.decompress(reply.body).decode().endswith("1")


def test_an_unchanged_page_is_not_sent_twice(site: Installation) -> None:
    first = site.curl(f"https://{NAME}/")
    again = site.curl(f"https://{NAME}/", "-H", f"If-None-Match: {first.headers['etag']}")
    assert again.status == 304
    assert again.body == b""


def test_a_put_replaces_and_never_deletes(site: Installation) -> None:
    site.put("xs", {"rapport-0/page-0.html": "neuf"})
    assert site.curl(f"https://{NAME}/rapport-0/page-0.html").text == "neuf"
    assert site.curl(f"https://{NAME}/rapport-1/page-1.html").status == 200


def test_a_put_that_cannot_be_says_why(site: Installation) -> None:
    missing = site.chm("put", "xs", "/no/such/folder")
    assert missing.code == 2
    assert missing.output.startswith("/no/such/folder: should be a folder")
    unknown = site.chm("put", "xx", "/tmp")
    assert unknown.code == 2
    assert "there is no stacks/xx.yaml" in unknown.output


def test_a_backup_comes_back_in_a_drill(site: Installation) -> None:
    site.chm("backup", "now", "xs").well()
    assert "all 2 assertions hold" in site.chm("drill", "xs").well().output
