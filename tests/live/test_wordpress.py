"""WordPress from Debian's packages: a partner's PHP site with its own database."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.lab import wait_until
from tests.live.chromium import picture
from tests.live.installation import Installation
from tests.live.wordpress import WordPress, put

pytestmark = pytest.mark.live

NAME = "cd.chm.localhost"
TITLE, TEXT = "Les forêts du bassin du Congo", "Un texte écrit par l’API de WordPress."


@dataclass(frozen=True)
class Published:
    """A WordPress with a post and a picture."""

    wordpress: WordPress
    post: str
    picture: str
    bytes_of_picture: bytes


@pytest.fixture(scope="module")
def site(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """WordPress put, installed by its own installer, with a post and an upload made through its API."""
    wordpress = put(installation, "cd", tmp_path_factory.mktemp("wordpress") / "site")
    picture = tmp_path_factory.mktemp("picture") / "okapi.png"
    picture.write_bytes(_png())
    yield Published(
        wordpress, wordpress.write_post(TITLE, TEXT), wordpress.upload(picture), picture.read_bytes()
    )
    wordpress.session.close()


def _check(site: Published) -> None:
    assert TEXT in site.wordpress.read(site.post)
    assert site.wordpress.session.get(site.picture, timeout=30).content == site.bytes_of_picture


def test_the_post_and_the_upload_are_read_back_through_the_edge(site: Published) -> None:
    _check(site)
    assert site.picture.startswith("https://")
    assert "/wp-content/uploads/" in site.picture


def test_wordpress_sees_the_visitors_true_address(site: Published, installation: Installation) -> None:
    installation.put("cd", {"whoami.php": "<?php echo $_SERVER['REMOTE_ADDR'], ' ', $_SERVER['HTTPS'];"})
    assert installation.curl(f"https://{NAME}/whoami.php").text == f"{installation.lab.client.ipv4} on"
    assert (
        installation.curl(f"https://{NAME}/whoami.php", v6=True).text == f"{installation.lab.client.ipv6} on"
    )


def test_php_cannot_change_wordpress(site: Published, installation: Installation) -> None:
    installation.put("cd", {"try.php": "<?php var_dump(@file_put_contents(__DIR__ . '/index.php', 'x'));"})
    assert "bool(false)" in installation.curl(f"https://{NAME}/try.php").text
    _check(site)


def test_a_browser_shows_the_post(site: Published, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(site.post)
    assert TITLE in page.inner_text("h1")
    assert picture(page, "wordpress", tmp_path).stat().st_size > 5_000


@pytest.mark.parametrize("role", ["web", "app", "database"])
def test_it_survives_a_restart_of_each_container(
    site: Published, installation: Installation, role: str
) -> None:
    installation.docker("restart", installation.containers("cd")[role])
    _wait_until_serving(site)
    _check(site)


def test_it_survives_a_restart_of_the_engine(site: Published, installation: Installation) -> None:
    installation.host.restart_engine()
    _wait_until_serving(site)
    _check(site)


def test_it_survives_an_up_that_changes_its_limits(site: Published, installation: Installation) -> None:
    installation.change("cd.yaml", "memory: 768M", "memory: 896M")
    installation.chm("up", "cd").well()
    memory = installation.docker(
        "inspect", "-f", "{{.HostConfig.Memory}}", installation.containers("cd")["app"]
    )
    assert int(memory) > 400 * 1024 * 1024
    _check(site)


def test_its_own_page_for_what_is_not_there_is_shown(site: Published, installation: Installation) -> None:
    reply = installation.curl(f"https://{NAME}/?p=99999")
    assert reply.status == 404
    assert "wp-" in reply.text


def test_it_logs_in_again_when_the_stack_was_destroyed_and_its_secrets_were_lost(
    site: Published, installation: Installation
) -> None:
    installation.activated("pulumi", "destroy", "-s", "cd", "--yes", "--skip-preview").well()
    (installation.root / "stacks/Pulumi.cd.yaml").unlink()
    told = installation.chm("up", "cd").well().output
    assert "adopted the kept data of chm-cd-site-g1" in told
    assert "made database-password" in told
    installation.preview("cd").well()
    again = WordPress(installation, NAME)
    assert again.log_in()
    assert TEXT in again.read(again.write_post("Encore", TEXT))
    _check(site)
    again.session.close()


def _wait_until_serving(site: Published) -> None:
    wait_until(lambda: site.wordpress.serves(site.post), "WordPress serves", 120)


def _png() -> bytes:
    """A 2 × 2 picture (PNG, ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = b"\0" + b"\x1f\x5e\x3b" * 2
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows * 2))
        + chunk(b"IEND", b"")
    )
