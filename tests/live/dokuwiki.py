"""DokuWiki as its readers use it: pages in flat files, written through its own form."""

import html
import re
from urllib.parse import urlencode

from tests.live.installation import Installation

LOCAL = """<?php
$conf['title'] = 'Centre d’échange';
$conf['useacl'] = 0;
$conf['updatecheck'] = 0;
"""


class DokuWiki:
    """An open DokuWiki behind the edge.

    Args:
        installation: where it runs.
        name: its domain.
    """

    def __init__(self, installation: Installation, name: str) -> None:
        self._installation = installation
        self._url = f"https://{name}/doku.php"
        self._jar = installation.root / ".state/dokuwiki-cookies"

    def read(self, page: str) -> str:
        """A page as its readers see it."""
        return self._ask(f"?{urlencode({'id': page})}")

    def write(self, page: str, text: str) -> None:
        """Fill in the page's form and save it."""
        form = self._ask(f"?{urlencode({'id': page, 'do': 'edit'})}")
        fields = {name: html.unescape(value) for name, value in _hidden(form)}
        sent = urlencode({**fields, "id": page, "wikitext": text, "do[save]": "1"})
        self._ask("", "--data", sent)

    def _ask(self, query: str, *options: str) -> str:
        cookies = ("--cookie", str(self._jar), "--cookie-jar", str(self._jar))
        return self._installation.curl(f"{self._url}{query}", *cookies, *options, timeout=60).text


def _hidden(form: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(name, value) for name, value in found if name not in ("id", "do")]
