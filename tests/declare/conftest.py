"""A small, valid installation, into which tests put one file more."""

from pathlib import Path

import pytest

BENIN = """\
partner: bj
name: {fr: Bénin}
languages: [fr]
tier: host-only
since: 1995
domains: [bj.example.org, www.bj.example.org, bénin.example]
host: local
contacts:
  - {role: technical, name: Somebody, email: somebody@example.org, consent: false, review: 2027-01-31}
ssh_port: 2201
site: {runtime: static}
limits: {memory: 2G, cpus: 2, disk: 10G}
webmasters:
  - name: Somebody
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ
"""
CONGO = """\
partner: cd
name: {fr: Congo}
languages: [fr]
tier: host-only
since: 1998
domains: [cd.example.org]
host: local
contacts:
  - {role: technical, name: Somebody, email: somebody@example.org, consent: false, review: 2027-01-31}
site: {runtime: php, database: mariadb}
"""
LOCAL = """\
host: local
addresses: ["127.0.0.1"]
ports: {http: 8080, https: 8443}
capacity: {memory: 4G, cpus: 4, disk: 40G}
"""
PARIS = """\
host: paris
swarm_address: 192.0.2.7
edge_number: 7
capacity: {memory: 4G, cpus: 4, disk: 40G}
mail: {host: smtp.example.org}
"""


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    """The folder stacks/ of an installation with one partner on the first of two hosts."""
    return written(tmp_path)


def written(root: Path) -> Path:
    """Write the installation into a folder, and say where its stacks/ are."""
    files = {"bj.yaml": BENIN, "hosts/local.yaml": LOCAL, "hosts/paris.yaml": PARIS}
    (root / "stacks" / "hosts").mkdir(parents=True)
    (root / "Pulumi.yaml").write_text("name: clearinghouse\n")
    for name, text in files.items():
        (root / "stacks" / name).write_text(text, encoding="utf-8")
    return root / "stacks"
