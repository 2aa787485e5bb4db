"""The edge, seen from outside: it knows no partner, and every rule that experiments taught holds."""

import statistics

import pytest

from tests.lab import Unanswered, wait_until
from tests.live.swap import edge_of, swap_addresses

pytestmark = pytest.mark.live

ZONE = "chm.localhost"
XS = f"https://xs.{ZONE}"
CD = f"https://cd.{ZONE}"


@pytest.fixture(scope="module")
def sites(installation):
    """A page in each site that says whose it is, and a script that says what PHP sees."""
    installation.put("xs", {"index.html": "xs home", "deep/page.html": "xs deep"})
    installation.put("cd", {"index.php": "<?php echo 'cd home ', json_encode($_SERVER);"})
    return installation


@pytest.mark.parametrize("options", [("--http1.1",), ("--http2",)])
def test_serves_over_http_1_and_2(sites, options):
    reply = sites.curl(f"{XS}/", *options)
    assert (reply.status, reply.text) == (200, "xs home")
    assert reply.http_version == options[0].removeprefix("--http")


def test_advertises_http_3_on_the_published_port(sites):
    assert sites.curl(f"{XS}/").headers["alt-svc"].startswith('h3=":443"')


@pytest.mark.parametrize("v6", [False, True])
def test_the_clients_true_address_reaches_php(sites, v6):
    client = sites.lab.client
    true = client.ipv6 if v6 else client.ipv4
    names = ("X-Forwarded-For", "X-Real-IP", "X_Forwarded_For", "Client-IP", "Forwarded")
    text = sites.curl(f"{CD}/", *(word for name in names for word in ("-H", f"{name}: 1.2.3.4")), v6=v6).text
    assert f'"REMOTE_ADDR":"{true}"' in text
    assert "1.2.3.4" not in text
    assert '"HTTPS":"on"' in text


def test_http_redirects_to_https(sites):
    reply = sites.curl(f"http://xs.{ZONE}/deep/page.html?a=b")
    assert (reply.status, reply.headers["location"]) == (308, f"{XS}/deep/page.html?a=b")


@pytest.mark.parametrize("host", ["XS.chm.LOCALHOST", f"xs.{ZONE}.", f"xs.{ZONE}:443", f"Xs.{ZONE}.:443"])
def test_case_port_and_final_dot_do_not_matter(sites, host):
    assert sites.curl(f"{XS}/", "-H", f"Host: {host}").text == "xs home"


def test_another_sites_name_on_the_same_connection_is_refused(sites):
    reply = sites.curl(f"{XS}/", "-H", f"Host: cd.{ZONE}")
    assert reply.status == 421
    assert "cd home" not in reply.text


@pytest.mark.parametrize("name", ["nobody.example", f"xs.{ZONE}.web.internal", "x.internal"])
def test_names_that_are_nobodys_get_no_certificate(sites, name):
    with pytest.raises(Unanswered):
        sites.curl(f"https://{name}/")


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "aucun site"), ("ar-EG", "هذا الموقع"), ("zh", "no website")]
)
def test_names_that_are_nobodys_get_a_page_on_port_80(sites, language, word):
    reply = sites.curl("http://nobody.example/", "-H", f"Accept-Language: {language}")
    assert reply.status == 421
    assert word in reply.text


def test_an_unknown_name_is_refused_within_50_ms(sites):
    times = [sites.curl(f"http://unknown-{number}.example/").seconds for number in range(20)]
    assert statistics.median(times) < 0.05


def test_a_partner_that_is_down_says_so_also_after_a_restart_of_the_edge(sites):
    assert sites.curl(f"{XS}/").status == 200
    web = sites.containers("xs")["web"]
    sites.docker("stop", "--time", "5", web)
    try:
        _is_away(sites)
        sites.docker("restart", "--time", "5", edge_of(sites))
        wait_until(lambda: _serves(sites, f"{CD}/"), "the edge serves again", 20)
        _is_away(sites)
    finally:
        sites.docker("start", web)
    wait_until(lambda: _serves(sites, f"{XS}/"), "the edge serves again", 20)


def _is_away(sites):
    reply = sites.curl(f"{XS}/", "-H", "Accept-Language: pt-BR, en;q=0.5")
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert '<html lang="pt"' in reply.text
    assert reply.seconds < 3


def _serves(sites, url):
    try:
        return sites.curl(url).status == 200
    except Unanswered:
        return False


def test_when_the_resolver_dies_the_edge_starts_again(sites):
    edge = edge_of(sites)
    restarts = ("inspect", "-f", "{{.RestartCount}}", edge)
    before = sites.docker(*restarts)
    process = sites.docker("exec", edge, "busybox", "pidof", "dnsmasq").strip()
    sites.docker("exec", edge, "busybox", "kill", "-9", process)
    wait_until(
        lambda: sites.docker("inspect", "-f", "{{.RestartCount}}", edge) != before,
        "the edge serves again",
        20,
    )
    wait_until(lambda: _serves(sites, f"{XS}/"), "the edge serves again", 20)


def test_headers_without_end_are_refused(sites):
    assert sites.curl(f"{XS}/", "--http1.1", "-H", "X-Big: " + "a" * 60_000).status == 431


def test_neither_server_nor_software_is_named(sites):
    for url in (f"{XS}/", f"{XS}/nowhere", f"{CD}/", "http://nobody.example/"):
        headers = sites.curl(url).headers
        assert not {"server", "via", "x-powered-by"} & set(headers)


def test_two_sites_that_swap_addresses_never_show_each_others_pages(sites):
    count = swap_addresses(sites, {f"xs.{ZONE}": "xs", f"cd.{ZONE}": "cd"}, times=50)
    assert count["foreign"] == 0
    assert count["right"] > 100


def test_a_get_is_tried_on_the_next_address_when_one_fails(sites):
    """A container with the site's alias on which nothing listens."""
    dead = sites.docker(
        "run", "--detach", "--network", "chm-edge", "--network-alias", f"xs.{ZONE}.web.internal",
        "debian:bookworm-slim", "sleep", "300",
    )  # fmt: skip
    try:
        assert {sites.curl(f"{XS}/").text for _ in range(20)} == {"xs home"}
    finally:
        sites.docker("rm", "--force", dead)


def test_nobody_but_an_edge_is_believed_about_the_visitors_address(sites):
    """Asked by a container that is on the edges' network, but has no edge's address."""
    headers = (f"Host: cd.{ZONE}", "X-Forwarded-For: 1.2.3.4", "Connection: close", "", "")
    request = "\\r\\n".join(("GET / HTTP/1.1", *headers))
    ask = f"exec 3<>/dev/tcp/cd.{ZONE}.web.internal/8080; printf '{request}' >&3; cat <&3"
    text = sites.docker("run", "--rm", "--network", "chm-edge", "debian:bookworm-slim", "bash", "-c", ask)
    assert "cd home" in text
    assert '"REMOTE_ADDR":"10.201.' in text
    assert '"REMOTE_ADDR":"1.2.3.4"' not in text


@pytest.mark.parametrize("v6", [False, True])
def test_the_clients_true_address_stands_in_the_sites_own_log(sites, v6):
    mark = f"logged-{v6}"
    sites.curl(f"{CD}/docs/{mark}", v6=v6)
    true = sites.lab.client.ipv6 if v6 else sites.lab.client.ipv4
    lines = _logged(sites, sites.containers("cd")["web"], mark)
    assert all(f'"client_ip":"{true}"' in line for line in lines)


@pytest.mark.parametrize("v6", [False, True])
def test_what_fails_on_the_way_stands_in_the_edges_log_and_nothing_else(sites, v6):
    sites.curl(f"{XS}/answered-{v6}", v6=v6)
    sites.curl(f"{XS}/failed-{v6}", "-H", f"Host: cd.{ZONE}", v6=v6)
    true = sites.lab.client.ipv6 if v6 else sites.lab.client.ipv4
    lines = _logged(sites, edge_of(sites), f"failed-{v6}")
    assert all(f'"client_ip":"{true}"' in line and '"status":421' in line for line in lines)
    assert not _lines(sites, edge_of(sites), f"answered-{v6}")


def _logged(sites, container, mark):
    wait_until(lambda: bool(_lines(sites, container, mark)), f"{mark} is in the log of {container}", 5)
    return _lines(sites, container, mark)


def _lines(sites, container, mark):
    return [line for line in sites.docker("logs", "--tail", "50", container).splitlines() if mark in line]
