"""What readers see of Markdown is what another parser of CommonMark makes of it."""

import re
from collections.abc import Iterator

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from clearinghouse.installation import root
from clearinghouse.site.markup import html

OTHER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
PARTS = {
    "emphasis": "*a* _b_ **c** __d__ ***e*** a_b_c ~~f~~ **g*h*i** \\*j\\*",
    "code": "`a` ``b`c`` `<d>`\n\n```yaml\nx: <1>\n\ny: 2\n```\n\n    indented\n      more\n",
    "lists": "- a\n- b\n  1. c\n  2. d\n\n     e\n- f\n\n\n7. g\n8. h\n\n* i\n\n* j\n",
    "quotes": "> a\n> b\n\n> c\n>\n> - d\n>\n> > e\n",
    "breaks": "a\nb  \nc\\\nd\n\n---\n\n***\n\ne\n",
    "headings": "# A *b*\n\nSetext\n======\n\nOther\n---\n\n#### C `d` #\n\n#e\n\n####### f\n",
    "links": '[a](https://x.test "T") [b][r] [r] [c *d*](/e) <https://y.test/?a=1&b=2> <i@j.test>\n\n[r]: /f',
    "references": "[a]: /b 'c'\n\n[A] and [none] and [d] [e]\n",
    "entities": "&amp; &eacute; &#233; &nope; 5 < 6 & 7 > 2 \"quoted\" 'single' …\n",
    "tables": "| a | b |\n|:--|--:|\n| *c* | d \\| e |\n| f |\n\ntext\n\na | b\n--|--\nc | d\n",
    "right to left": "# الحظائر\n\nنص *مائل* و[رابط](/a)\n\n- واحد\n- اثنان\n",
    "tags in a line": "a <b>c</b> <br> <a href='x'>d</a> <!-- e --> f",
}
"""All but blocks of HTML: there the other parser reads on as Markdown; here all of it is text."""


def of_partners() -> Iterator[tuple[str, str]]:
    for path in sorted((root() / "stacks").glob("*/*/*.md")):
        text = path.read_text().split("\n---", 1)[1]
        yield path.relative_to(root()).as_posix(), text.replace("](page:", "](")


def seen(page: str) -> list[str]:
    """Every element by its name and every text, as they follow; what only one of the two adds is left out."""
    found: list[str] = []
    for event, element in _walk(lxml_html.fragment_fromstring(page, create_parent="main")):
        tag = {"s": "del", "th": "td", "figure": "p"}.get(element.tag, element.tag)
        tag = re.sub(r"^h[1-6]$", "heading", tag)
        if event == "start":
            is_ours = tag in ("main", "thead", "tbody") or element.get("class") == "table"
            found += [] if is_ours else [f"<{tag} {element.get('href', '')}>"]
            found.append(element.text or "")
        else:
            found.append(element.tail or "")
    return " ".join(" ".join(found).split()).split()


def _walk(element: lxml_html.HtmlElement) -> Iterator[tuple[str, lxml_html.HtmlElement]]:
    yield "start", element
    for child in element:
        if child.tag != "figcaption":  # the other parser has it as the picture's title
            yield from _walk(child)
    yield "end", element


@pytest.mark.parametrize(("name", "text"), [*PARTS.items(), *of_partners()])
def test_the_same_words_in_the_same_elements(name: str, text: str) -> None:
    assert seen(html(text)) == seen(OTHER.render(text)), name
