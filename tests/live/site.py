"""A WordPress that is filled, destroyed, looked at, and written to by somebody all the while."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import niquests
import pytest

from tests.live.installation import Installation
from tests.live.test_wordpress import TEXT, TITLE, _png
from tests.live.wordpress import WordPress, put

NAME = "cd.chm.localhost"
HURRY = 0.3
"""Seconds between two posts of whoever writes meanwhile."""


@dataclass
class Site:
    """A WordPress with a post and a picture, of which there is a backup at both places."""

    here: Installation
    wordpress: WordPress
    post: str
    picture: str
    run: str = ""

    def check(self) -> None:
        """All that was there reads back, byte by byte, and it can be written to."""
        assert TEXT in self.wordpress.read(self.post)
        assert self.wordpress.session.get(self.picture, timeout=30).content == _png()
        assert self.wordpress.log_in()
        assert "Encore" in self.wordpress.read(self.wordpress.write_post("Encore", TEXT))

    def generations(self) -> set[int]:
        """Those that its containers mount."""
        ids = self.here.docker("ps", "--quiet", "--filter", "label=be.clearinghouse.owner=cd").split()
        told = self.here.docker("inspect", "--format", "{{json .Mounts}}", *ids)
        names = [str(mount.get("Name")) for line in told.splitlines() for mount in json.loads(line)]
        found = [re.fullmatch(r"chm-cd-(?:site|database|writable-.*)-g(\d+)", name) for name in names]
        return {int(each[1]) for each in found if each}

    def volumes(self) -> set[str]:
        """All generations of its data that are on the host."""
        return set(re.findall(r"^chm-cd-.*-g\d+$", self.here.docker("volume", "ls", "--quiet"), re.MULTILINE))

    def in_site(self, script: str) -> None:
        """Run a script as root over all of its files, as whoever destroys a site could."""
        app = self.here.containers("cd")["app"]
        image = self.here.docker("inspect", "--format", "{{.Image}}", "chm-cd-backup")
        volumes = {
            mount["Destination"]: mount["Name"]
            for mount in json.loads(self.here.docker("inspect", "--format", "{{json .Mounts}}", app))
            if mount["Destination"].startswith("/site")
        }
        binds = [part for path, name in sorted(volumes.items()) for part in ("--volume", f"{name}:{path}")]
        self.here.docker(
            "run", "--rm", "--user", "0", "--network", "none", *binds, "--entrypoint", "bash", image, "-c",
            script,
        )  # fmt: skip

    @contextmanager
    def broken(self) -> Iterator[None]:
        """For a while it answers with an error."""
        settings = "/site/wp-settings.php"
        self.in_site(f"mv {settings} /site/kept && echo '<?php http_response_code(500);' >{settings}")
        yield
        self.in_site(f"mv /site/kept {settings}")

    def destroy(self) -> None:
        """Delete every file, and every table."""
        self.in_site("find /site -mindepth 1 -type f -delete")
        database = self.here.containers("cd")["database"]
        self.here.docker(
            "exec", database, "mariadb", "-e", "DROP DATABASE site; CREATE DATABASE site;",
        )  # fmt: skip
        assert self.wordpress.session.get(self.post, timeout=30).status_code >= 400


@dataclass
class Writer:
    """Somebody who writes one post after the other, and notes what came of each."""

    name: str
    here: Installation
    written: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def write(self, ended: threading.Event) -> None:
        wordpress = WordPress(self.here, NAME)
        while not ended.wait(HURRY):
            try:
                if wordpress.log_in():
                    wordpress.write_post("Entre-temps", TEXT)
                    self.written.append(time.monotonic())
                    continue
            except (AssertionError, niquests.exceptions.RequestException, ValueError):
                pass
            self.refused.append(time.monotonic())
        wordpress.session.close()


@contextmanager
def writing(here: Installation) -> Iterator[Writer]:
    """Somebody writes all the time."""
    writer, ended = Writer("awa", here), threading.Event()
    thread = threading.Thread(target=writer.write, args=(ended,))
    thread.start()
    try:
        yield writer
    finally:
        ended.set()
        thread.join()


@contextmanager
def a_site(installation: Installation, folders: pytest.TempPathFactory) -> Iterator[Site]:
    """The partner cd's, with a post and a picture."""
    wordpress = put(installation, "cd", folders.mktemp("wordpress") / "site")
    picture = folders.mktemp("picture") / "okapi.png"
    picture.write_bytes(_png())
    yield Site(installation, wordpress, wordpress.write_post(TITLE, TEXT), wordpress.upload(picture))
    wordpress.session.close()
