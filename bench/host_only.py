"""The host-only tier beside its peers, on a played host: `up`, requests a second, memory at rest.

Run with `python bench/host_only.py [PART…] [--write]` from anywhere, as root, with the environment's Python;
the parts are unchanged, first and requests, all when none is named. With --write the figures go into
docs/results/ as well, with the date and the commit. Needs h2load and
docker-compose 1.29 (Debian: nghttp2-client, docker-compose).
"""

import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import Line, chosen, tell  # noqa: E402
from peers import compose, servers  # noqa: E402

from clearinghouse.declare.load import declare  # noqa: E402
from clearinghouse.plan.planner import plan_partner  # noqa: E402
from clearinghouse.provision.images import tag  # noqa: E402
from tests.lab import Lab, wait_until  # noqa: E402
from tests.lab.shell import in_namespace, run  # noqa: E402
from tests.live.installation import STATIC as FILES  # noqa: E402
from tests.live.installation import Installation  # noqa: E402

ROUNDS = 5
SECONDS = 4
CLIENTS = 32
PAGE = bytes(range(256)) * 40
"""10 KB, and nothing that shrinks when it is compressed."""
STATIC, PHP = "xa", "xb"
"""Two partners of codes that no country has."""


@contextmanager
def an_installation() -> Iterator[Installation]:
    """A copy of this checkout with the demonstration up on a played host, and the partners declared."""
    number = os.environ.get("CHM_LAB")
    own = {"name": f"chm-lab{number}", "ipv4": f"10.79.{number}.0/24", "ipv6": f"fd79:{number}::/64"}
    lab = Lab("alpha", **own) if number else Lab("alpha")
    with tempfile.TemporaryDirectory() as folder, lab:
        here = Installation(Path(folder), lab, lab["alpha"])
        text = (here.root / "stacks/hosts/local.yaml").read_text()
        here.declare(
            "hosts/local.yaml", text.replace("127.0.0.1", here.host.ipv4).replace("cpus: 4", "cpus: 8")
        )
        here.run("make", "demo", timeout=1800).well()
        for code, model in ((STATIC, FILES), (PHP, here.root / "stacks/cd.yaml")):
            text = model.read_text().replace(model.stem, code)
            here.declare(f"{code}.yaml", text.replace("cpus: 0.5", "cpus: 2"))
        here.declare(FILES.name, FILES.read_text())
        here.chm("up", FILES.stem).well()
        yield here


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def spread(found: list[float], unit: str, digits: int = 1) -> str:
    """A median, and what it lies between."""
    low, middle, high = min(found), statistics.median(found), max(found)
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f}, {len(found)} runs)"


def measure_unchanged(here: Installation, line: Line) -> None:
    """An `up` that has nothing to do: Pulumi's own, and ours, which refreshes before it."""
    pulumi = ["pulumi", "up", "-s", FILES.stem, "--yes", "--skip-preview", "--non-interactive"]
    for what, command in (("pulumi up", pulumi), ("chm up", ["chm", "up", FILES.stem])):
        runs = [here.activated(*command).well().seconds for _ in range(ROUNDS)]
        line(f"`{what}` without changes: {spread(runs, 's', 2)}; wanted: 1.5 s")


def measure_first(here: Installation, line: Line) -> None:
    """The first `up` of a partner, and docker-compose with the same containers, in turns."""
    for code, what in ((STATIC, "static"), (PHP, "php with mariadb")):
        file = _compose_file(here, code)
        here.chm("secrets", code).well()
        found = [(_ours(here, code), *_theirs(here, code, file)) for _ in range(3)]
        ours, theirs, healthy = (list(each) for each in zip(*found, strict=True))
        line(f"first `chm up` of a {what} partner: {spread(ours, 's')}")
        line(
            f"`docker-compose up -d` of the same: {spread(theirs, 's')}; all healthy: {spread(healthy, 's')}"
        )
        ratios = [statistics.median(ours) / statistics.median(each) for each in (theirs, healthy)]
        line(
            f"ratio: {ratios[0]:.2f}, wanted 1.5; to when all are healthy, as `chm up` waits: {ratios[1]:.2f}"
        )


def _compose_file(here: Installation, code: str) -> Path:
    declaration = declare(here.root / "stacks")
    plan = plan_partner(declaration.partners[code], declaration.hosts["local"])
    return compose.write_project(plan, here.root / ".state/compose" / code)


def _ours(here: Installation, code: str) -> float:
    took = here.chm("up", code).well().seconds
    here.chm("down", code, "--delete-data").well()
    return took


def _theirs(here: Installation, code: str, file: Path) -> tuple[float, float]:
    """Until it returns, and until all are healthy."""
    project = f"peer{code}"
    command = ["docker-compose", "--project-name", project, "--file", str(file)]
    took = here.run(*command, "up", "--detach").well().seconds
    healthy = took + seconds(lambda: wait_until_healthy(here, project))
    here.run(*command, "down", "--volumes").well()
    return took, healthy


def wait_until_healthy(here: Installation, project: str) -> None:
    """Return when no container of a compose project is starting."""
    names = ["ps", "--filter", f"label=com.docker.compose.project={project}", "--format", "{{.Status}}"]
    while "starting" in here.docker(*names):
        time.sleep(0.1)


def measure_requests(here: Installation, line: Line) -> None:
    """Requests a second for a page of 10 KB over HTTPS, in turns; and the memory of a partner at rest."""
    here.chm("up", STATIC).well()
    site = here.root / ".state/site"
    site.mkdir()
    (site / "page.bin").write_bytes(PAGE)
    (site / "index.html").write_text("<!doctype html><title>Page</title>")
    here.chm("put", STATIC, str(site)).well()
    measure_memory(here, line)
    folder = here.root / ".state/peers"
    certificate, key = a_certificate(folder)
    with servers.running(here.host, folder, certificate, key, PAGE, tag("web")):
        ours = "the platform: edge and web"
        sides = {ours: (f"{STATIC}.chm.localhost", 8443)}
        sides |= {peer.what: (servers.NAME, peer.port) for peer in servers.PEERS.values()}
        found: dict[str, list[float]] = {what: [] for what in sides}
        for _ in range(ROUNDS):
            for what, (name, port) in sides.items():
                found[what].append(requests_a_second(here, name, port))
    for what, rates in found.items():
        ratio = statistics.median(found[ours]) / statistics.median(rates)
        line(f"{what}: {spread(rates, 'requests/s', 0)}; the platform has {ratio:.2f} of it")


def a_certificate(folder: Path) -> tuple[str, str]:
    """A certificate of the peers' own, ECDSA P-256 as the platform's."""
    folder.mkdir()
    run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "2", "-subj", f"/CN={servers.NAME}", "-addext", f"subjectAltName=DNS:{servers.NAME}",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "crt.pem"),
    )  # fmt: skip
    return (folder / "crt.pem").read_text(), (folder / "key.pem").read_text()


def requests_a_second(here: Installation, name: str, port: int) -> float:
    """Ask from the lab's client for some seconds, over HTTP/1.1; every answer must be 200."""
    url = f"https://{name}:{port}/page.bin"
    command = ["h2load", "--h1", "-D", str(SECONDS), "-c", str(CLIENTS), "-t", "1"]
    command += [f"--connect-to={here.host.ipv4}:{port}", url]
    told = run(*in_namespace(here.lab.client.machine.namespace, command))
    rate = re.search(r"finished in .*, ([\d.]+) req/s", told)
    good = re.search(r"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx", told)
    if not rate or not good or not int(good[1]):
        sys.exit(f"{url}: not every answer was 200:\n{told}")
    return float(rate[1])


def measure_memory(here: Installation, line: Line) -> None:
    """What the control groups of a static partner's containers hold, after it has served a page."""
    requests_a_second(here, f"{STATIC}.chm.localhost", 8443)
    here.docker("restart", here.containers(STATIC)["web"])
    wait_until(lambda: here.chm("status", STATIC).code == 0, f"{STATIC} serves", 60)
    ids = [here.docker("inspect", "-f", "{{.Id}}", name) for name in here.containers(STATIC).values()]
    total = sum(map(_memory, ids)) / 1024 / 1024
    line(f"memory of a static partner at rest, its control groups: {total:.1f} MiB; wanted: 30 MB")


def _memory(container: str) -> int:
    places = ("memory/docker/{}/memory.usage_in_bytes", "docker/{}/memory.current")
    files = [Path("/sys/fs/cgroup") / place.format(container) for place in places]
    return int(next(file for file in files if file.exists()).read_text())


PARTS = {"unchanged": measure_unchanged, "first": measure_first, "requests": measure_requests}


def main() -> None:
    """Tell the figures of the parts that are asked for."""

    def measure(line: Line) -> None:
        with an_installation() as here:
            os.chdir(here.root)
            for part in chosen(PARTS):
                part(here, line)

    where = f"{os.cpu_count()} processors, Docker in a network namespace, load {os.getloadavg()[2]:.1f}."
    tell("host_only", "Host-only beside its peers", where, measure)


if __name__ == "__main__":
    main()
