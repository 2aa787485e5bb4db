"""What the platform says of itself where a partner has no page of its own: privacy, accessibility, terms."""

from collections.abc import Mapping

from markupsafe import Markup

from clearinghouse.site.menu import N_
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.values import Prose

_PARAGRAPHS: Mapping[str, tuple[str, ...]] = {
    "privacy": (
        N_("This site sets no cookies, counts no visitors and loads nothing from other sites."),
        N_(
            "The server keeps a record of requests, with their addresses, for a short time to find faults and"
            " attacks; nobody else gets it."
        ),
        N_("Names and contact details are published only of people who agreed to it."),
    ),
    "accessibility": (
        N_(
            "This site is made to meet the Web Content Accessibility Guidelines (WCAG) 2.2, level AA: it"
            " works with a keyboard, with a screen reader, enlarged, and on old and small devices."
        ),
        N_("Documents of others may not be accessible. Write to us, and we help you to what is in them."),
    ),
    "legal": (
        N_(
            "The national authority named below is responsible for what is published here. Belgium's national"
            " focal point to the Convention on Biological Diversity hosts the site as part of its partnership"
            " for clearing-house mechanisms."
        ),
    ),
    "contact": (
        N_("Write to us with questions, with information that is missing here, or about a mistake."),
    ),
}


def statement(frame: Frame, section: str) -> Prose | None:
    """The platform's own words for a section, in the reader's language."""
    if section not in _PARAGRAPHS:
        return None
    html = Markup("").join(Markup("<p>{}</p>").format(frame.text(text)) for text in _PARAGRAPHS[section])
    return Prose(html + _reach(frame, section), frame.reader.speech.spoken)


def _reach(frame: Frame, section: str) -> Markup:
    """Whom to write to, below what is said of terms and contact."""
    site, say = frame.site, frame.reader.say
    if section not in ("contact", "legal"):
        return Markup("")
    lines = [say(each) for each in (site.institution, site.address) if each]
    if site.contact:
        lines.append(Markup('<a href="mailto:{}">{}</a>').format(site.contact, site.contact))
    return Markup("<p>{}</p>").format(Markup("<br>").join(lines)) if lines else Markup("")
