"""The types of names: codes, languages, domains, addresses of people, text that is safe to show."""

import re
from datetime import date
from typing import Annotated

from pydantic import Strict
from pydantic_core import PydanticCustomError

from clearinghouse.declare.characters import named, unseen
from clearinghouse.declare.form import text_form
from clearinghouse.declare.should import should_be, text_of

LONGEST_DOMAIN = 230
"""Leaves room, within DNS's 253 characters, for the suffix under which the edge looks a name up."""

_CODE = r"[a-z]{2}"
_HOST_NAME = r"[a-z]([a-z0-9-]{0,28}[a-z0-9])?"
_LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_ASCII_DOMAIN = re.compile(rf"({_LABEL}\.)+(?!\d+$){_LABEL}")
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def _code(value: object) -> str:
    expected = "two letters a to z, as in cd"
    text = text_of(value, expected)
    if not re.fullmatch(_CODE, text):
        hint = f"did you mean {text.lower()}?" if re.fullmatch(_CODE, text.lower()) else None
        raise should_be(expected, hint=hint)
    return text


def _host_name(value: object) -> str:
    expected = "a host's name: letters a to z, digits and hyphens, at most 30"
    text = text_of(value, expected)
    if not re.fullmatch(_HOST_NAME, text):
        raise should_be(expected)
    return text


def _language(value: object) -> str:
    expected = "a language tag such as fr, pt-BR or zh-Hans"
    text = text_of(value, expected)
    if re.fullmatch(_LANGUAGE, text):
        return text
    usual = _usual_case(text)
    raise should_be(expected, hint=f"did you mean {usual}?" if re.fullmatch(_LANGUAGE, usual) else None)


def _usual_case(text: str) -> str:
    first, *rest = text.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def _domain(value: object) -> str:
    text = text_of(value, "a domain such as www.example.org")
    if _ASCII_DOMAIN.fullmatch(text) and "--" not in text:
        return _short_enough(text)
    return _short_enough(_mapped(text))


def _short_enough(domain: str) -> str:
    if len(domain) > LONGEST_DOMAIN:
        raise should_be(
            f"a domain of at most {LONGEST_DOMAIN} characters", found=f"{len(domain)} characters long"
        )
    return domain


def _mapped(text: str) -> str:
    """The name in the form that DNS uses: mapped by UTS 46, every label checked again after mapping."""
    import idna

    try:
        domain = idna.encode(text[:1000], uts46=True, std3_rules=True).decode("ascii")
        again = idna.encode(idna.decode(domain)).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise _no_domain(text) from None
    if again != domain or not _ASCII_DOMAIN.fullmatch(domain):
        raise _no_domain(text)
    return domain


def _no_domain(text: str) -> PydanticCustomError:
    bare = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split(":")[0].strip(".")
    helps = bare != text and _ASCII_DOMAIN.fullmatch(bare)
    return should_be("a domain such as www.example.org", hint=f"did you mean {bare}?" if helps else None)


def _email(value: object) -> str:
    expected = "an e-mail address such as someone@example.org"
    text = text_of(value, expected)
    mailbox, _, domain = text.rpartition("@")
    if not _MAILBOX.fullmatch(mailbox) or len(mailbox) > 64:
        raise should_be(expected)
    try:
        return f"{mailbox}@{_domain(domain)}"
    except PydanticCustomError:
        raise should_be(expected) from None


def _safe_text(value: object) -> str:
    text = text_of(value, "text")
    if sign := unseen(text):
        raise should_be("made of characters that can be seen", found=named(sign))
    if not text or text != text.strip():
        raise should_be("text without spaces around it")
    if len(text) > 200:
        raise should_be("text of at most 200 characters", found=f"{len(text)} characters long")
    return text


def _day(value: object) -> date:
    expected = "a day such as 2027-01-31"
    if isinstance(value, date):
        return value
    text = text_of(value, expected)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise should_be(expected)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise should_be("a day that exists") from None


Code = Annotated[str, text_form(_code, pattern=f"^{_CODE}$")]
HostName = Annotated[str, text_form(_host_name, pattern=f"^{_HOST_NAME}$")]
Language = Annotated[str, text_form(_language, pattern=f"^{_LANGUAGE}$")]
Domain = Annotated[str, text_form(_domain, minLength=3, maxLength=LONGEST_DOMAIN)]
Email = Annotated[str, text_form(_email, format="email")]
SafeText = Annotated[str, text_form(_safe_text, minLength=1, maxLength=200)]
Day = Annotated[date, text_form(_day, format="date")]
Flag = Annotated[bool, Strict()]
