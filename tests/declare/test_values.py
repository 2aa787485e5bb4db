"""What the types take, and what they make of it."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from clearinghouse.declare.partner import Limits, Partner
from tests.declare.conftest import CONGO


def congo(**changes: object) -> Partner:
    return Partner.model_validate({**yaml.safe_load(CONGO.replace("2027-01-31", '"2027-01-31"')), **changes})


def test_the_first_domain_serves_and_the_others_redirect() -> None:
    partner = congo(domains=["cd.example.org", "www.cd.example.org", "chm.cd.example.org"])
    assert partner.canonical == "cd.example.org"
    assert partner.redirected == ("www.cd.example.org", "chm.cd.example.org")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("CD.Example.ORG", "cd.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER C}d\N{FULLWIDTH FULL STOP}example", "cd.example"),
        ("cd。example", "cd.example"),
        ("مصر.example", "xn--wgbh1c.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("cd.chm.localhost", "cd.chm.localhost"),
    ],
)
def test_a_domain_is_kept_as_dns_knows_it(written: str, kept: str) -> None:
    assert congo(domains=[written]).canonical == kept


@pytest.mark.parametrize(
    "written",
    [
        *("", ".", "a", "a..b", "-a.example", "a-.example", "a b.example", "a/b.example", "a@b.example"),
        *("xn--a.example", "a.1", "[::1]", "xn--ls8h=.la", "xn--BCHER-KVA-.example", "☕.example"),
        *("ex\N{FRACTION SLASH}ample.org", "\N{COMBINING ACUTE ACCENT}a.example"),
    ],
)
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        congo(domains=[written])


@pytest.mark.parametrize(
    ("written", "count"), [("512M", 512 * 2**20), ("1G", 2**30), ("2T", 2**41), ("64K", 2**16)]
)
def test_a_size_is_kept_in_bytes(written: str, count: int) -> None:
    assert Limits(memory=written).memory == count


def test_limits_have_usual_values() -> None:
    assert Limits() == congo().limits
    assert Limits() == Limits(memory="512M", cpus=1, disk="5G", processes=100)


def test_shares_of_processors_add_up_exactly() -> None:
    assert sum(Limits(cpus=share).cpus for share in (0.1, 0.2)) == Decimal("0.3")


def test_a_php_setting_may_be_a_number() -> None:
    site = {"runtime": "php", "php": {"max_execution_time": 60, "memory_limit": "64M"}}
    assert congo(site=site).site.php == {"max_execution_time": "60", "memory_limit": "64M"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "schedule",
    ["* * * * *", "*/5 0-6,22 1 jan,6 mon-fri", "0 4 31 12 7", "59 23 * * sun", "0 0 29 2 *", "0 0 30 2 mon"],
)
def test_a_schedule_is_as_in_crontab(schedule: str) -> None:
    site = {"runtime": "php", "cron": [{"schedule": schedule, "command": "true"}]}
    assert congo(site=site).site.cron[0].schedule == schedule  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "schedule",
    [
        "@daily",
        "* * * *",
        "60 * * * *",
        "*/0 * * * *",
        "*/60 * * * *",
        "* * * * */7",
        "5-1 * * * *",
        "* * * * x",
        "",
    ],
)
def test_what_is_no_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValidationError):
        congo(site={"runtime": "php", "cron": [{"schedule": schedule, "command": "true"}]})


@pytest.mark.parametrize("schedule", ["0 0 30 2 *", "0 0 31 4,6,feb *"])
def test_a_day_that_never_comes_is_refused(schedule: str) -> None:
    with pytest.raises(ValidationError, match="whose day of the month is in its month"):
        congo(site={"runtime": "php", "cron": [{"schedule": schedule, "command": "true"}]})


@pytest.mark.parametrize(
    "image",
    [
        "a:1",
        "registry.example.org:5000/a/b_c:2.1",
        "example/site@sha256:" + "0" * 64,
        "a/b:v1@sha256:" + "f" * 64,
    ],
)
def test_an_image_has_a_tag_or_a_digest(image: str) -> None:
    site = {"runtime": "image", "image": image, "port": 80}
    assert congo(site=site).site.image == image  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["ed25519", "nistp256", "nistp384", "nistp521", "rsa3072"])
def test_strong_ssh_keys_are_taken_with_their_comments(name: str) -> None:
    key = (Path(__file__).parent / "keys" / f"{name}.pub").read_text().strip()
    assert congo(webmasters=[{"name": "Somebody", "key": key}]).webmasters[0].key == key


@pytest.mark.parametrize("name", ["dsa", "rsa2048"])
def test_weak_ssh_keys_are_refused(name: str) -> None:
    key = (Path(__file__).parent / "keys" / f"{name}.pub").read_text().strip()
    with pytest.raises(ValidationError):
        congo(webmasters=[{"name": "Somebody", "key": key}])


def test_values_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        congo().host = "other"  # type: ignore[misc]
