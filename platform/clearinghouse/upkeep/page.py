"""Asking a web server for a page as an edge does: by its address, and with the name that a visitor used."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

PORT = 8080
"""Where a partner's web listens."""
_SECONDS = 60
_LONGEST = 2_000_000
"""Bytes that are read of an answer."""
_MOST = 5
"""So many redirections are followed."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered.

    Attributes:
        status: the HTTP status code; 0 where it did not answer.
        path: where that was, which may be elsewhere than was asked.
        body: the text of it; where it did not answer, why.
    """

    status: int
    path: str
    body: str


def page(address: str, name: str, path: str) -> Page:
    """What is at a path; redirections within the site are followed.

    Args:
        address: of the server.
        name: the site's.
    """
    for _ in range(_MOST):
        found, target = _ask(address, name, path)
        parts = urlsplit(target)
        if not target or parts.netloc.partition(":")[0] not in ("", name):
            break
        path = parts.path + (f"?{parts.query}" if parts.query else "")
    return found


def _ask(address: str, name: str, path: str) -> tuple[Page, str]:
    """The answer, and where it points to if it is a redirection."""
    connection = http.client.HTTPConnection(address, PORT, timeout=_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": name, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        body = answer.read(_LONGEST).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return Page(0, path, str(error) or type(error).__name__), ""
    finally:
        connection.close()
    is_elsewhere = 300 <= answer.status < 400
    return Page(answer.status, path, body), (answer.headers.get("Location") or "") if is_elsewhere else ""
