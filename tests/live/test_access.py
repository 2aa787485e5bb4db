"""Webmasters at work on their sites, by rsync and by an SFTP client; and what they are refused."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lab.shell import run
from tests.live.installation import STATIC_SITE, Installation
from tests.live.webmaster import Webmaster

pytestmark = pytest.mark.live

XS, CD = "https://xs.chm.localhost", "https://cd.chm.localhost"
UPLOADS = "wp-content/uploads"
MADE_BY_PHP = f"""<?php
    $folder = '/site/{UPLOADS}/made';
    mkdir($folder);
    chmod($folder, 0755);
    file_put_contents("$folder/page.txt", 'by PHP');
    chmod("$folder/page.txt", 0644);
    echo 'made';"""
DELETED_BY_PHP = f"<?php echo unlink('/site/{UPLOADS}/photo.txt') ? 'deleted' : 'still there';"


def declare(installation: Installation, code: str, *webmasters: Webmaster) -> None:
    """Write the webmasters into a partner's file, in the place of those who are there."""
    file = installation.root / f"stacks/{code}.yaml"
    text = file.read_text().split("ssh_port:")[0]
    if webmasters:
        text += f"ssh_port: {webmasters[0].port}\nwebmasters:\n"
    for webmaster in webmasters:
        text += f"  - name: {webmaster.key.name}\n    key: {webmaster.public_key}\n"
    file.write_text(text)


def started(installation: Installation, *codes: str) -> dict[str, str]:
    """When each container was started, but for access, and the backup that sees its volume."""
    names = [
        name
        for code in codes
        for role, name in installation.containers(code).items()
        if role not in ("access", "backup")
    ]
    return {
        name: installation.docker("inspect", "-f", "{{.Id}} {{.State.StartedAt}}", name) for name in names
    }


def fingerprint(installation: Installation, code: str) -> str:
    """The host key's fingerprint as `chm status` shows it."""
    line = next(
        line for line in installation.chm("status", code).well().output.splitlines() if "host key" in line
    )
    return line.rsplit(" ", 1)[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where webmasters have their keys and their copies of the site."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def people(installation: Installation, folder: Path) -> Iterator[dict[str, Webmaster]]:
    """Awa of xs and Binta of the Congo, declared; and somebody who is not."""
    made = {
        name: Webmaster.new(installation, folder, name, port)
        for name, port in (("awa", 2201), ("binta", 2202), ("stranger", 2201))
    }
    for code in ("xs", "cd"):
        installation.put(code, {"index.html": "until now"})
    before = started(installation, "xs", "cd")
    declare(installation, "xs", made["awa"])
    declare(installation, "cd", made["binta"])
    try:
        installation.chm("up", "xs", "cd").well()
        assert started(installation, "xs", "cd") == before, "the first webmaster restarted something"
        yield made
    finally:
        for code in ("xs", "cd"):
            declare(installation, code)
        before = started(installation, "xs", "cd")
        installation.chm("up", "xs", "cd").well()
        assert started(installation, "xs", "cd") == before, "the last webmaster's leaving restarted something"
        installation.docker("volume", "rm", "chm-xs-access-g1", "chm-cd-access-g1")


@pytest.fixture(scope="module")
def awa(people: dict[str, Webmaster]) -> Webmaster:
    return people["awa"]


@pytest.fixture(scope="module")
def binta(people: dict[str, Webmaster]) -> Webmaster:
    return people["binta"]


@pytest.fixture(scope="module")
def site(awa: Webmaster, folder: Path) -> Path:
    """Awa's copy of the static site, for her eyes only, put by rsync with all its permissions."""
    copy = folder / "site"
    shutil.copytree(STATIC_SITE, copy)
    (copy / "rapports").mkdir()
    (copy / "rapports/été 2026 'b'.html").write_text("six")
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o400)
    awa.rsync("-a", "--delete", f"{copy}/", ":").well()
    return copy


def test_a_site_put_by_rsync_is_served_at_once(awa: Webmaster, site: Path) -> None:
    for page in ("index.html", "biodiversite.html", "style.css"):
        assert awa.installation.curl(f"{XS}/{page}").body == (site / page).read_bytes()
    assert awa.installation.curl(f"{XS}/rapports/%C3%A9t%C3%A9%202026%20'b'.html").text == "six"


def test_a_page_changed_by_rsync_is_served_at_once(awa: Webmaster, site: Path) -> None:
    (site / "news.html").write_text("one")
    awa.rsync(str(site / "news.html"), ":").well()
    assert awa.installation.curl(f"{XS}/news.html").text == "one"
    (site / "news.html").write_text("another")
    awa.rsync("-a", "--inplace", str(site / "news.html"), ":/site/news.html", v6=True).well()
    assert awa.installation.curl(f"{XS}/news.html").text == "another"
    (site / "news.html").unlink()
    awa.rsync("-a", "--delete", f"{site}/", ":").well()
    assert awa.installation.curl(f"{XS}/news.html").status == 404


def test_a_page_changed_by_an_sftp_client_is_served_at_once(awa: Webmaster, site: Path, folder: Path) -> None:
    page = folder / "page.html"
    page.write_text("by SFTP")
    page.chmod(0o600)
    awa.sftp("mkdir new", f"put {page} new/page.html", "rename new/page.html new/renamed.html").well()
    assert awa.installation.curl(f"{XS}/new/renamed.html").text == "by SFTP"
    page.write_text("by SFTP over IPv6")
    awa.sftp(f"put {page} new/renamed.html", v6=True).well()
    assert awa.installation.curl(f"{XS}/new/renamed.html").text == "by SFTP over IPv6"
    awa.sftp("rm new/renamed.html", "rmdir new").well()
    assert awa.installation.curl(f"{XS}/new/renamed.html").status == 404


def test_a_site_can_be_fetched_whole(awa: Webmaster, site: Path, folder: Path) -> None:
    awa.rsync("-r", ":", f"{folder}/fetched/").well()
    assert run("diff", "-r", str(site), str(folder / "fetched")) == ""


def test_the_log_says_which_key_came_from_where(awa: Webmaster, site: Path) -> None:
    client = awa.installation.lab.client
    awa.sftp("ls").well()
    awa.sftp("ls", v6=True).well()
    key = run("ssh-keygen", "-l", "-f", str(awa.key)).split(" ")[1]
    log = awa.installation.run("docker", "logs", "chm-xs-access").well().output
    accepted = [line for line in log.splitlines() if line.startswith("Accepted publickey for webmaster")]
    assert any(client.ipv4 in line and key in line for line in accepted)
    assert any(client.ipv6 in line and key in line for line in accepted)


def test_a_webmaster_changes_and_deletes_what_php_made(binta: Webmaster, folder: Path) -> None:
    (folder / "make.php").write_text(MADE_BY_PHP)
    (folder / "page.txt").write_text("by Binta")
    binta.sftp(f"put {folder}/make.php").well()
    assert binta.installation.curl(f"{CD}/make.php").text == "made"
    binta.sftp(
        f"put {folder}/page.txt {UPLOADS}/made/page.txt", f"put {folder}/page.txt {UPLOADS}/made/more.txt"
    ).well()
    assert binta.installation.curl(f"{CD}/{UPLOADS}/made/page.txt").text == "by Binta"
    binta.sftp(f"rm {UPLOADS}/made/*", f"rmdir {UPLOADS}/made", "rm make.php").well()
    assert binta.installation.curl(f"{CD}/make.php").text != "made"
    assert binta.installation.curl(f"{CD}/{UPLOADS}/made/page.txt").text != "by Binta"


def test_php_deletes_what_a_webmaster_put_where_it_may_write(binta: Webmaster, folder: Path) -> None:
    (folder / "photo.txt").write_text("photo")
    (folder / "delete.php").write_text(DELETED_BY_PHP)
    binta.rsync("-a", f"{folder}/photo.txt", f":{UPLOADS}/").well()
    binta.sftp(f"put {folder}/delete.php").well()
    assert binta.installation.curl(f"{CD}/delete.php").text == "deleted"
    binta.sftp("rm delete.php").well()


@pytest.mark.parametrize(
    ("who", "port"), [("stranger", 2201), ("binta", 2201), ("awa", 2202)], ids=["wrong", "other", "another"]
)
def test_another_key_is_refused(people: dict[str, Webmaster], who: str, port: int) -> None:
    somebody = replace(people[who], port=port)
    for tried in (somebody.sftp("ls"), somebody.rsync("-r", ":", "/nowhere/"), somebody.ssh()):
        assert tried.code != 0
        assert "Permission denied (publickey)" in tried.output


@pytest.mark.parametrize(
    "options",
    [
        ("-o", "PubkeyAuthentication=no", "-o", "BatchMode=no", "-o", "NumberOfPasswordPrompts=1"),
        ("-o", "PreferredAuthentications=password,keyboard-interactive,hostbased,gssapi-with-mic,none"),
        ("-l", "root"),
        ("-l", "www-data"),
    ],
    ids=["password", "others", "root", "user"],
)
def test_there_is_no_way_in_but_a_webmasters_key(awa: Webmaster, options: tuple[str, ...]) -> None:
    tried = awa.ssh("ls", options=options)
    assert tried.code == 255
    assert "Permission denied (publickey)" in tried.output


@pytest.mark.parametrize(
    "command",
    [
        "",
        "sh",
        "ls",
        "/bin/busybox sh",
        "internal-sftp",
        "scp -t page",
        "rsync --daemon",
        "rsync --server --daemon .",
    ],
)
def test_there_is_no_shell_and_no_command(awa: Webmaster, command: str) -> None:
    tried = awa.ssh(*[command] if command else [])
    assert tried.code == 1
    assert any(said in tried.output for said in ("SFTP and rsync only", "The rsync here is no daemon"))


def test_there_is_no_terminal(awa: Webmaster) -> None:
    assert "PTY allocation request failed" in awa.ssh("sh", options=("-tt",)).output


@pytest.mark.parametrize(
    ("forwarding", "curl"),
    [
        (("-L", "4000:127.0.0.1:22"), ("http://127.0.0.1:4000/",)),
        (("-D", "4000"), ("--socks5", "127.0.0.1:4000", "http://127.0.0.1:22/")),
    ],
    ids=["local", "dynamic"],
)
def test_nothing_comes_through_a_forwarded_port(
    awa: Webmaster, forwarding: tuple[str, ...], curl: tuple[str, ...]
) -> None:
    tried = awa.curl_through(forwarding, *curl)
    assert tried.code != 0
    assert "SSH" not in tried.output


@pytest.mark.parametrize(
    "options",
    [
        ("-N", "-R", "4001:127.0.0.1:22"),
        ("-N", "-R", "/tmp/socket:127.0.0.1:22"),
        ("-W", "127.0.0.1:22"),
        ("-N", "-w", "any"),
    ],
    ids=["remote", "socket", "stdio", "tunnel"],
)
def test_no_forwarding_is_made(awa: Webmaster, options: tuple[str, ...]) -> None:
    tried = awa.ssh(options=("-o", "ExitOnForwardFailure=yes", *options))
    assert tried.code == 255
    assert "SSH-2" not in tried.output


@pytest.mark.parametrize(
    "command",
    [
        "get /etc/passwd",
        "get ../../etc/passwd",
        "get /host-key/ed25519",
        "get /config/authorized_keys",
        "get /proc/self/environ",
        "get out/passwd",
        "ls /",
        "ls ..",
        "ls /bin",
        "put {page} /page.html",
        "put {page} ../page.html",
        "put {page} /tmp/page.html",
        "put {page} away/page.html",
        "chmod 777 /bin/session",
    ],
)
def test_an_sftp_client_stays_in_the_folder(awa: Webmaster, site: Path, folder: Path, command: str) -> None:
    links(awa)
    (folder / "page.html").write_text("page")
    tried = awa.sftp(f"lcd {folder}", command.format(page=folder / "page.html"))
    assert tried.code == 1, tried.output
    assert any(word in tried.output for word in ("not found", "Permission denied", "Failure", "No such file"))


@pytest.mark.parametrize(
    "words",
    [
        (":/etc/passwd", "{to}"),
        (":../../etc/passwd", "{to}"),
        (":/host-key/ed25519", "{to}"),
        (":out/passwd", "{to}"),
        ("-r", ":/", "{to}"),
        ("--copy-links", "-r", ":out", "{to}"),
        ("--copy-unsafe-links", "-r", ":out", "{to}"),
        ("{page}", ":/page.html"),
        ("{page}", ":../page.html"),
        ("{page}", ":/tmp/"),
        ("{page}", ":away/"),
        ("--keep-dirlinks", "{page}", ":away/page.html"),
    ],
    ids=" ".join,
)
def test_rsync_stays_in_the_folder(awa: Webmaster, site: Path, folder: Path, words: tuple[str, ...]) -> None:
    links(awa)
    page, to = folder / "page.html", folder / "got/"
    page.write_text("page")
    tried = awa.rsync(*(word.format(page=page, to=f"{to}/") for word in words))
    assert tried.code != 0, tried.output
    assert not [path for path in to.rglob("*") if path.is_file()]


def links(webmaster: Webmaster) -> None:
    """Links that leave the site: `out` to read by, `away` to write by."""
    webmaster.sftp("-rm out", "-rm away", "ln -s /etc out", "ln -s /tmp away").well()


def test_a_link_that_leaves_the_site_serves_nothing(awa: Webmaster, site: Path) -> None:
    links(awa)
    assert awa.installation.curl(f"{XS}/out/passwd").status == 404


def test_access_itself_gets_nowhere(awa: Webmaster) -> None:
    """The lab's client would refuse at once what reached it."""
    there = f"/dev/tcp/{awa.installation.lab.client.ipv4}/22"
    script = f"timeout 2 bash -c 'exec 3<>{there}'; echo $?"
    assert awa.installation.docker("exec", "chm-xs-access", "bash", "-c", script).endswith("124")


def test_status_shows_the_host_key_that_visitors_see(awa: Webmaster) -> None:
    awa.sftp("ls").well()
    address = f"[{awa.installation.host.ipv4}]:{awa.port}"
    known = run("ssh-keygen", "-l", "-F", address, "-f", str(awa.known_hosts))
    assert known.split()[-1] == fingerprint(awa.installation, "xs")


def test_another_webmaster_restarts_nothing_but_access(people: dict[str, Webmaster]) -> None:
    installation, chantal = people["awa"].installation, replace(people["stranger"], port=2202)
    before, key = started(installation, "cd", "xs"), fingerprint(installation, "cd")
    declare(installation, "cd", people["binta"], chantal)
    installation.chm("up", "cd").well()
    chantal.sftp("ls").well()
    people["binta"].sftp("ls").well()
    assert started(installation, "cd", "xs") == before
    assert fingerprint(installation, "cd") == key
    installation.preview("cd").well()


def test_the_host_key_survives_and_a_webmaster_who_is_no_longer_one_is_refused(
    people: dict[str, Webmaster],
) -> None:
    installation, chantal = people["awa"].installation, replace(people["stranger"], port=2202)
    before, key = started(installation, "cd"), fingerprint(installation, "cd")
    installation.docker("rm", "--force", "chm-cd-access")
    declare(installation, "cd", chantal)
    installation.chm("up", "cd").well()
    assert fingerprint(installation, "cd") == key
    chantal.sftp("ls").well()
    assert "Permission denied (publickey)" in people["binta"].sftp("ls").output
    assert started(installation, "cd") == before


def test_a_port_that_is_taken_is_named(people: dict[str, Webmaster]) -> None:
    installation = people["awa"].installation
    taken = replace(people["awa"], port=2209)
    holder = installation.docker(
        "run", "--detach", "--publish", "2209:1", "debian:bookworm-slim", "sleep", "60"
    )
    try:
        declare(installation, "xs", taken)
        refused = installation.chm("up", "xs")
    finally:
        installation.docker("rm", "--force", holder)
        declare(installation, "xs", people["awa"])
    assert refused.code == 1
    assert "port 2209/tcp" in refused.output
    assert "change `ssh_port:` in stacks/xs.yaml" in refused.output
    people["awa"].sftp("ls").well()
