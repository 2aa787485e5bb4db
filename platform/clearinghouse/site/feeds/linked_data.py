"""What a page is about, for search engines: JSON-LD in the terms of schema.org."""

import json
from typing import Any

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.context import Publication, subjects
from clearinghouse.site.feeds.things import Thing, is_work, known, text, thing, told
from clearinghouse.site.texts import clean, uri

# `</script` ends a script element, `<!--` changes how it is read, U+2028 and U+2029 end lines to old readers.
# In JSON all of them stand within texts alone, where \u says the same.
_IN_SCRIPT = [(character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029"]


def linked_data(publication: Publication, entry: Entry | None, language: str) -> str:
    """What a page is about, to be set into `<script type="application/ld+json">` as it stands.

    Args:
        publication: the site.
        entry: what the page shows; None for the home page.
        language: the page's.

    Returns:
        JSON-LD. Texts are in the page's language; one in another has its language beside it.
    """
    about = _home(publication, language) if entry is None else _about(publication, entry, language)
    return in_script({"@context": "https://schema.org", **about})


def in_script(data: Any) -> str:
    """JSON that is safe within an HTML script element."""
    told = json.dumps(_cleaned(data), ensure_ascii=False)
    for character, code in _IN_SCRIPT:
        told = told.replace(character, code)
    return told


def _cleaned(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _cleaned(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_cleaned(value) for value in data]
    return clean(data) if isinstance(data, str) else data


def _home(publication: Publication, language: str) -> Thing:
    return {"@graph": [_site(publication, language), _institution(publication, language)]}


def _site(publication: Publication, language: str) -> Thing:
    site = publication.content.site
    licence = site.licence.address if site.licence else None
    return known(
        {
            "@type": "WebSite",
            "@id": publication.at("#site"),
            "url": publication.at(f"{language}/"),
            "name": told(publication.name(language), language),
            "description": text(publication, site.slogan, language),
            "inLanguage": list(publication.languages),
            "license": uri(licence) if licence else None,
            "publisher": {"@id": publication.at("#institution")},
        }
    )


def _institution(publication: Publication, language: str) -> Thing:
    content = publication.content
    country = told(publication.words(content.country.name, language), language)
    return known(
        {
            **_publisher(publication, language),
            "email": content.site.contact,
            "address": text(publication, content.site.address, language),
            "areaServed": {"@type": "Country", "name": country, "identifier": content.country.code},
        }
    )


def _publisher(publication: Publication, language: str) -> Thing:
    return {
        "@type": "GovernmentOrganization",
        "@id": publication.at("#institution"),
        "name": told(publication.institution(language), language),
        "url": publication.at(f"{language}/"),
    }


def _about(publication: Publication, entry: Entry, language: str) -> Thing:
    """What every thing has, overruled by what its own type says."""
    own = thing(publication, entry, language)
    address = publication.page(entry, language)
    summary = None if own["@type"] == "Event" else publication.summary(entry, language)
    common = {
        "@id": address if "#" in address else f"{address}#it",
        "url": address,
        "name": told(publication.title(entry, language), language),
        "description": told(summary, language) if summary else None,
        "keywords": list(subjects(entry)) if is_work(own) else None,
    }
    return known(common | (_made(publication, entry, language) if is_work(own) else {}) | own)


def _made(publication: Publication, entry: Entry, language: str) -> Thing:
    updated = publication.updated(entry, language)
    return {
        "inLanguage": publication.title(entry, language).language,
        "dateModified": updated.isoformat() if updated else None,
        "publisher": _publisher(publication, language),
        "isPartOf": {"@id": publication.at("#site")},
    }
