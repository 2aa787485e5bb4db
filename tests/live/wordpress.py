"""WordPress as its users use it: its own installer, its own login, its own API."""

import re
import secrets
import shutil
import subprocess
from pathlib import Path

import niquests

from tests.live.installation import CHECKOUT, Installation

CONFIG = """<?php
define('DB_HOST', getenv('DATABASE_HOST'));
define('DB_NAME', getenv('DATABASE_NAME'));
define('DB_USER', getenv('DATABASE_USER'));
define('DB_PASSWORD', trim(file_get_contents(getenv('DATABASE_PASSWORD_FILE'))));
define('DB_CHARSET', 'utf8mb4');
$table_prefix = 'wp_';
define('AUTH_KEY', '%(salt)s'); define('SECURE_AUTH_KEY', '%(salt)s'); define('LOGGED_IN_KEY', '%(salt)s');
define('NONCE_KEY', '%(salt)s'); define('AUTH_SALT', '%(salt)s'); define('SECURE_AUTH_SALT', '%(salt)s');
define('LOGGED_IN_SALT', '%(salt)s'); define('NONCE_SALT', '%(salt)s');
define('DISALLOW_FILE_MODS', true);
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""

TITLE = "Centre d’échange d’informations"
USER, PASSWORD = "webmaster", "correct horse battery staple"


def configuration() -> str:
    """A wp-config.php that reads where the database is from the environment and its password from a file."""
    return CONFIG % {"salt": secrets.token_hex(32)}


def put(installation: Installation, code: str, folder: Path, title: str = TITLE) -> "WordPress":
    """WordPress put into a partner's site and installed by its own installer; somebody is logged in.

    Args:
        folder: where it is copied to first; not there yet.
    """
    told = subprocess.run([CHECKOUT / "toolchain/wordpress"], capture_output=True, text=True, check=True)
    shutil.copytree(told.stdout.strip(), folder)
    (folder / "wp-config.php").write_text(configuration())
    installation.chm("put", code, str(folder)).well()
    wordpress = WordPress(installation, f"{code}.chm.localhost")
    page = wordpress.install(title)
    # The tests of other modules may have had one on this host before.
    assert "Success" in page or "Already Installed" in page
    assert wordpress.log_in()
    return wordpress


class WordPress:
    """A WordPress behind the edge.

    Args:
        installation: where it runs.
        name: its domain.
    """

    def __init__(self, installation: Installation, name: str) -> None:
        self.url = f"https://{name}"
        address = installation.host.ipv4
        self.session = niquests.Session(
            resolver=f"in-memory://default/?hosts={name}:{address}", disable_http3=True
        )
        self.session.trust_env = False
        self.session.verify = str(installation.ca)
        self._nonce = ""

    def install(self, title: str) -> str:
        """Run WordPress' own installer; gives its last page."""
        answer = self.session.post(
            f"{self.url}/wp-admin/install.php?step=2",
            data={
                "weblog_title": title,
                "user_name": USER,
                "admin_password": PASSWORD,
                "admin_password2": PASSWORD,
                "pw_weak": "1",
                "admin_email": "webmaster@example.org",
                "blog_public": "0",
                "Submit": "Install WordPress",
            },
            timeout=120,
        )
        return answer.text or ""

    def log_in(self) -> bool:
        """Log in; whether the dashboard opens."""
        self.session.cookies.set("wordpress_test_cookie", "WP Cookie check")
        self.session.post(
            f"{self.url}/wp-login.php",
            data={"log": USER, "pwd": PASSWORD, "wp-submit": "Log In", "testcookie": "1"},
            timeout=60,
        )
        nonce = self.session.get(f"{self.url}/wp-admin/admin-ajax.php?action=rest-nonce", timeout=60)
        self._nonce = (nonce.text or "").strip()
        return re.fullmatch(r"[0-9a-f]{10}", self._nonce) is not None

    def ask_for_a_new_password(self) -> None:
        """Have it send the mail that a forgotten password is reset with."""
        answer = self.session.post(
            f"{self.url}/wp-login.php?action=lostpassword",
            data={"user_login": USER, "redirect_to": "", "wp-submit": "Get New Password"},
            timeout=60,
        )
        assert "checkemail=confirm" in str(answer.url), answer.text

    def write_post(self, title: str, text: str) -> str:
        """Publish a post through the REST API; gives its address."""
        answer = self.session.post(
            f"{self.url}/?rest_route=/wp/v2/posts",
            json={"title": title, "content": text, "status": "publish"},
            headers={"X-WP-Nonce": self._nonce},
            timeout=60,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["link"])

    def upload(self, picture: Path) -> str:
        """Upload a picture through the REST API; gives its address."""
        answer = self.session.post(
            f"{self.url}/?rest_route=/wp/v2/media",
            data=picture.read_bytes(),
            headers={
                "X-WP-Nonce": self._nonce,
                "Content-Type": "image/png",
                "Content-Disposition": f'attachment; filename="{picture.name}"',
            },
            timeout=60,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["source_url"])

    def read(self, address: str) -> str:
        """The text at an address of the site."""
        answer = self.session.get(address, timeout=60)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.text or ""

    def serves(self, address: str) -> bool:
        """Whether an address answers with a page now."""
        try:
            return self.session.get(address, timeout=30).status_code == 200
        except niquests.exceptions.RequestException:
            return False
