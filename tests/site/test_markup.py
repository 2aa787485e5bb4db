"""A partner's Markdown: what becomes of it, and what never does."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from clearinghouse.site.markup import html, plain
from clearinghouse.site.safe import is_safe
from clearinghouse.site.texts import slug
from tests.site import naughty

MARKS = "abc <>[]()!#*_`~|\\\"'&;:/=\n\t-+.1é\u0301ع国"
PIECES = (
    "\n\n",
    "javascript:",
    "images/a.jpg",
    "<img src=",
    "0",
    "](",
    "![",
    "<script>",
    "&colon;",
    "|---|\n",
)
TEXTS = st.lists(st.sampled_from([*MARKS, *PIECES, "```\n", "https://x.test", " on", "page:"]), max_size=60)
KNOWN = re.compile(
    "a|blockquote|br|code|del|div|em|figcaption|figure|h[2-6]|hr|img|li|ol|p|pre|strong"
    "|table|tbody|td|th|thead|tr|ul"
)
ATTRIBUTE = re.compile("alt|aria-label|class|href|id|loading|rel|role|scope|src|start|tabindex|title")


def assert_harmless(page: str) -> None:
    root = lxml_html.fragment_fromstring(page, create_parent="div") if page.strip() else None
    for element in [] if root is None else root.iterdescendants():
        assert isinstance(element.tag, str), page
        assert KNOWN.fullmatch(element.tag), page
        assert all(map(ATTRIBUTE.fullmatch, element.attrib)), page
        assert is_safe(element.get("href", "#")), page
        assert element.tag != "img" or re.fullmatch(r"images/[\w./-]+", element.get("src")), page
        assert element.tag != "img" or ".." not in element.get("src"), page


@pytest.mark.parametrize("text", naughty.MARKDOWN)
def test_nothing_that_a_partner_writes_becomes_live(text: str) -> None:
    assert_harmless(html(text))
    assert_harmless(html(f"Before\n\n{text}\n\nafter ![a](images/b.jpg) that"))


@given(TEXTS.map("".join))
def test_no_mixture_of_marks_becomes_live(text: str) -> None:
    assert_harmless(html(text, links=lambda target: f"/en/{target}"))


@given(st.text())
def test_any_text_becomes_html_that_can_be_written(text: str) -> None:
    assert html(text).encode().decode() == html(text)
    assert len(plain(text, 100).encode().decode()) <= 100


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_html_is_the_same_when_it_is_made_again(text: str) -> None:
    assert html(text) == html(text)


def test_the_topmost_heading_comes_below_the_pages_own() -> None:
    page = html("# One\n\n## Two\n\n# Three")
    assert page == '<h2 id="one">One</h2>\n<h3 id="two">Two</h3>\n<h2 id="three">Three</h2>\n'


def test_headings_leave_out_no_level() -> None:
    page = html("## A\n\n#### B\n\n### C\n\n## D\n\n# E\n\n###### F")
    assert re.findall(r"<(h\d)", page) == ["h2", "h3", "h3", "h2", "h2", "h3"]


def test_no_heading_is_deeper_than_six() -> None:
    page = html("\n\n".join("#" * level + " x" for level in range(1, 7)))
    assert re.findall(r"<(h\d)", page) == ["h2", "h3", "h4", "h5", "h6", "h6"]


def test_ids_of_headings_are_unique_and_in_the_partners_script() -> None:
    page = html("# Forêts & eaux\n\n# الحظائر\n\n# A\n\n# A\n\n# A 2\n\n# !\n\n# वन्यजीव")
    ids = re.findall(r'id="([^"]+)"', page)
    assert ids == ["forêts-eaux", "الحظائر", "a", "a-2", "a-2-2", "section", "वन्यजीव"]


def test_ids_of_several_texts_on_a_page_differ() -> None:
    assert html("# A\n\n[up](#a)", prefix="x-") == '<h2 id="x-a">A</h2>\n<p><a href="#x-a">up</a></p>\n'


def test_no_heading_takes_an_id_of_the_page_itself() -> None:
    assert '<h2 id="main-2">' in html("# Main")


def test_a_slug_has_an_end() -> None:
    assert len(slug("word " * 100)) <= 80
    assert slug("  Straße, 12 ") == "strasse-12"


def test_targets_within_the_site_are_looked_up() -> None:
    asked = []

    def links(target: str) -> str:
        asked.append(target)
        return f"/fr/{target.removeprefix('page:')}/"

    page = html("[a](page:about#who) [b](files/x.pdf) [c](news/slug?x=1) [d](#here) [e](/fr/)", links=links)
    assert asked == ["page:about", "files/x.pdf", "news/slug", "/fr/"]
    assert '<a href="/fr/about/#who">a</a> <a href="/fr/files/x.pdf/">b</a>' in page
    assert '<a href="/fr/news/slug/?x=1">c</a> <a href="#here">d</a>' in page


def test_a_target_that_is_nowhere_stays_as_text() -> None:
    assert html("See [the *plan*](news/gone).", links=lambda _: "") == "<p>See the <em>plan</em>.</p>\n"


def test_an_unsafe_address_from_the_look_up_stays_as_text() -> None:
    assert html("[x](a)", links=lambda _: "javascript:alert(1)") == "<p>x</p>\n"


def test_a_link_elsewhere_does_not_hand_over_the_window() -> None:
    page = html("[a](https://www.cbd.int/) <mailto:chm@example.org> <https://x.test>")
    assert '<a href="https://www.cbd.int/" rel="noopener">a</a>' in page
    assert '<a href="mailto:chm@example.org">' in page
    assert '<a href="https://x.test" rel="noopener">https://x.test</a>' in page


def test_an_address_in_the_text_is_not_turned_into_a_link() -> None:
    assert "<a" not in html("See https://www.cbd.int/ or www.cbd.int.")


@pytest.mark.parametrize("target", ["tel:+22921300000", "ftp://x.test/", "skype:x", "page:about"])
def test_other_schemes_stay_as_text(target: str) -> None:
    assert html(f"[call]({target})") == "<p>call</p>\n"


@pytest.mark.parametrize("address", naughty.ADDRESSES)
def test_misleading_addresses_are_not_safe(address: str) -> None:
    assert not is_safe(address)


@pytest.mark.parametrize(
    "address", ["https://x.test/a:b", "mailto:a@b.test", "/fr/", "a/b:c", "#x:y", "?q=a:b", "../x"]
)
def test_usual_addresses_are_safe(address: str) -> None:
    assert is_safe(address)


def test_a_picture_alone_becomes_a_figure_with_its_title_below() -> None:
    page = html(
        '![A & b](images/forest.jpg "By <me>")', pictures=lambda src, alt: f"<picture>{src}|{alt}</picture>"
    )
    assert page == (
        "<figure><picture>images/forest.jpg|A & b</picture><figcaption>By &lt;me&gt;</figcaption></figure>\n"
    )


def test_a_picture_in_a_line_stays_in_it() -> None:
    page = html("Look: ![a](images/a.jpg) here")
    assert page == '<p>Look: <img src="images/a.jpg" alt="a" loading="lazy"> here</p>\n'


def test_the_html_of_a_picture_is_inserted_as_it_is_and_only_for_pictures() -> None:
    text = '![one](images/1.jpg)\n\n<img src="0"> `<img src="0">` [x](y "<img src=\\"0\\">")'
    page = html(text, pictures=lambda src, alt: '<picture data-made="here"></picture>')
    assert page.count('<picture data-made="here">') == 1


def test_a_picture_from_elsewhere_leaves_its_alternative_text() -> None:
    assert html("![A *tree*](https://evil.test/a.jpg)") == "<p>A tree</p>\n"


def test_a_table_can_be_scrolled_and_has_a_name() -> None:
    page = html("| Year | km² |\n|:-:|--:|\n| 2020 | 12 |\n")
    assert page.startswith('<div class="table" role="region" tabindex="0" aria-label="Year, km²">\n<table>')
    assert '<th class="centre" scope="col">Year</th>' in page
    assert '<td class="end">12</td>' in page
    assert page.rstrip().endswith("</table>\n</div>")
    assert "style" not in page


def test_tables_that_look_alike_have_different_names() -> None:
    page = html(
        "| a |\n|---|\n| b |\n\nand\n\n| a |\n|---|\n| c |\n\nand\n\n|  |\n|---|\n| c |\n", table="Tableau"
    )
    assert re.findall(r'aria-label="([^"]+)"', page) == ["a", "a 2", "Tableau"]


def test_an_empty_heading_of_a_column_is_a_plain_cell() -> None:
    assert "<td></td>\n<th scope" in html("|  | b |\n|---|---|\n| x | y |\n")


def test_usual_marks_are_kept() -> None:
    page = html("*a* **b** ~~c~~ `d`\\\ne\n\n> f\n\n3. g\n\n---\n\n- h\n")
    for part in (
        "<em>a</em>",
        "<strong>b</strong>",
        "<del>c</del>",
        "<code>d</code><br>",
        '<ol start="3">',
        "<hr>",
    ):
        assert part in page
    assert "<blockquote>\n<p>f</p>" in page
    assert "<li>h</li>" in page


def test_no_text_gives_no_html() -> None:
    assert html("") == ""
    assert html("  \n") == ""


def test_a_summary_has_no_marks() -> None:
    text = (
        "# Title\n\nThe *first* [link](x) `code`.\n\n![pic](images/a.jpg)\n\n|a|\n|-|\n|b|\n\n- item\n\n<b>"
    )
    assert plain(text, 100) == "The first link code. item <b>"


def test_a_summary_ends_with_a_word() -> None:
    assert plain("One two, three four", 10) == "One two…"


def test_a_summary_of_a_script_without_spaces_is_cut_too() -> None:
    assert plain("国家公园和保护区", 5) == "国家公园…"
    assert plain("e\u0301" * 10, 6) == "e\u0301" * 2 + "…"
    assert plain("👩‍👩‍👧" * 5, 7) == "👩‍👩‍👧…"


@given(st.text(), st.integers(1, 50))
def test_a_summary_is_never_longer_than_asked(text: str, longest: int) -> None:
    assert len(plain(text, longest)) <= longest


def test_a_summary_knows_addresses_that_are_defined_at_the_end() -> None:
    text = "A [name][ref] here. " + "word " * 100 + "\n\nMore.\n\n[ref]: https://x.test\n"
    assert plain(text, 20) == "A name here. word…"


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "> " * 5_000, "`" * 20_000, "![" * 10_000, "*a " * 20_000, "<" * 20_000]
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    html(text)
    plain(text, 100)
    assert time.process_time() - begin < 5
