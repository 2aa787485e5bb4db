"""A page is asked for as an edge asks for it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from clearinghouse.upkeep import page as pages
from clearinghouse.upkeep.page import Page, page


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        target = {"/": "/fr/", "/away": "https://elsewhere.example/", "/round": "/round"}.get(self.path)
        is_visitors = (self.headers["Host"], self.headers["X-Forwarded-Proto"]) == ("cd.example", "https")
        self.send_response(302 if target else 200 if is_visitors else 421)
        if target:
            self.send_header("Location", target)
        self.end_headers()
        self.wfile.write(f"Forêts at {self.path}".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        monkeypatch.setattr(pages, "PORT", server.server_address[1])
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_it_has_the_sites_name_and_follows_the_site_to_its_home_page(site: None) -> None:
    assert page("127.0.0.1", "cd.example", "/") == Page(200, "/fr/", "Forêts at /fr/")


def test_it_follows_nobody_out_of_the_site_nor_for_ever(site: None) -> None:
    assert page("127.0.0.1", "cd.example", "/away").status == 302
    assert page("127.0.0.1", "cd.example", "/round").status == 302


def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PORT", 1)
    assert page("127.0.0.1", "cd.example", "/") == Page(0, "/", "[Errno 111] Connection refused")
