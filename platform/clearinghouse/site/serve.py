"""A preview of a site on this machine: a changed file is built at once, and browsers load the page anew."""

import functools
import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clearinghouse.errors import Trouble

_LOOK = 0.1
"""Seconds between looks at the files: at two thousand of them, a look takes a fifteenth of that."""
_RELOAD = b"""
<script>
new EventSource("/-/changes").onmessage = () => location.reload();
</script>
"""
_TYPES = {".atom": "application/atom+xml", ".ics": "text/calendar", ".jsonld": "application/ld+json"}


class Preview:
    """Serves the newest build.

    Args:
        build: makes the site and gives its folder; raises Trouble where something is wrong.
        watched: folders whose files it is made from.
        told: is told of each build, and of what is wrong.
        index: adds the search to a build; it takes longer than all else, so the pages do not wait for it.
    """

    def __init__(
        self,
        build: Callable[[], Path],
        watched: tuple[Path, ...],
        told: Callable[[str], None],
        index: Callable[[Path], None],
    ) -> None:
        self._build = build
        self._watched = watched
        self._told = told
        self._index = index
        self._indexing = threading.Lock()
        self._changed = threading.Condition()
        self.number = 0
        self.folder: Path | None = None

    def refresh(self) -> None:
        """Build, and tell the browsers; the last good build stays while something is wrong."""
        started = time.monotonic()
        try:
            folder = self._build()
        except Trouble as trouble:
            self._told(str(trouble))
            return
        self._told(f"built in {time.monotonic() - started:.1f} s")
        with self._changed:
            self.folder = folder
            self.number += 1
            self._changed.notify_all()
        threading.Thread(target=self._add_search, args=(folder,), daemon=True).start()

    def _add_search(self, folder: Path) -> None:
        """One after the other, and none for a build that is not shown any more."""
        with self._indexing:
            if folder == self.folder and not (folder / "pagefind").exists():
                try:
                    self._index(folder)
                except Trouble as trouble:
                    self._told(str(trouble))

    def watch(self) -> None:
        """Build again whenever a file changes, for ever."""
        seen = self._state()
        while True:
            time.sleep(_LOOK)
            now = self._state()
            if now != seen:
                seen = now
                self.refresh()

    def changes(self, timeout: float) -> bool:
        """Wait for the next build; False when there was none in so many seconds."""
        with self._changed:
            number = self.number
            return self._changed.wait_for(lambda: self.number != number, timeout)

    def _state(self) -> list[tuple[str, int, int]]:
        return sorted(_stamps(self._watched))


def _stamps(folders: tuple[Path, ...]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                try:
                    state = os.stat(f"{place}/{name}")
                except FileNotFoundError:
                    continue
                yield f"{place}/{name}", state.st_mtime_ns, state.st_size


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, preview: Preview, language: str) -> None:
        self.preview = preview
        self.language = language
        super().__init__(*arguments)

    def do_GET(self) -> None:
        if self.path == "/-/changes":
            self._say_changes()
        elif self.path == "/":
            self.send_response(302)
            self.send_header("Location", f"/{self.language}/")
            self.end_headers()
        else:
            self._page()

    def translate_path(self, path: str) -> str:
        """The file of an address, in the newest build."""
        self.directory = str(self.preview.folder or "/nonexistent")
        return super().translate_path(path)

    def guess_type(self, path: object) -> str:
        """The media type; a few that Python does not know."""
        return _TYPES.get(Path(str(path)).suffix) or super().guess_type(str(path))

    def log_message(self, *_: object) -> None:
        """Nothing: a preview is not a server whose log anybody reads."""

    def _page(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if file.suffix != ".html" and file.is_file():
            super().do_GET()
            return
        status = 200 if file.is_file() else 404
        missing = (self.preview.folder or Path()) / self.language / "404.html"
        page = file if file.is_file() else missing
        content = (page.read_bytes() if page.is_file() else b"") + _RELOAD
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _say_changes(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"data: new\n\n" if self.preview.changes(15) else b": still here\n\n")
                self.wfile.flush()
        except OSError:
            return  # the browser went on


def server(preview: Preview, language: str, port: int) -> http.server.ThreadingHTTPServer:
    """A server on this machine's loopback.

    Args:
        preview: what it shows.
        language: where the root leads to.
        port: 0 for any that is free.

    Raises:
        Trouble: the port is taken.
    """
    handler = functools.partial(_Handler, preview=preview, language=language)
    try:
        made = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise Trouble(f"port {port} of 127.0.0.1: {error.strerror}; name another one with --port") from None
    made.daemon_threads = True
    return made
