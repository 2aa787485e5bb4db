"""What php-fpm reads from /config."""

import pytest

from clearinghouse.plan import php_config

MIB = 1024 * 1024


def make(partner, **php):
    return partner({"runtime": "php", "php": php}).site


def test_declared_settings_win(partner):
    ini = php_config.files(make(partner, memory_limit="96M"), 256 * MIB)["php.ini"]
    assert 'memory_limit = "96M"\n' in ini
    assert 'date.timezone = "UTC"\n' in ini


@pytest.mark.parametrize(
    ("memory", "workers"), [(64, 2), (256, 4), (512, 9), (1024, 21), (2048, 47), (8192, 64)]
)
def test_workers_follow_memory(partner, memory, workers):
    pool = php_config.files(make(partner), memory * MIB)["fpm.conf"]
    assert f"pm.max_children = {workers}\n" in pool
    assert f"pm.max_spare_servers = {max(1, workers // 2)}\n" in pool


def test_workers_and_cache_fit_into_memory(partner):
    for memory in range(128, 4096, 64):
        ini, pool = (php_config.files(make(partner), memory * MIB)[name] for name in ("php.ini", "fpm.conf"))
        cache = int(ini.split("opcache.memory_consumption = ")[1].split()[0])
        workers = int(pool.split("pm.max_children = ")[1].split()[0])
        assert 24 + cache + 40 * workers <= max(memory, 24 + cache + 80)


def test_a_form_is_larger_than_its_file(partner):
    assert php_config.largest_request(make(partner, upload_max_filesize="100M")) == 108 * MIB


def test_a_declared_form_stays(partner):
    site = make(partner, upload_max_filesize="10M", post_max_size="12M")
    assert php_config.largest_request(site) == 12 * MIB


@pytest.mark.parametrize(("seconds", "longest"), [("60", 300), ("900", 930)])
def test_the_longest_run(partner, seconds, longest):
    site = make(partner, max_execution_time=seconds)
    assert php_config.longest_run(site) == longest
    assert f"request_terminate_timeout = {longest}s" in php_config.files(site, 256 * MIB)["fpm.conf"]


def test_temporary_space_holds_the_largest_upload(partner):
    assert php_config.temporary_space(make(partner)) == 72 * MIB
    assert php_config.temporary_space(make(partner, upload_max_filesize="1G")) > 1024 * MIB
