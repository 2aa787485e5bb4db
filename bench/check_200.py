"""How long `chm check` takes over 200 partners on four hosts, start of the interpreter included.

Run with `python bench/check_200.py` from anywhere, with the environment's Python.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 7
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ someone@example.org"
HOST = """\
host: {name}
capacity: {{memory: 64G, cpus: 64, disk: 999G}}
mail: {{host: smtp.example.org}}
"""
PARTNER = """\
partner: {code}
name: {{fr: Exemple {code}, en: Example {code}}}
languages: [fr, en]
tier: host-only
since: 2001
domains:
  - {code}.example.org
  - www.{code}.example.org
  - münchen-{code}.example.org
host: {host}
contacts:
  - role: national-focal-point
    name: Somebody
    email: somebody@{code}.example.org
    consent: true
    review: 2027-01-31
  - role: technical
    name: Somebody Else
    email: technical@{code}.example.org
    consent: false
    review: 2027-01-31
webmasters:
  - name: Somebody Else
    key: {key}
ssh_port: {port}
site:
  runtime: php
  database: mariadb
  writable: [wp-content/uploads, wp-content/cache]
  cron:
    - schedule: "*/5 * * * *"
      command: php wp-cron.php
  php:
    upload_max_filesize: 32M
    date.timezone: Africa/Kinshasa
  health: {{path: /, text: Exemple}}
egress: ["api.example.org:443"]
mail:
  senders: [site@{code}.example.org]
limits: {{memory: 768M, cpus: 1, disk: 5G, processes: 100}}
"""


def write_installation(root: Path, partners: int) -> None:
    """Fill a folder with so many partners, fifty on a host."""
    (root / "stacks" / "hosts").mkdir(parents=True)
    (root / "Pulumi.yaml").write_text("name: bench\n")
    for index in range(partners):
        code = LETTERS[index // 26] + LETTERS[index % 26]
        host = f"host-{index // 50 + 1}"
        (root / "stacks" / "hosts" / f"{host}.yaml").write_text(HOST.format(name=host))
        text = PARTNER.format(code=code, host=host, key=KEY, port=20000 + index)
        (root / "stacks" / f"{code}.yaml").write_text(text, encoding="utf-8")


def seconds(folder: Path) -> float:
    """Run `chm check` once."""
    command = [sys.executable, "-m", "clearinghouse.cli.main", "check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    took = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return took


def main() -> None:
    """Print the figures."""
    for partners in (0, 200):
        with tempfile.TemporaryDirectory() as folder:
            write_installation(Path(folder), partners)
            runs = sorted(seconds(Path(folder)) for _ in range(RUNS))
        span = f"{runs[0]:.2f} to {runs[-1]:.2f} s in {RUNS} runs"
        print(f"chm check, {partners:3} partners: {statistics.median(runs):.2f} s ({span})")


if __name__ == "__main__":
    main()
