"""A Docker engine in a network namespace."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from . import processes
from .shell import LabTrouble, in_namespace, run, succeeds

PATIENCE = 60.0
"""Seconds in which an engine starts or stops; with 150 networks a start was measured to take 9."""

OLD_IMAGES = "168h"
"""Unused images go after a week, or every change of a Dockerfile would stay on disk for ever."""


class Engine:
    """The engine of one played host.

    Args:
        namespace: the network namespace it runs in.
        store: folder of its images, kept between runs so that they need not be made again.
        runtime: folder of its socket, its log and its settings; short, since a socket's path is.
    """

    def __init__(self, namespace: str, *, store: Path, runtime: Path) -> None:
        self.namespace = namespace
        self.address = f"unix://{runtime / 'docker.sock'}"
        self.log = runtime / "dockerd.log"
        self._store = store
        self._runtime = runtime
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """This process's environment, with the Docker client pointed at this engine."""
        return {**os.environ, "DOCKER_HOST": self.address}

    def docker(self, *argv: str, timeout: float = 120) -> str:
        """Run `docker …` on this engine and give its output."""
        return run("docker", *argv, env=self.environment, timeout=timeout).strip()

    def begin(self) -> None:
        """Start for a new run: the images of earlier runs are there and nothing else of them."""
        for stale in ("swarm", "network"):
            run("rm", "-rf", str(self._store / "data" / stale))
        self.start()
        self._clear()
        self.docker("image", "prune", "--all", "--force", "--filter", f"until={OLD_IMAGES}")

    def start(self) -> None:
        """Start the engine and wait until it answers."""
        self._write_settings()
        self._drop_stale_pids()
        command = in_namespace(self.namespace, ("dockerd", "--config-file", str(self._settings)))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._wait_for_answer(self._process)

    def stop(self) -> None:
        """Stop the engine as an operator does, its containers with it."""
        if self._process:
            self._process.terminate()
            self._wait_for_end(self._process)

    def restart(self) -> None:
        """Stop and start it; containers come back as their restart policies say."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End the engine with no chance to clean up. Its containers run on until it starts again."""
        if self._process:
            self._process.kill()
            self._wait_for_end(self._process)

    def end(self) -> None:
        """Remove containers, volumes and networks, stop the engine, and leave no process and no mount."""
        try:
            if self._process and self._process.poll() is None:
                self._clear()
                self.stop()
        finally:
            remove_traces(self.namespace, self._store, self._runtime)
            self._reap()

    @property
    def _settings(self) -> Path:
        return self._runtime / "daemon.json"

    def _write_settings(self) -> None:
        """A file instead of flags, so that a /etc/docker/daemon.json of the machine is out of the play."""
        self._store.mkdir(parents=True, exist_ok=True)
        self._runtime.mkdir(parents=True, exist_ok=True)
        settings = {
            "data-root": str(self._store / "data"),
            "exec-root": str(self._runtime / "exec"),
            "pidfile": str(self._runtime / "docker.pid"),
            "hosts": [self.address],
            "experimental": True,  # for ip6tables before version 27: IPv6 clients keep their address
            "ip6tables": True,
        }
        self._settings.write_text(json.dumps(settings))

    def _drop_stale_pids(self) -> None:
        """An engine takes a dead process for a living one as long as nobody has collected it."""
        for file in (self._runtime / "docker.pid", self._runtime / "exec/containerd/containerd.pid"):
            if file.exists() and not processes.is_alive(int(file.read_text())):
                file.unlink()

    def _wait_for_answer(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + PATIENCE
        while not succeeds("docker", "--host", self.address, "version"):
            if process.poll() is not None:
                raise LabTrouble(f"the engine in {self.namespace} ended at once: {self._last_words()}")
            if time.monotonic() > end:
                raise LabTrouble(f"the engine in {self.namespace} does not answer; see {self.log}")
            time.sleep(0.1)

    def _wait_for_end(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise LabTrouble(f"the engine in {self.namespace} does not stop; see {self.log}") from None
        self._process = None

    def _reap(self) -> None:
        if self._process:
            self._wait_for_end(self._process)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return lines[-1] if lines else "its log is empty"

    def _clear(self) -> None:
        if self.docker("info", "--format", "{{.Swarm.LocalNodeState}}") != "inactive":
            self.docker("swarm", "leave", "--force")
        if found := self.docker("ps", "--all", "--quiet").split():
            self.docker("rm", "--force", "--volumes", *found)
        try:
            self._remove_volumes()
        except LabTrouble:
            # After a kill the engine miscounts who uses a mounted volume, until it starts once more.
            self.restart()
            self._remove_volumes()
        self.docker("network", "prune", "--force")
        self._remove_disks()

    def _remove_volumes(self) -> None:
        if found := self.docker("volume", "ls", "--quiet").split():
            self.docker("volume", "rm", "--force", *found)

    def _remove_disks(self) -> None:
        """What the platform mounts beside the engine's own folder: its partners' disks."""
        disks = self._store / "data-clearinghouse"
        for mount in _mounts_below(disks):
            run("umount", "--lazy", mount)
        run("rm", "-rf", "--one-file-system", str(disks))


def remove_traces(namespace: str, *folders: Path) -> None:
    """End every process of a played host and unmount everything below these folders of its engine."""
    while found := processes.running_in(namespace):
        processes.kill(found)
    for mount in _mounts_below(*folders):
        succeeds("umount", "--lazy", mount)


def _mounts_below(*folders: Path) -> list[str]:
    """List mount points, deepest first."""
    points = (line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines())
    return sorted({p for p in points if any(Path(p).is_relative_to(f) for f in folders)}, reverse=True)
