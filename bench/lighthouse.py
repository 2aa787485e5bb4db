"""The example partners' sites as Lighthouse sees them on a phone: four marks out of 100 for each page.

Run with `python bench/lighthouse.py [--write]` from anywhere, with the environment's Python. Caddy serves
the sites as a partner's web server does, compressed files over HTTP on the loopback. Needs Chromium,
Node.js and npm (Debian: chromium, nodejs, npm); Lighthouse itself is fetched from npm once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from clearinghouse.declare.load import partner  # noqa: E402
from clearinghouse.plan.web_config import POLICY  # noqa: E402
from clearinghouse.site.build import build  # noqa: E402

VERSION = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PORT = 8765
PAGES = {"bj": ("fr", "en"), "ma": ("ar", "fr")}
_CONFIG = """{{
	admin off
	auto_https off
}}
:{port} {{
	root * {folder}
	header Content-Security-Policy "{policy}"
	header /assets/* Cache-Control "public, max-age=31536000, immutable"
	header /images/* Cache-Control "public, max-age=31536000, immutable"
	file_server {{
		precompressed br gzip
	}}
}}
"""


def main() -> None:
    """Print the marks, and write them down when that is asked."""
    told = [line for code, languages in PAGES.items() for line in marks(code, languages)]
    if "--write" in sys.argv:
        write(told)


def marks(code: str, languages: tuple[str, ...]) -> Iterator[str]:
    """The marks of a partner's home page, library and first piece of news, in each language."""
    declared = partner(ROOT / "stacks", code)
    folder = build(ROOT, declared)
    for language in languages:
        news = min(path.parent.name for path in (folder / language / "news").glob("*/index.html"))
        with served(folder):
            for page in ("", "library/", f"news/{news}/"):
                found = lighthouse(f"http://127.0.0.1:{PORT}/{language}/{page}")
                line = ", ".join(f"{name} {found[name]}" for name in CATEGORIES)
                print(f"{code} /{language}/{page}: {line}", flush=True)
                yield f"- {code} `/{language}/{page}`: {line}"


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """A site behind Caddy."""
    with tempfile.NamedTemporaryFile("w", suffix=".Caddyfile") as config:
        config.write(_CONFIG.format(port=PORT, folder=folder, policy="; ".join(POLICY)))
        config.flush()
        caddy = subprocess.Popen(
            [ROOT / ".state/bin/caddy", "run", "--config", config.name, "--adapter", "caddyfile"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(caddy)
            yield
        finally:
            caddy.terminate()
            caddy.wait()


def _wait(caddy: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/robots.txt").close()
            return
        except urllib.error.URLError:
            if caddy.poll() is not None:
                raise SystemExit(f"Caddy ended with {caddy.returncode}; is port {PORT} taken?") from None
            time.sleep(0.1)
    raise SystemExit("Caddy does not answer")


def lighthouse(address: str) -> dict[str, int]:
    """The marks of a page, phone profile with its simulated slow network."""
    done = subprocess.run(
        [
            program(),
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless --no-sandbox --disable-gpu --no-first-run",
        ],
        env={**os.environ, "CHROME_PATH": "/usr/bin/chromium"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Lighthouse failed on {address}: {done.stderr[-500:]}")
    report = json.loads(done.stdout)
    failed = {
        name: audit["title"] for name, audit in report["audits"].items() if audit["score"] not in (None, 1)
    }
    for name, title in failed.items():
        print(f"    {name}: {title}")
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}


def program() -> Path:
    """Lighthouse's command; fetched once, with what it needs, and no script of any package run."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / f"clearinghouse/lighthouse-{VERSION}"
    command = folder / "node_modules/.bin/lighthouse"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--ignore-scripts", f"lighthouse@{VERSION}"],
            cwd=folder,
            check=True,
        )
    return command


def write(told: list[str]) -> None:
    """Write the marks into docs/results/, with the date and the commit."""
    today = datetime.now(UTC).date()
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    head = (
        f"# Lighthouse, {today}\n\nCommit {commit}, `python bench/lighthouse.py`, {VERSION}, phone profile."
    )
    (ROOT / "docs/results" / f"{today}-lighthouse.md").write_text(head + "\n\n" + "\n".join(told) + "\n")


if __name__ == "__main__":
    main()
