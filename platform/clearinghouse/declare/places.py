"""The types of places: paths within a site, what it may reach, images, addresses of hosts."""

import ipaddress
import re
from typing import Annotated

from pydantic import TypeAdapter, ValidationError

from clearinghouse.declare.form import Form, text_form
from clearinghouse.declare.names import Domain
from clearinghouse.declare.should import should_be, text_of

_PATH = r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,9}"
_URL_PATH = r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,199}"
_IMAGE = (
    r"([a-z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(?P<tag>:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?P<digest>@sha256:[0-9a-f]{64})?"
)
_DOCKER = r"(unix:///[A-Za-z0-9._/-]{1,100}|ssh://([A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+(:[0-9]{1,5})?)"
_HTTPS = r"https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
_REPOSITORY = r"(rest|s3):https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
_DOMAIN = TypeAdapter[str](Domain)


def _matching(pattern: str, expected: str, longest: int) -> Form:
    """Text of a form, no longer than so many characters."""

    def check(value: object) -> str:
        text = text_of(value, expected)
        if len(text) > longest or not re.fullmatch(pattern, text):
            raise should_be(expected)
        return text

    return text_form(check, pattern=f"^{pattern}$", maxLength=longest)


def _image(value: object) -> str:
    expected = "an image with its tag or digest, such as registry.example.org/portal:2.1"
    text = text_of(value, expected)
    named = re.fullmatch(_IMAGE, text) if len(text) <= 300 else None
    if not named or not (named["tag"] or named["digest"]):
        raise should_be(expected)
    return text


def _reachable(value: object) -> str:
    """A name and a port that a site may reach; addresses are left out: their owners change unseen."""
    expected = "a domain and a port such as api.example.org:443"
    name, colon, port = text_of(value, expected).rpartition(":")
    if not colon or not re.fullmatch(r"[1-9][0-9]{0,4}", port) or int(port) > 65535:
        raise should_be(expected)
    try:
        return f"{_DOMAIN.validate_python(name)}:{port}"
    except ValidationError:
        raise should_be(expected) from None


def _address(value: object) -> str:
    expected = "an IPv4 or IPv6 address such as 0.0.0.0 or ::"
    try:
        return str(ipaddress.ip_address(text_of(value, expected)))
    except ValueError:
        raise should_be(expected) from None


def network(bits: int, example: str) -> Form:
    """A private IPv4 network of a size."""
    expected = f"a private IPv4 network of the size /{bits}, such as {example}"

    def check(value: object) -> str:
        try:
            found = ipaddress.IPv4Network(text_of(value, expected))
        except ValueError:
            raise should_be(expected) from None
        if found.prefixlen != bits or not found.is_private:
            raise should_be(expected)
        return str(found)

    return text_form(check, examples=[example])


SitePath = Annotated[str, _matching(_PATH, "a path within the site such as wp-content/uploads", 200)]
UrlPath = Annotated[str, _matching(_URL_PATH, "a path of the site's addresses, beginning with /", 200)]
DockerAddress = Annotated[
    str, _matching(_DOCKER, "a Docker engine such as unix:///run/docker.sock or ssh://user@host", 300)
]
HttpsAddress = Annotated[str, _matching(_HTTPS, "an address that begins with https://", 300)]
RepositoryAddress = Annotated[
    str, _matching(_REPOSITORY, "a place for backups such as rest:https://backup.example.org/chm", 300)
]
Image = Annotated[str, text_form(_image, maxLength=300)]
Reachable = Annotated[str, text_form(_reachable, pattern=":[0-9]+$")]
Address = Annotated[str, text_form(_address)]
