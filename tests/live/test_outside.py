"""What leaves a site: requests to what is declared, and mail from declared senders; nothing else."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.lab import World, wait_until
from tests.lab.world import MAIL_PORT, METADATA, PRIVATE, PUBLIC
from tests.live.installation import Installation
from tests.live.wordpress import put

pytestmark = pytest.mark.live

NAME = "sn.chm.localhost"
SENDER, OTHER = f"wordpress@{NAME}", f"news@{NAME}"
PER_HOUR = 20
LEADING_INSIDE = {
    "private.example.test": [PRIVATE],
    "loopback.example.test": ["127.0.0.1"],
    "metadata.example.test": [METADATA],
    "both.example.test": [PUBLIC, PRIVATE],
}
NAMES = {
    "api.example.test": [PUBLIC],
    "other.example.test": [PUBLIC],
    "later.example.test": [PUBLIC],
    "rebound.example.test": [PUBLIC],
    **LEADING_INSIDE,
}
EGRESS = ["api.example.test:443", "api.example.test:80", "rebound.example.test:80", "nobody.example.test:80"]
DECLARED = f"""\
partner: sn
name: {{fr: Sénégal}}
languages: [fr]
tier: host-only
since: 1999
domains: [{NAME}]
host: local
contacts:
  - {{role: technical, name: Somebody, email: somebody@example.org, consent: false, review: 2030-01-31}}
site:
  runtime: php
  database: mariadb
  writable: [wp-content/uploads]
egress: [{", ".join([*EGRESS, *(f"{name}:80" for name in LEADING_INSIDE)])}]
mail:
  senders: [{SENDER}, {OTHER}]
  per_hour: {PER_HOUR}
limits: {{memory: 640M}}
"""
FETCH = """<?php
    $handle = curl_init($_GET['url']);
    curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 15,
        CURLOPT_CAINFO => __DIR__ . '/world.crt']);
    $body = curl_exec($handle);
    echo json_encode(['body' => $body ?: curl_error($handle),
        'status' => curl_getinfo($handle, CURLINFO_HTTP_CODE),
        'tunnel' => curl_getinfo($handle, CURLINFO_HTTP_CONNECTCODE)]);"""
PAST = """<?php
    $connection = @fsockopen($_GET['address'], (int) $_GET['port'], $number, $error, 5);
    echo json_encode($connection ? 'connected' : $error);"""
MAIL = """<?php
    $sent = [];
    for ($number = 0; $number < ($_GET['count'] ?? 1); $number++) {
        $text = str_repeat("text\\n", (int) ($_GET['lines'] ?? 1));
        $options = [$_GET['headers'] ?? '', $_GET['options'] ?? ''];
        $sent[] = mail('someone@example.org', $_GET['subject'], $text, ...$options);
    }
    echo json_encode($sent);"""
SMTP = """<?php
    $connection = fsockopen('relay', 25);
    $told = fgets($connection);
    $lines = ['HELO site', "MAIL FROM:<{$_GET['sender']}>", 'RCPT TO:<someone@example.org>', 'DATA',
        "From: {$_GET['from']}\\r\\nTo: someone@example.org\\r\\n\\r\\ntext\\r\\n.", 'QUIT'];
    foreach ($lines as $line) {
        fwrite($connection, "$line\\r\\n");
        do { $told .= $answer = fgets($connection); } while ($answer && $answer[3] === '-');
        if ($answer >= '4') { break; }
    }
    echo json_encode($told);"""


class Site:
    """The partner's PHP, asked to send and to fetch.

    Args:
        installation: where it runs.
        world: what it finds outside.
    """

    def __init__(self, installation: Installation, world: World) -> None:
        self.installation = installation
        self.world = world

    def ask(self, script: str, **query: object) -> Any:
        """What a script answers."""
        reply = self.installation.curl(f"https://{NAME}/{script}.php?{urlencode(query)}", timeout=60)
        assert reply.status == 200, reply.text
        return json.loads(reply.text)

    def mails(self, subject: str) -> list[dict[str, Any]]:
        """The mails of that subject that have arrived."""
        return [mail for mail in self.world.mails if f"Subject: {subject}" in mail["text"]]

    def the_mail(self, subject: str, *, seconds: float = 20) -> dict[str, Any]:
        """The one mail of that subject, once it has arrived."""
        wait_until(lambda: bool(self.mails(subject)), f"the mail “{subject}” arrives", seconds)
        (mail,) = self.mails(subject)
        return mail


@pytest.fixture(scope="module")
def site(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A partner with PHP, egress and mail, in a world that the lab plays."""
    host_file = installation.root / "stacks/hosts/local.yaml"
    host = host_file.read_text()
    world = World(
        installation.lab.client, installation.host, tmp_path_factory.mktemp("world"), "10.200.0.0/16"
    )
    smarthost = {"smarthost.example.test": [world.client.ipv4]}
    with world.played(NAMES | smarthost):
        try:
            installation.declare(
                "hosts/local.yaml", f"{host}\nmail: {{host: smarthost.example.test, port: {MAIL_PORT}}}\n"
            )
            installation.declare("sn.yaml", DECLARED)
            installation.chm("up", "sn").well()
            scripts = {"fetch.php": FETCH, "past.php": PAST, "mail.php": MAIL, "smtp.php": SMTP}
            installation.put("sn", {**scripts, "world.crt": world.certificate})
            yield Site(installation, world)
        finally:
            installation.chm("down", "sn", "--delete-data")
            (installation.root / "stacks/sn.yaml").unlink()
            host_file.write_text(host)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_declared_destination_is_reached(site: Site, scheme: str) -> None:
    assert site.ask("fetch", url=f"{scheme}://api.example.test/")["body"] == f"reached {PUBLIC}"


def test_nobody_outside_is_told_who_asks(site: Site) -> None:
    site.ask("fetch", url="http://api.example.test/")
    assert f"{PUBLIC} None None" in site.world.visits


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example.test/",
        "https://other.example.test/",
        "http://api.example.test:8080/",
        "https://rebound.example.test/",
        f"http://{PUBLIC}/",
        f"https://{PUBLIC}/",
        f"http://{PRIVATE}/",
        f"http://{METADATA}/latest/meta-data/",
    ],
)
def test_what_is_not_declared_is_refused(site: Site, url: str) -> None:
    before = site.world.visits
    told = site.ask("fetch", url=url)
    assert 403 in (told["status"], told["tunnel"]), told
    assert site.world.visits == before


@pytest.mark.parametrize("name", LEADING_INSIDE)
def test_a_declared_name_that_leads_inside_is_refused(site: Site, name: str) -> None:
    told = site.ask("fetch", url=f"http://{name}/")
    assert told["status"] == 403
    assert "private network" in told["body"]


def test_a_declared_name_that_turns_to_lead_inside_is_refused_from_then_on(site: Site) -> None:
    url = "http://rebound.example.test/"
    assert site.ask("fetch", url=url)["body"] == f"reached {PUBLIC}"
    smarthost = {"smarthost.example.test": [site.world.client.ipv4]}
    site.world.answer(NAMES | smarthost | {"rebound.example.test": [PRIVATE]})
    wait_until(lambda: site.ask("fetch", url=url)["status"] == 403, "the new answer counts", 30)
    site.world.answer(NAMES | smarthost)


def test_a_declared_name_that_is_not_there_is_said_to_be_so(site: Site) -> None:
    told = site.ask("fetch", url="http://nobody.example.test/")
    assert told["status"] == 503
    assert "has no IPv4 address" in told["body"]


def test_what_was_refused_could_have_been_reached(site: Site) -> None:
    inside = [visit for visit in site.world.visits if visit.startswith((PRIVATE, METADATA))]
    assert inside == []
    for address in (PRIVATE, METADATA):
        assert site.installation.host.machine.run("curl", "-s", f"http://{address}/") == f"reached {address}"


@pytest.mark.parametrize("target", ["website", "mail server"])
def test_past_the_proxy_and_the_relay_there_is_no_way(site: Site, target: str) -> None:
    address, port = (PUBLIC, 443) if target == "website" else (site.world.client.ipv4, MAIL_PORT)
    assert site.ask("past", address=address, port=port) in ("No route to host", "Network is unreachable")


def test_another_destination_restarts_only_the_proxy(site: Site) -> None:
    here = site.installation
    before = here.containers("sn")
    here.change("sn.yaml", "egress: [", "egress: [later.example.test:443, ")
    here.chm("up", "sn").well()
    after = here.containers("sn")
    assert [role for role in before if before[role] != after[role]] == ["proxy"]
    assert site.ask("fetch", url="https://later.example.test/")["body"] == f"reached {PUBLIC}"
    here.preview("sn").well()


def test_a_password_reset_of_wordpress_arrives(site: Site, tmp_path: Path) -> None:
    wordpress = put(site.installation, "sn", tmp_path / "site", "Senegal")
    wordpress.ask_for_a_new_password()
    wordpress.session.close()
    mail = site.the_mail("[Senegal] Password Reset")
    assert (mail["sender"], mail["recipients"]) == (SENDER, ["webmaster@example.org"])
    assert "action=rp" in mail["text"]


def test_mail_comes_from_the_first_sender_unless_told_otherwise(site: Site) -> None:
    assert site.ask("mail", subject="plain") == [True]
    mail = site.the_mail("plain")
    assert (mail["sender"], mail["recipients"]) == (SENDER, ["someone@example.org"])
    assert f"From: {SENDER}" in mail["text"]
    assert mail["by_tls"], "the mail server offers it"


def test_mail_tells_nothing_of_the_network_within(site: Site) -> None:
    site.ask("mail", subject="discreet")
    assert "10.200." not in site.the_mail("discreet")["text"]


def test_mail_comes_from_another_declared_sender_when_the_site_says_so(site: Site) -> None:
    assert site.ask("mail", subject="news", headers=f"From: {OTHER}", options=f"-f{OTHER}") == [True]
    assert site.the_mail("news")["sender"] == OTHER


def test_options_that_a_script_gives_reach_no_program(site: Site) -> None:
    options = "-oi --host=api.example.test --logfile=/tmp/taken --passwordeval=id"
    assert site.ask("mail", subject="options", options=options) == [True]
    assert site.the_mail("options")["sender"] == SENDER


@pytest.mark.parametrize(
    ("sender", "writer"),
    [
        ("bank@example.com", SENDER),
        (SENDER, "bank@example.com"),
        (SENDER, f"{SENDER}, bank@example.com"),
        (SENDER, ""),
        ("", SENDER),
    ],
)
def test_mail_from_anybody_else_is_refused_in_clear_words(site: Site, sender: str, writer: str) -> None:
    before = len(site.world.mails)
    told = site.ask("smtp", sender=sender, **{"from": writer})
    assert "550" in told
    assert "no declared sender of this site; declared:" in told
    assert SENDER in told
    assert len(site.world.mails) == before


def test_php_hears_that_a_mail_was_refused(site: Site) -> None:
    assert site.ask("mail", subject="refused", headers="From: bank@example.com", lines=50_000) == [False]


def test_mail_waits_while_the_mail_server_is_away_also_over_a_restart(site: Site) -> None:
    site.world.close_mailbox()
    assert site.ask("mail", subject="patient") == [True]
    site.installation.docker("restart", site.installation.containers("sn")["relay"])
    assert site.mails("patient") == []
    site.world.open_mailbox()
    assert site.the_mail("patient", seconds=90)["sender"] == SENDER


def test_no_more_mail_leaves_in_an_hour_than_is_declared(site: Site) -> None:
    sent = site.ask("mail", subject="many", count=PER_HOUR + 5)
    assert sent[0] is True
    assert sent[-1] is False, "PHP hears of it"
    wait_until(lambda: len(site.mails("many")) == sent.count(True), "what was taken arrives", 30)
    assert len(site.world.mails) <= PER_HOUR + 1


def test_without_mail_declared_php_hears_so_at_once(installation: Installation) -> None:
    installation.put("cd", {"mail.php": MAIL})
    started = time.monotonic()
    reply = installation.curl("https://cd.chm.localhost/mail.php?subject=none&lines=50000")
    assert json.loads(reply.text) == [False]
    assert time.monotonic() - started < 2
