"""toolchain/engine on a machine that has no engine running."""

import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
BARE_MACHINE = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
EMPTY_FOLDERS = ("/run", "/var/lib/docker", "/var/log", "/etc/docker")


def on_a_bare_machine(lines: str) -> subprocess.CompletedProcess[str]:
    """Run lines of bash where no engine, systemd or network is to be seen, and nothing outlives them."""
    prepared = "set -e; ip link set lo up\n" + "".join(
        f"mkdir -p {folder}; mount -t tmpfs none {folder}\n" for folder in EMPTY_FOLDERS
    )
    environment = {key: value for key, value in os.environ.items() if key != "DOCKER_HOST"}
    command = [*BARE_MACHINE, "bash", "-c", prepared + lines]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180)


def test_starts_one_that_keeps_ipv6_addresses_uses_it_again_and_stops_it() -> None:
    done = on_a_bare_machine("""
        toolchain/engine
        toolchain/engine start
        docker network create --ipv6 --subnet fd00:77::/64 public >/dev/null
        ip6tables -t nat -S POSTROUTING | grep -c fd00:77::/64
        toolchain/engine stop
        toolchain/engine stop
    """)
    started, stopped, nothing = done.stderr.splitlines()
    assert done.returncode == 0
    assert started.endswith(" started")
    assert stopped.startswith("stopping the Docker engine")
    assert nothing == "no engine that toolchain/engine started is running"
    assert done.stdout == "1\n"


def test_respects_the_machines_own_settings() -> None:
    done = on_a_bare_machine("""
        echo '{"data-root": "/var/log/elsewhere"}' >/etc/docker/daemon.json
        toolchain/engine
        docker info --format '{{.DockerRootDir}}'
    """)
    assert (done.returncode, done.stdout) == (0, "/var/log/elsewhere\n")


def test_an_engine_that_cannot_start_is_one_line_with_the_log() -> None:
    done = on_a_bare_machine("""
        echo 'not JSON' >/etc/docker/daemon.json
        toolchain/engine
    """)
    log = "/var/log/clearinghouse-engine.log"
    assert done.returncode == 1
    assert done.stderr == f"engine: the Docker engine ended at once; why is in {log}\n"
