"""Sites that run from their YAML alone: an image of the partner's own, flat files, PostgreSQL, jobs."""

import json
import re
import shlex
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from clearinghouse.declare.partner import Site
from clearinghouse.plan.cron import crontab
from tests.lab import wait_until
from tests.live.dokuwiki import LOCAL, DokuWiki
from tests.live.installation import CHECKOUT, STATIC, Installation

pytestmark = pytest.mark.live

IMAGE, WIKI, POSTGRESQL = "ne", "sn", "ml"
SITES = {
    IMAGE: """
  runtime: image
  image: partner/site:1
  port: 8000
  writable: [var/data]
  health: {path: /request}
  cron:
    - {schedule: "* * * * *", command: "date -u +%S >>var/data/seconds"}
    - {schedule: "* * * * *", command: "2026 is no program"}
limits: {memory: 256M, cpus: 0.5, disk: 1G}
""",
    WIKI: """
  runtime: php
  writable: [data]
limits: {memory: 192M, cpus: 0.5, disk: 1G}
""",
    POSTGRESQL: """
  runtime: php
  database: postgresql
  php: {memory_limit: 48M}
  cron:
    - {schedule: "* * * * *", command: php job.php}
limits: {memory: 512M, cpus: 0.5, disk: 1G}
""",
}
CONNECT = """<?php
function connect(string $user, string $database, string $password): PDO
{
    return new PDO('pgsql:host=' . getenv('DATABASE_HOST') . ";dbname=$database", $user, $password);
}
$password = trim(file_get_contents(getenv('DATABASE_PASSWORD_FILE')));
"""
PAGES = {
    "connect.php": CONNECT,
    "index.php": """<?php
        require 'connect.php';
        $site = connect('site', 'site', $password);
        $site->exec('CREATE TABLE IF NOT EXISTS remembered (word TEXT)');
        if (isset($_GET['word']))
            $site->prepare('INSERT INTO remembered VALUES (?)')->execute([$_GET['word']]);
        $words = $site->query('SELECT word FROM remembered ORDER BY word');
        echo json_encode($words->fetchAll(PDO::FETCH_COLUMN));
    """,
    "power.php": """<?php
        require 'connect.php';
        $tried = [['site', 'site', 'wrong'], ['site', 'site', ''], ['database', 'site', $password],
                  ['site', 'postgres', $password]];
        foreach ($tried as [$user, $database, $given]) {
            try {
                connect($user, $database, $given);
                echo "let in: $user $database $given\\n";
            } catch (PDOException $refused) {
                echo 'refused: ', preg_replace('/.*FATAL: */s', '', $refused->getMessage()), "\\n";
            }
        }
        $site = connect('site', 'site', $password);
        $asked = $site->query('SELECT usesuper FROM pg_user WHERE usename = user');
        echo 'superuser: ', var_export($asked->fetchColumn(), true), "\\n";
    """,
    "job.php": """<?php
        require 'connect.php';
        $told = ['exec' => function_exists('exec'), 'base' => ini_get('open_basedir'),
                 'memory' => ini_get('memory_limit'), 'home' => getenv('HOME'), 'folder' => getcwd()];
        $site = connect('site', 'site', $password);
        $site->exec('CREATE TABLE IF NOT EXISTS told (text TEXT)');
        $site->prepare('INSERT INTO told VALUES (?)')->execute([json_encode($told)]);
    """,
    "told.php": """<?php
        require 'connect.php';
        $site = connect('site', 'site', $password);
        $site->exec('CREATE TABLE IF NOT EXISTS told (text TEXT)');
        echo $site->query('SELECT text FROM told')->fetchColumn();
    """,
}


@pytest.fixture(scope="module")
def sites(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Three stacks, brought up from their files and filled."""
    _build(installation, tmp_path_factory.mktemp("image"))
    try:
        for code, site in SITES.items():
            installation.declare(f"{code}.yaml", declaration(code, site))
        with ThreadPoolExecutor() as at_once:
            for done in at_once.map(lambda code: installation.chm("up", code), SITES):
                done.well()
        installation.put(IMAGE, {"index.html": "put there"})
        installation.put(POSTGRESQL, PAGES)
        installation.chm("put", WIKI, str(_wiki(tmp_path_factory.mktemp("wiki") / "site"))).well()
        yield installation
    finally:
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(lambda code: installation.chm("down", code, "--delete-data"), SITES))
        for code in SITES:
            (installation.root / f"stacks/{code}.yaml").unlink(missing_ok=True)


def declaration(code: str, site: str) -> str:
    """The YAML of a partner with a site of its own."""
    text = STATIC.read_text().replace("xs", code)
    return text.split("site:\n", 1)[0] + f"site:{site}"


def _build(installation: Installation, folder: Path) -> None:
    """The partner's own image, and one that wants a volume, made on the host from one static program."""
    source = CHECKOUT / "tests/live/server"
    subprocess.run(
        [CHECKOUT / ".state/bin/go", "build", "-C", source, "-trimpath", "-o", folder / "server", "."],
        env={"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "HOME": str(Path.home()), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    text = (source / "Dockerfile").read_text()
    (folder / "Dockerfile").write_text(text)
    installation.docker("build", "--tag", "partner/site:1", str(folder))
    (folder / "Dockerfile").write_text(f"{text}VOLUME /data\n")
    installation.docker("build", "--tag", "partner/site:with-volume", str(folder))


def _wiki(folder: Path) -> Path:
    told = subprocess.run([CHECKOUT / "toolchain/dokuwiki"], capture_output=True, text=True, check=True)
    shutil.copytree(told.stdout.strip(), folder)
    (folder / "conf/local.php").write_text(LOCAL)
    return folder


def _address(code: str, path: str = "") -> str:
    return f"https://{code}.chm.localhost/{path}"


@pytest.mark.parametrize("code", SITES)
def test_a_preview_with_refresh_is_empty_and_the_site_is_well(sites: Installation, code: str) -> None:
    sites.preview(code).well()
    sites.chm("status", code).well()


def test_a_page_of_a_flat_file_wiki_is_written_by_its_form_and_read_back(sites: Installation) -> None:
    wiki = DokuWiki(sites, f"{WIKI}.chm.localhost")
    wiki.write("forets:bassin_du_congo", "====== Forêts ======\nLe **lac Rose** et ses rives.")
    page = wiki.read("forets:bassin_du_congo")
    assert "<strong>lac Rose</strong>" in page
    assert "Forêts" in page


@pytest.mark.parametrize("path", ["data/pages/wiki/syntax.txt", "conf/dokuwiki.php", "conf/local.php"])
def test_a_flat_file_wiki_gives_nothing_away_beside_its_pages(sites: Installation, path: str) -> None:
    assert sites.curl(_address(WIKI, path)).text == ""


def test_a_flat_file_wiki_keeps_its_pages_over_destroy(sites: Installation) -> None:
    wiki = DokuWiki(sites, f"{WIKI}.chm.localhost")
    wiki.write("kept", "Un texte qui reste.")
    sites.chm("down", WIKI).well()
    sites.chm("up", WIKI).well()
    assert "Un texte qui reste." in wiki.read("kept")


def test_an_image_of_its_own_gets_every_request_and_the_visitors_true_address(sites: Installation) -> None:
    forged = ("-H", "X-Forwarded-For: 6.6.6.6", "-H", "X-Real-IP: 6.6.6.6")
    # By HTTP/2, curl takes an answer that comes before all is read for a broken one; browsers do not.
    sent = ("--http1.1", "-d", "sent")
    told = json.loads(sites.curl(_address(IMAGE, "request?a=b"), *forged, *sent).text)
    assert told["url"] == "/request?a=b"
    assert told["host"] == f"{IMAGE}.chm.localhost"
    assert told["headers"]["X-Forwarded-For"] == [sites.lab.client.ipv4]
    assert told["headers"]["X-Real-Ip"] == [sites.lab.client.ipv4]
    assert told["headers"]["X-Forwarded-Proto"] == ["https"]
    assert "Expect" not in told["headers"], "that is between the edge and the partner's web server"
    assert told["user"] == "2002:2000"


@pytest.mark.parametrize(("path", "status"), [("", 404), ("index.html", 404), ("fault", 500)])
def test_what_an_image_answers_is_its_own_and_nothing_is_served_beside_it(
    sites: Installation, path: str, status: int
) -> None:
    reply = sites.curl(_address(IMAGE, path))
    assert reply.status == status
    assert "put there" not in reply.text
    assert "<html" not in reply.text


def test_an_image_reads_what_was_put_and_writes_only_where_the_yaml_says(sites: Installation) -> None:
    assert sites.curl(_address(IMAGE, "files/index.html")).text == "put there"
    assert sites.curl(_address(IMAGE, "files/index.html"), "-X", "PUT", "-d", "x").status == 403
    assert sites.curl(_address(IMAGE, "files/var/data/note"), "-X", "PUT", "-d", "kept").status == 200
    assert sites.curl(_address(IMAGE, "files/var/data/note")).text == "kept"


@pytest.mark.parametrize(("size", "status"), [(30_000_000, 200), (70_000_000, 413)])
def test_an_image_gets_requests_up_to_64_megabytes(
    sites: Installation, tmp_path: Path, size: int, status: int
) -> None:
    (tmp_path / "body").write_bytes(bytes(size))
    # By HTTP/2, curl says nothing of an answer that comes before all is sent; browsers do.
    sent = ("--http1.1", "--data-binary", f"@{tmp_path}/body")
    assert sites.curl(_address(IMAGE, "length"), *sent, timeout=60).status == status


def test_a_web_socket_stays_open_in_both_directions(sites: Installation) -> None:
    name = f"{IMAGE}.chm.localhost"
    context = ssl.create_default_context(cafile=str(sites.ca))
    plain = socket.create_connection((sites.host.ipv4, 443), timeout=10)
    with context.wrap_socket(plain, server_hostname=name) as line, line.makefile("rb") as answers:
        upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        line.sendall(f"GET /echo HTTP/1.1\r\nHost: {name}\r\n{upgrade}\r\n".encode())
        assert b" 101 " in answers.readline()
        while answers.readline().strip():
            pass
        for word in (b"first\n", b"second\n"):
            line.sendall(word)
            assert answers.readline() == word


def test_an_image_that_is_away_gets_our_page_and_comes_back(sites: Installation) -> None:
    app = sites.containers(IMAGE)["app"]
    sites.docker("stop", "--time", "1", app)
    try:
        reply = sites.curl(_address(IMAGE, "request"), "-H", "Accept-Language: es")
        assert reply.status == 503
        assert "retry-after" in reply.headers
        assert '<html lang="es"' in reply.text
    finally:
        sites.docker("start", app)
    wait_until(lambda: sites.curl(_address(IMAGE, "request")).status == 200, "the image answers again", 30)


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("127.0.0.1:9/partner/site:3", "127.0.0.1:9/partner/site:3 is neither on host local nor to be had"),
        ("partner/site:with-volume", "the image keeps data in /data (VOLUME), which would be lost here"),
    ],
)
def test_an_image_that_will_not_do_is_told_in_a_sentence_and_the_old_one_serves_on(
    sites: Installation, image: str, told: str
) -> None:
    before = _started(sites, IMAGE)
    sites.change(f"{IMAGE}.yaml", "partner/site:1", image)
    try:
        refused = sites.chm("up", IMAGE)
    finally:
        sites.change(f"{IMAGE}.yaml", image, "partner/site:1")
    assert refused.code == 1
    assert "Traceback" not in refused.output
    assert told in refused.output
    assert _started(sites, IMAGE) == before
    assert sites.curl(_address(IMAGE, "request")).status == 200


@pytest.mark.parametrize("code", [IMAGE, WIKI])
def test_a_backup_comes_back_in_a_drill(sites: Installation, code: str) -> None:
    sites.chm("backup", "now", code).well()
    sites.chm("drill", code).well()
    about = json.loads(max((sites.root / f"drills/{code}").glob("*.json")).read_text())
    page = "page /request" if code == IMAGE else "page /"
    assert {"what": page, "wanted": "200", "found": "200", "holds": True} in about["assertions"]


@pytest.mark.parametrize("role", ["app", "cron"])
def test_an_image_and_its_jobs_are_limited_and_hardened(sites: Installation, role: str) -> None:
    (found,) = json.loads(sites.docker("inspect", sites.containers(IMAGE)[role]))
    given = found["HostConfig"]
    assert given["ReadonlyRootfs"]
    assert given["CapDrop"] == ["ALL"]
    assert not given["CapAdd"]
    assert given["SecurityOpt"] == ["no-new-privileges:true"]
    assert 32 * 1024 * 1024 < given["Memory"] == given["MemorySwap"] < 256 * 1024 * 1024
    assert given["PidsLimit"] == 100
    assert found["Config"]["User"] == "2002:2000"
    assert {mount["Destination"] for mount in found["Mounts"] if mount["RW"]} == {"/site/var/data"}


def test_postgresql_lets_in_the_sites_own_account_alone(sites: Installation) -> None:
    lines = sites.curl(_address(POSTGRESQL, "power.php")).text.splitlines()
    assert lines[0] == 'refused: password authentication failed for user "site"'
    assert [line for line in lines if line.startswith("let in")] == []
    assert "superuser: false" in lines


def test_postgresql_keeps_data_over_destroy_with_secrets_made_anew(sites: Installation) -> None:
    words = ["zèbre", "éléphant", "okapi"]
    for word in words:
        sites.curl(_address(POSTGRESQL), "--get", "--data-urlencode", f"word={word}")
    sites.chm("down", POSTGRESQL).well()
    sites.activated("pulumi", "config", "rm", "database-password", "-s", POSTGRESQL).well()
    assert "made database-password" in sites.chm("up", POSTGRESQL).well().output
    assert json.loads(sites.curl(_address(POSTGRESQL)).text) == ["éléphant", "okapi", "zèbre"]


def test_a_job_that_takes_longer_than_its_interval_never_overlaps(sites: Installation) -> None:
    jobs = "SHELL=/tools/sh\\n* * * * * * * /tools/busybox sleep 2.5\\n* * * * * * * /tools/busybox false\\n"
    trial = (
        f"printf '{jobs}' >/tmp/crontab;"
        " /tools/busybox timeout 9 /tools/supercronic -json -no-reap /tmp/crontab 2>&1; true"
    )
    told = sites.docker("exec", sites.containers(IMAGE)["cron"], "/tools/sh", "-c", trial)
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    slow = [line["msg"] for line in lines if "sleep" in line.get("job.command", "")]
    ran = [word for word in slow if word in ("starting", "job succeeded")]
    assert ran[:5] == ["starting", "job succeeded", "starting", "job succeeded", "starting"]
    assert all(a != b for a, b in pairwise(ran))
    assert any("not starting: job is still running" in word for word in slow)
    failing = [line for line in lines if "false" in line.get("job.command", "") and line["level"] == "error"]
    assert len(failing) >= 5


def test_every_form_of_schedule_that_may_be_declared_is_understood(sites: Installation) -> None:
    schedules = [
        "*/59 */23 */31 */12 */6", "5/15 0-6,22 1/5 jan,6 mon-fri", "00 00 01 01 00", "59 23 31 12 7",
        "0-59/2 * * JAN-MAR/2 0-7", "* * * * sat,sun", "* * * * 5-7", "* * 29 2 *", "* * 30 2 mon",
    ]  # fmt: skip
    site = {"runtime": "php", "cron": [{"schedule": each, "command": "true"} for each in schedules]}
    text = crontab(Site.model_validate(site))
    trial = (
        f"printf '%s' {shlex.quote(text)} >/tmp/crontab; /tools/supercronic -no-reap -test /tmp/crontab 2>&1"
    )
    told = sites.docker("exec", sites.containers(IMAGE)["cron"], "/tools/sh", "-c", trial)
    assert "crontab is valid" in told


def test_changed_jobs_restart_nothing_but_cron(sites: Installation) -> None:
    before = _started(sites, IMAGE)
    sites.change(f"{IMAGE}.yaml", "is no program", "is still no program")
    sites.chm("up", IMAGE).well()
    after = _started(sites, IMAGE)
    assert {role for role in before if before[role] != after[role]} == {"cron"}


def test_jobs_of_an_image_run_with_tools_of_ours_and_a_failing_one_is_named(sites: Installation) -> None:
    written = _address(IMAGE, "files/var/data/seconds")
    wait_until(lambda: sites.curl(written).status == 200, "the job has run", 75)
    assert re.fullmatch(r"0[0-5]", sites.curl(written).text.split()[-1])
    wait_until(lambda: "2026 is still no program" in _failed_jobs(sites), "the failing job is told of", 75)


def test_jobs_of_php_see_the_settings_and_bounds_of_the_pages(sites: Installation) -> None:
    told = _address(POSTGRESQL, "told.php")
    wait_until(lambda: sites.curl(told).text.startswith("{"), "the job has run", 75)
    assert json.loads(sites.curl(told).text) == {
        "exec": False,
        "base": "/site:/run/secrets:/tmp:/usr/share/clearinghouse",
        "memory": "48M",
        "home": "/tmp",
        "folder": "/site",
    }


def _failed_jobs(sites: Installation) -> list[str]:
    log = sites.run("docker", "logs", sites.containers(IMAGE)["cron"]).well().output
    told = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [line["job.command"] for line in told if line["level"] == "error"]


def _started(sites: Installation, code: str) -> dict[str, str]:
    """When each container of a partner was started, by role."""
    return {
        role: sites.docker("inspect", "-f", "{{.State.StartedAt}}", name)
        for role, name in sites.containers(code).items()
    }
