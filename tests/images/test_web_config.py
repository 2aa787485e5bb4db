"""The Caddyfile of a partner's web server. What Caddy makes of it is in tests/live."""

import pytest

from clearinghouse.plan.web_config import caddyfile

PHP = {"runtime": "php", "writable": ["wp-content/uploads", "data"]}
IMAGE = {"runtime": "image", "image": "a/b:1", "port": 8000, "writable": ["data"]}


def test_answers_its_own_names_only(partner, host):
    text = caddyfile(partner(), host())
    assert "@foreign not vars {vars.site_name} cd.example www.cd.example\n" in text
    assert "error @foreign 421" in text


def test_asked_about_its_own_names_only(partner, host):
    text = caddyfile(partner(), host())
    assert "query domain=cd.example domain=www.cd.example\n" in text


@pytest.mark.parametrize(("port", "address"), [(443, "cd.example"), (8443, "cd.example:8443")])
def test_other_names_redirect_to_the_canonical_one(partner, host, port, address):
    text = caddyfile(partner(), host(ports={"https": port}))
    assert "@redirected vars {vars.site_name} www.cd.example\n" in text
    assert f"redir @redirected https://{address}{{http.request.orig_uri}} 308" in text


def test_a_single_name_redirects_nothing(partner, host):
    assert "redir" not in caddyfile(partner(domains=["cd.example"]), host())


def test_only_edges_are_believed(partner, host):
    text = caddyfile(partner(), host(edge_network="10.99.16.0/20"))
    assert "trusted_proxies static 10.99.16.0/24\n" in text


def test_php_knows_the_public_address(partner, host):
    text = caddyfile(partner(PHP), host(ports={"https": 8443}))
    for line in ("env HTTPS on", "env HTTP_HOST cd.example:8443", "env SERVER_NAME cd.example"):
        assert line in text
    assert "env SERVER_PORT 8443" in text
    assert "env REMOTE_ADDR {client_ip}" in text


def test_php_is_not_run_where_it_writes(partner, host):
    text = caddyfile(partner(PHP), host())
    assert "written wp-content/uploads data\n" in text
    assert "path /wp-content/uploads/* /data/*\n" in text


def test_a_site_that_writes_nowhere(partner, host):
    text = caddyfile(partner({"runtime": "php"}), host())
    assert "written" not in text
    assert "@upload_script" not in text


def test_a_static_site_has_no_php(partner, host):
    text = caddyfile(partner(), host())
    assert "fastcgi" not in text
    assert "error @script 404" in text


def test_the_largest_request_follows_php(partner, host):
    text = caddyfile(partner({"runtime": "php", "php": {"post_max_size": "100M"}}), host())
    assert f"max_size {100 * 1024 * 1024}\n" in text


@pytest.mark.parametrize(("languages", "default"), [(["pt-AO"], "pt"), (["sw"], "en")])
def test_errors_speak_the_partners_language(partner, host, languages, default):
    changes = {"languages": languages, "name": {languages[0]: "Name"}}
    assert f"default {default}\n" in caddyfile(partner(**changes), host())


def test_no_administration_is_offered(partner, host):
    assert "admin off" in caddyfile(partner(), host())


@pytest.mark.parametrize("site", [PHP, {"runtime": "static"}, {"runtime": "php"}, IMAGE])
def test_braces_are_balanced(partner, host, site):
    text = caddyfile(partner(site), host())
    assert text.count("{") == text.count("}")
    assert "{{" not in text


def test_everything_goes_to_an_image_of_its_own_and_nothing_is_served_from_the_site(partner, host):
    text = caddyfile(partner(IMAGE), host())
    site = text.split("handle_errors")[0]
    assert "reverse_proxy app:8000 {" in site
    assert "file_server" not in site
    assert "fastcgi" not in text


def test_an_image_of_its_own_may_believe_what_web_forwards(partner, host):
    text = caddyfile(partner(IMAGE), host(ports={"https": 8443}))
    for line in (
        "header_up Host cd.example:8443",
        "header_up X-Forwarded-For {client_ip}",
        "header_up X-Forwarded-Proto https",
        "header_up -Forwarded",
    ):
        assert f"{line}\n" in text


def test_the_largest_request_of_an_image_is_limited(partner, host):
    assert f"max_size {64 * 1024 * 1024}\n" in caddyfile(partner(IMAGE), host())
