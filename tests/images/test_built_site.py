"""What a partner's web makes of a built site: the real Caddy, with its configuration as it is rendered."""

import contextlib
import gzip
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearinghouse import error_pages
from clearinghouse.plan.web_config import caddyfile
from tests.plan.partners import a_host, a_standard_partner

CADDY = Path(__file__).parents[2] / ".state/bin/caddy"
NAME = "ma.example.org"
LANGUAGES = ["ar", "fr", "en", "pt-BR"]
FILES = {
    **{f"{language}/index.html": f"home {language}" for language in LANGUAGES},
    **{f"{language}/404.html": f"<link>missing {language}" for language in LANGUAGES},
    "fr/news/index.html": "nouvelles",
    "fr/news/atom.xml": "<feed/>",
    "fr/events/calendar.ics": "BEGIN:VCALENDAR",
    "fr/records/news.json": "[]",
    "catalogue.jsonld": "{}",
    "catalogue.ttl": "",
    "sitemap.xml": "<urlset/>",
    "assets/site.0123abcd.css": "p{}",
    "images/tree.0123.webp": "RIFF",
    "files/law.pdf": "%PDF",
    "files/deep/er/law.PDF": "%PDF",
    "files/drawing.svg": "<svg/>",
    "pagefind/pagefind.js": "export {}",
    "pagefind/fragment/fr_1.pf_fragment": "x",
    "pagefind/wasm.fr.pagefind": "x",
}


class Site:
    """A running web."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """The status, headers and body of an answer; header names with `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, headers={"Host": NAME, **named})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("web")
    for path, text in FILES.items():
        file = folder / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        os.utime(file, (1_000_000_123, 1_000_000_123))
    (folder / "site/fr/index.html.gz").write_bytes(gzip.compress(b"home fr", mtime=0))
    (folder / "site/fr/index.html.br").write_bytes(b"as if it were brotli")
    (folder / "errors").mkdir()
    for name, content in error_pages.render().items():
        (folder / "errors" / name).write_bytes(content)
    with _running(folder) as port:
        yield Site(port)


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[int]:
    names = dict.fromkeys(LANGUAGES, "Pays")
    text = caddyfile(a_standard_partner(languages=LANGUAGES, name=names), a_host())
    port, other = _free(), _free()
    for old, new in {
        " /site": f" {folder}/site", "/srv/errors": f"{folder}/errors",
        "http://:8080": f"http://:{port}", "http://:8081": f"http://:{other}",
    }.items():  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(text)
    command = [CADDY, "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={"HOME": str(folder), "PATH": os.environ["PATH"]}
        )
        try:
            _wait(port, process, folder / "log")
            yield port
        finally:
            process.terminate()
            process.wait()


def _free() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(100):
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("fr-BE,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.3,fr;q=0.7", "fr"),
        ("de,en;q=0.1", "en"),
        ("pt-PT", "pt-BR"),
        ("de", "ar"),
        ("", "ar"),
    ],
)
def test_the_entrance_leads_to_the_readers_language(site: Site, wanted: str, language: str) -> None:
    status, headers, _ = site.get("/", Accept_Language=wanted)
    assert (status, headers["location"]) == (302, f"/{language}/")
    assert "Accept-Language" in headers["vary"]
    assert site.get(headers["location"])[0] == 200


def test_a_folder_without_a_slash_leads_to_the_one_with_it(site: Site) -> None:
    status, headers, _ = site.get("/fr/news")
    assert (status, headers["location"]) == (308, "/fr/news/")


@pytest.mark.parametrize(
    ("path", "wanted", "language"),
    [
        ("/fr/no/such", "en", "fr"),
        ("/fr/no/such.html", "", "fr"),
        ("/fr-CA/", "en", "fr"),
        ("/pt/", "en", "pt-BR"),
        ("/pt-AO/news", "", "pt-BR"),
        ("/de/", "en,fr;q=0.5", "en"),
        ("/de", "", "ar"),
        ("/france/", "en", "en"),
        ("/assets/gone.css", "fr", "fr"),
        ("/files/gone.pdf", "fr", "fr"),
        ("/..%2f..%2fetc/passwd", "fr", "fr"),
    ],
)
def test_what_is_not_there_is_said_in_the_nearest_language(
    site: Site, path: str, wanted: str, language: str
) -> None:
    status, headers, body = site.get(path, Accept_Language=wanted)
    assert (status, body.decode()) == (404, f"<link>missing {language}")
    assert headers["content-language"] == language
    assert headers["content-type"].startswith("text/html")
    assert headers["cache-control"] == "no-store"
    assert "sandbox" not in headers["content-security-policy"]
    assert "style-src 'self'" in headers["content-security-policy"]


def test_a_page_has_the_strictest_policy(site: Site) -> None:
    _, headers, _ = site.get("/fr/")
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_a_document_of_the_partners_runs_nothing_and_a_pdf_is_shown(site: Site) -> None:
    assert "sandbox" in site.get("/files/drawing.svg")[1]["content-security-policy"]
    for path in ("/files/law.pdf", "/files/deep/er/law.PDF"):
        _, headers, _ = site.get(path)
        assert "content-security-policy" not in headers
        assert headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("path", ["/assets/site.0123abcd.css", "/images/tree.0123.webp"])
def test_what_is_named_by_its_content_is_kept_for_good(site: Site, path: str) -> None:
    assert site.get(path)[1]["cache-control"] == "public, max-age=31536000, immutable"


def test_a_page_is_kept_for_minutes_and_then_asked_for_by_its_tag(site: Site) -> None:
    _, headers, _ = site.get("/fr/news/")
    assert headers["cache-control"] == "public, max-age=300"
    assert "last-modified" not in headers
    status, _, body = site.get("/fr/news/", If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [("gzip, br, zstd", "br", b"as if it were brotli"), ("gzip", "gzip", gzip.compress(b"home fr", mtime=0))],
)
def test_what_was_compressed_at_build_is_sent_as_it_is(
    site: Site, accepted: str, coding: str, body: bytes
) -> None:
    _, headers, got = site.get("/fr/", Accept_Encoding=accepted)
    assert headers["content-encoding"] == coding
    assert "Accept-Encoding" in headers["vary"]
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert got[10:] == body[10:]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/fr/news/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/fr/events/calendar.ics", "text/calendar; charset=utf-8"),
        ("/fr/records/news.json", "application/json"),
        ("/catalogue.jsonld", "application/ld+json"),
        ("/catalogue.ttl", "text/turtle; charset=utf-8"),
        ("/pagefind/pagefind.js", "text/javascript; charset=utf-8"),
        ("/pagefind/fragment/fr_1.pf_fragment", "application/octet-stream"),
        ("/pagefind/wasm.fr.pagefind", "application/octet-stream"),
    ],
)
def test_a_file_is_of_the_kind_that_its_readers_know(site: Site, path: str, kind: str) -> None:
    status, headers, _ = site.get(path)
    assert (status, headers["content-type"]) == (200, kind)


def test_nothing_is_changed_by_a_visitor(site: Site) -> None:
    assert site.get("/fr/", method="POST")[0] == 405


def test_another_sites_name_is_refused_and_an_error_page_has_its_own_style(site: Site) -> None:
    status, headers, body = site.get("/fr/", Host="other.example.org")
    assert status == 421
    assert b"<style>" in body
    assert "content-security-policy" not in headers
