"""Visitors who come at a constant rate, half of them to read and half to write, and note every answer.

    with Load(installation, "https://cd.chm.localhost/echo.php") as load:
        ...
    assert not load.failures

Their script runs by itself in the network namespace of the lab's client, until its standard input ends:
`python load.py URL ADDRESS CA RATE READS`.
"""

import http.client
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

RATE = 100
VISITORS = 200
"""At most so many at a time: at this rate each may take two seconds before the next one has to wait."""
PATIENCE = 10.0
FIRST = 20
"""Visits after which a load counts as begun."""


@dataclass(frozen=True)
class Visit:
    """One request and what came of it.

    Attributes:
        at: seconds since the load began.
        answer: empty when it was the right one; else what came instead.
        seconds: how long it took.
    """

    at: float
    method: str
    answer: str
    seconds: float


class Load:
    """A constant rate of visits from the lab's client, from entering to leaving.

    Args:
        installation: whose host is visited.
        url: a page that answers a GET with `read` and a POST with what it was sent.
        rate: visits a second.
        reads_only: nobody writes, and any page is right.
    """

    def __init__(self, installation: Any, url: str, *, rate: int = RATE, reads_only: bool = False) -> None:
        namespace = installation.lab.client.machine.namespace
        visit = [url, installation.host.ipv4, str(installation.ca), str(rate), "reads" if reads_only else ""]
        self._command = ["nsenter", f"--net=/run/netns/{namespace}", sys.executable, __file__, *visit]
        self.visits: list[Visit] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == "begun", "the load did not begin"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        written, _ = self._process.communicate(timeout=60)
        self.visits = [Visit(**json.loads(line)) for line in written.splitlines()]

    @property
    def failures(self) -> list[Visit]:
        """The visits that did not get the right answer, in their order."""
        return [visit for visit in self.visits if visit.answer]

    @property
    def rate(self) -> float:
        """Visits a second, as they were really made."""
        return len(self.visits) / self.visits[-1].at

    @property
    def slowest(self) -> float:
        """Seconds of the slowest visit."""
        return max(visit.seconds for visit in self.visits)

    def count(self, method: str) -> int:
        """How many visits were of a method."""
        return sum(visit.method == method for visit in self.visits)


class _Visitors:
    """Those who visit: each thread keeps its connection as long as the server does."""

    def __init__(self, url: str, address: str, ca: str, *, reads_only: bool) -> None:
        self._parts = urlsplit(url)
        self._reads_only = reads_only
        self._address = (address, self._parts.port or 443)
        self._context = ssl.create_default_context(cafile=ca)
        self._own = threading.local()
        self._began = time.monotonic()
        self.visits: list[Visit] = []

    def visit(self, number: int) -> None:
        method = "POST" if number % 2 and not self._reads_only else "GET"
        started = time.monotonic()
        try:
            answer = self._ask(method, f"number {number}")
        except (OSError, http.client.HTTPException) as error:
            self._own.connection.close()
            self._own.connection = None
            answer = f"{type(error).__name__}: {error}"
        ended = time.monotonic()
        self.visits.append(Visit(round(started - self._began, 2), method, answer, round(ended - started, 3)))

    def _ask(self, method: str, body: str) -> str:
        connection = self._connection()
        sent, right = (body.encode(), body) if method == "POST" else (None, "read")
        connection.request(method, self._parts.path, body=sent)
        reply = connection.getresponse()
        text = reply.read().decode(errors="replace")
        is_right = reply.status == 200 and (self._reads_only or text == right)
        return "" if is_right else f"{reply.status} {text[:80]}"

    def _connection(self) -> http.client.HTTPSConnection:
        connection: http.client.HTTPSConnection | None = getattr(self._own, "connection", None)
        if connection is None or connection.sock is None:
            name = str(self._parts.hostname)
            connection = http.client.HTTPSConnection(name, timeout=PATIENCE)
            self._own.connection = connection
            plain = socket.create_connection(self._address, timeout=PATIENCE)
            connection.sock = self._context.wrap_socket(plain, server_hostname=name)
        return connection


def main(url: str, address: str, ca: str, rate: str, reads: str) -> None:
    """Visit until standard input ends, then print every visit as a JSON line."""
    visitors, ended = _Visitors(url, address, ca, reads_only=bool(reads)), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    began, number = time.monotonic(), 0
    with ThreadPoolExecutor(VISITORS) as pool:
        while not ended.is_set():
            pool.submit(visitors.visit, number)
            number += 1
            if number == FIRST:
                print("begun", flush=True)
            time.sleep(max(0.0, began + number / float(rate) - time.monotonic()))
    for visit in visitors.visits:
        print(json.dumps(asdict(visit)))


if __name__ == "__main__":
    main(*sys.argv[1:])
