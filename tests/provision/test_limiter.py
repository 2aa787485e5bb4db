import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import docker
import pytest

from clearinghouse.provision.limiter import Limiter

LONGEST = 10.0


class Engine(ThreadingHTTPServer):
    """As much of an engine's API as is asked: which containers are there, and set a limit."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.there = ["old"]
        self.refusals = 0
        self.limits: list[tuple[str, int]] = []
        self.is_limited = threading.Event()

    def limit(self, container: str, most: int) -> int:
        """Take a limit, or refuse it as long as refusals are left; gives the status of the answer."""
        if self.refusals:
            self.refusals -= 1
            return 409
        self.limits.append((container, most))
        self.is_limited.set()
        return 200


class _Answers(BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        self._answer(200, [{"Id": each} for each in self.server.there])

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        container = self.path.split("/")[-2]
        self._answer(self.server.limit(container, asked["PidsLimit"]), {})

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def _answer(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def limiter(engine: Engine) -> Limiter:
    client = docker.DockerClient(base_url=f"tcp://127.0.0.1:{engine.server_port}", version="1.43")
    return Limiter(client, "cd", "app", 64)


@pytest.mark.parametrize("refusals", [0, 2])
def test_a_new_container_is_limited_before_anybody_says_that_it_is_well(
    engine: Engine, limiter: Limiter, refusals: int
) -> None:
    engine.refusals = refusals
    limiter.begin()
    engine.there.append("new")
    assert engine.is_limited.wait(LONGEST)
    assert engine.limits == [("new", 64)]
    limiter.complete("new")
    assert engine.limits == [("new", 64), ("new", 64)]
