"""Whatever stands in a partner's texts, no page runs it, no feed breaks, no page loses its parts."""

import io
import json

import pytest
from lxml import etree
from PIL import Image

from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.kinds import KINDS
from tests.site.filled import filled, written
from tests.site.made import Made

NAUGHTY = {
    "a script": "</script><script>alert(1)</script>",
    "an attribute": "\" onmouseover=alert(1) x='' autofocus onfocus=alert(1) y=\"",
    "a picture": "<img src=x onerror=alert(1)>]]><svg onload=alert(1)>",
    "a template": "{{ 7*7 }}{% include '/etc/passwd' %}${7*7}",
    "a comment": "--><!--&lt;b&gt;&amp;amp;-->",
    "feeds' own signs": "a\\;,:\"'b;X-EVIL:1 %0d%0aSet-Cookie: a=b",
    "a very long word": "w" * 490,
    "other scripts": "𝕿𝖊𝖘𝖙 ﷽ ﭏ 👩‍👩‍👧 ਸ਼".replace("\u200d", ""),
}


@pytest.fixture(scope="module", params=NAUGHTY)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    text = NAUGHTY[request.param]
    files: dict[str, str | bytes] = {
        f"{folder}/a.yaml": written(filled(kind.model, text))
        for folder, kind in KINDS.items()
        if folder != "pages"
    }
    page = filled(KINDS["pages"].model, text)
    files["pages/about.yaml"] = written({**page, "section": "about"})
    files["pages/more.yaml"] = written({**page, "section": "science"})
    files["site.yaml"] = written(filled(SiteFacts, text))
    files["country.yaml"] = written(filled(CountryFacts, text))
    files["files/a.pdf"] = b"%PDF"
    files["images/a.png"] = _picture()
    return Made(tmp_path_factory.mktemp("naughty"), files, "fr", "ar")


def test_no_page_runs_it(site: Made) -> None:
    for path, page in site.pages():
        running = page.xpath("//script[not(@type='application/ld+json')]/@src")
        assert all(each.startswith("/assets/search-") for each in running), path
        assert page.xpath("//script[not(@src) and not(@type='application/ld+json')]") == [], path
        assert list(page.xpath("//@*[starts-with(name(), 'on')]")) == [], path
        assert page.xpath("//iframe | //object | //embed | //base | //meta[@http-equiv]") == [], path
        addresses = page.xpath("//@href | //@src | //@action | //@formaction")
        assert [
            each for each in addresses if not each.startswith(("/", "#", "https://", "mailto:", "tel:"))
        ] == [], path


def test_data_within_pages_is_still_data(site: Made) -> None:
    found = [
        text
        for _, page in site.pages()
        for text in page.xpath("//script[@type='application/ld+json']/text()")
    ]
    assert found
    for text in found:
        assert json.loads(text)["@context"] == "https://schema.org"


def test_every_page_still_has_its_parts(site: Made) -> None:
    for path, page in site.pages():
        assert len(page.xpath("//main")) == 1, path
        assert len(page.xpath("//h1")) == 1, path
        if path:
            assert len(page.xpath("//body/footer")) == 1, path


def test_every_link_still_leads_somewhere(site: Made) -> None:
    assert site.leads_nowhere() == []


def test_every_feed_can_still_be_read(site: Made) -> None:
    read = set()
    for path, content in site.outputs.items():
        if isinstance(content, bytes) and path.endswith((".xml", ".rdf", ".svg")):
            read.add(etree.fromstring(content).tag)
        if isinstance(content, bytes) and path.endswith((".json", ".jsonld")):
            read.add(type(json.loads(content)))
    assert {
        "{http://www.w3.org/2005/Atom}feed",
        "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset",
        dict,
    } <= read


def _picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "PNG")
    return content.getvalue()


def test_the_texts_are_those_of_every_type(site: Made) -> None:
    assert {folder for folder, entries in site.content.entries.items() if entries} == set(KINDS)
