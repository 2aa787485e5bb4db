"""A site as its readers find it: pages, languages, links."""

from pathlib import Path

import pytest
from lxml.html import HtmlElement

from clearinghouse.errors import Trouble
from tests.site.made import Made, said

NEWS = "---\ntitle: Journée\ndate: 2026-05-22\ntargets: [3]\n---\n\nVoir [la page](page:about).\n"
FILES: dict[str, str | bytes] = {
    "pages/about.fr.md": "---\ntitle: À propos\n---\n\nTexte **gras**.\n",
    "pages/about.en.md": "---\ntitle: About\n---\n\nBold text.\n",
    "news/day.fr.md": NEWS,
    "news/old.fr.md": NEWS.replace("date:", "updated: 2026-06-01\ndate:"),
    "news/old.en.md": "---\ntitle: Old\nupdated: 2026-05-23\n---\n\nText.\n",
    "links/cbd.yaml": "title: {fr: CDB, en: CBD}\nlink: https://www.cbd.int/\n",
    "nbsap/second.yaml": "title: SPANB\nperiod: 2011-2020\nfiles: {fr: spanb.pdf}\n",
    "protected-areas/w.yaml": (
        "name: {fr: Parc du W, en: W Park}\ndesignation: {fr: Parc national, en: National park}\n"
        "category: II\narea: 5632.8\nyear: 1954\nlatitude: 11.43\nlongitude: 2.28\n"
    ),
    "protected-areas/alibori.yaml": "name: Alibori\narea: 9\nlatitude: 11\nlongitude: 2.5\n",
    "species/birds.yaml": (
        "group: {fr: Oiseaux, en: Birds}\nknown: 505\nthreatened: 9\nyear: 2019\nsource: {fr: Une synthèse}\n"
    ),
    "files/spanb.pdf": b"%PDF-1.4" + b" " * 2000,
    "focal-points/a.yaml": (
        "role: cbd\nname: Exemple\norganisation: Ministère\ncity: {fr: Cotonou, ar: كوتونو}\ncountry: BJ\n"
        "emails: [a@example.org]\nconsent: true\nreview: 2026-01-31\n"
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("site"), FILES, "fr", "en", "ar")


def main(page: HtmlElement) -> HtmlElement:
    (element,) = page.xpath("//main")
    return element


def test_every_page_says_its_language_and_direction(site: Made) -> None:
    for path, page in site.pages():
        language = path.split("/")[0] if "/" in path else "fr"
        assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language == "ar" else "ltr"), path


def test_every_link_leads_somewhere(site: Made) -> None:
    assert site.leads_nowhere() == []


def test_every_page_has_one_first_heading(site: Made) -> None:
    assert [path for path, page in site.pages() if len(page.xpath("//h1")) != 1] == []


def test_a_page_not_translated_yet_says_so_and_in_which_language_its_text_is(site: Made) -> None:
    page = main(site.page("en/news/day/"))
    assert "not been translated yet" in said(page.xpath(".//*[contains(@class, 'notice')]")[0])
    assert page.xpath(".//*[contains(@class, 'prose')]/@lang") == ["fr"]
    assert page.xpath(".//h1/span/@lang") == ["fr"]


def test_the_note_is_in_the_readers_language(site: Made) -> None:
    notice = main(site.page("ar/news/day/")).xpath(".//*[contains(@class, 'notice')]")[0]
    assert "not been translated" not in said(notice)


def test_a_text_in_a_left_to_right_language_keeps_its_direction_on_an_arabic_page(site: Made) -> None:
    assert main(site.page("ar/about/")).xpath(".//*[contains(@class, 'prose')]/@dir") == ["ltr"]


def test_an_outdated_translation_leads_to_its_original(site: Made) -> None:
    notice = main(site.page("en/news/old/")).xpath(".//*[contains(@class, 'notice')]")[0]
    assert "older than the original" in said(notice)
    assert notice.xpath(".//a/@href") == ["/fr/news/old/"]


def test_a_page_names_only_the_languages_that_it_is_written_in(site: Made) -> None:
    assert site.page("fr/news/day/").xpath("//head/link[@rel='alternate' and @hreflang]/@hreflang") == ["fr"]
    assert site.page("fr/about/").xpath("//head/link[@rel='alternate' and @hreflang]/@hreflang") == [
        "fr",
        "en",
    ]


def test_what_is_empty_is_not_in_the_menu(site: Made) -> None:
    leads_to = site.page("fr/").xpath("//nav[contains(@class, 'menu')]//a/@href")
    assert "/fr/news/" in leads_to
    assert "/fr/projects/" not in leads_to
    assert not any(path.startswith("fr/projects/") for path in site.outputs)


def test_a_document_says_its_language_type_and_size_before_the_click(site: Made) -> None:
    (link,) = site.page("en/nbsap/").xpath("//a[@href='/files/spanb.pdf']")
    assert said(link) == "French PDF, 2 kB"


def test_a_focal_point_past_review_is_to_be_confirmed(site: Made) -> None:
    assert "To be confirmed" in said(main(site.page("en/focal-points/")))


def test_a_town_is_written_in_the_readers_script(site: Made) -> None:
    assert "كوتونو، بنين" in said(main(site.page("ar/focal-points/")))
    assert "Cotonou, Bénin" in said(main(site.page("fr/focal-points/")))


def test_a_protected_area_in_a_list_says_what_it_is_how_large_and_since_when(site: Made) -> None:
    (facts,) = main(site.page("en/protected-areas/")).xpath(".//li[.//a='W Park']//ul[@class='meta']")
    assert [said(fact) for fact in facts] == ["National park", "IUCN category II", "5,632.8 km²", "1954"]


def test_the_places_of_a_map_are_listed_beside_it_by_their_numbers(site: Made) -> None:
    (chart,) = main(site.page("en/protected-areas/")).xpath(".//figure[contains(@class, 'chart')]")
    assert [said(place) for place in chart.xpath("ol/li")] == ["Alibori", "W Park"]
    numbers = {a.get("aria-label"): said(a.xpath("g[@class='number']")[0]) for a in chart.xpath("svg/a")}
    assert numbers == {"1. Alibori": "1", "2. W Park": "2"}


def test_a_source_in_another_language_says_in_which(site: Made) -> None:
    (caption,) = main(site.page("ar/biodiversity/")).xpath(".//figcaption")
    assert caption.xpath("span/@lang") == ["fr"]
    assert said(caption).endswith("Une synthèse (2019)")


def test_each_thing_that_visitors_come_for_has_a_line_about_it(site: Made) -> None:
    tasks = main(site.page("en/")).xpath(".//nav[@class='tasks']//a")
    assert [said(task.xpath(".//strong")[0]) for task in tasks] == [
        "Strategy and action plan",
        "National focal points",
    ]
    assert all(said(task.xpath(".//small")[0]) for task in tasks)


def test_dates_and_numbers_are_written_as_the_language_writes_them(site: Made) -> None:
    assert "22 mai 2026" in said(main(site.page("fr/news/day/")))
    assert "22 May 2026" in said(main(site.page("en/news/day/")))


def test_a_record_is_found_by_the_global_target_that_it_serves(site: Made) -> None:
    assert "/fr/news/day/" in main(site.page("fr/library/target/3/")).xpath(".//a/@href")


def test_nothing_comes_from_elsewhere_and_nothing_is_written_into_pages(site: Made) -> None:
    for path, page in site.pages():
        loaded = page.xpath("//img/@src | //script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert [each for each in loaded if not each.startswith("/")] == [], path
        assert page.xpath("//style | //*/@style") == [], path
        assert page.xpath("//script[not(@src) and not(@type='application/ld+json')]") == [], path


def test_the_same_information_gives_the_same_bytes(tmp_path: Path, site: Made) -> None:
    again = Made(tmp_path, FILES, "fr", "en", "ar").outputs
    assert {path: made for path, made in again.items() if isinstance(made, bytes)} == {
        path: made for path, made in site.outputs.items() if isinstance(made, bytes)
    }


def test_a_file_that_no_record_names_is_not_given_out(tmp_path: Path) -> None:
    made = Made(tmp_path, {**FILES, "files/secret.pdf": b"x"})
    assert "files/spanb.pdf" in made.outputs
    assert "files/secret.pdf" not in made.outputs


def test_a_site_without_anything_but_its_name_is_a_site(tmp_path: Path) -> None:
    made = Made(tmp_path, {}, "fr")
    assert made.leads_nowhere() == []
    assert "Ensemble" in said(main(made.page("fr/")))


def test_a_link_to_a_document_that_is_not_given_out_is_told_with_its_file(tmp_path: Path) -> None:
    files = {
        **FILES,
        "files/secret.pdf": b"x",
        "news/new.fr.md": NEWS.replace("page:about", "files/secret.pdf"),
    }
    with pytest.raises(Trouble, match=r"stacks/bj/news/new.fr.md:[0-9]+:[0-9]+: .*files/secret.pdf"):
        Made(tmp_path, files)


def test_the_search_finds_records_and_sections_but_no_lists_of_them(site: Made) -> None:
    indexed = {path for path, page in site.pages() if page.xpath("//main[@data-pagefind-body]")}
    assert {"fr/news/day/", "fr/about/", "fr/focal-points/"} <= indexed
    assert not indexed & {
        "fr/",
        "fr/news/",
        "fr/library/",
        "fr/library/target/3/",
        "fr/sitemap/",
        "fr/404.html",
    }


def test_every_page_tells_search_engines_what_it_is_about(site: Made) -> None:
    untold = [
        path for path, page in site.pages() if path and not page.xpath("//meta[@name='description']/@content")
    ]
    assert untold == []
    about = site.page("fr/library/target/3/").xpath("string(//meta[@name='description']/@content)")
    assert "Bénin" in about
