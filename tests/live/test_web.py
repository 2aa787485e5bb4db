"""A partner's own web server and PHP, seen from outside: what must be served is, the rest never."""

import pytest

from tests.live.swap import edge_of

pytestmark = pytest.mark.live

ZONE = "chm.localhost"
XS = f"https://xs.{ZONE}"
CD = f"https://cd.{ZONE}"
UPLOADS = "wp-content/uploads"
EVIL = "<?php echo 'EVIL', ' RAN';"
PHP_FILES = {
    "index.php": "<?php echo 'cd home ', json_encode($_SERVER);",
    "sub/index.php": "<?php echo 'sub';",
    "docs/index.html": "cd docs",
    "wp-config.php": "<?php $password = 'TOPSECRET';",
    "wp-config.php.bak": "<?php $password = 'TOPSECRET';",
    "wp-config.php~": "<?php $password = 'TOPSECRET';",
    "lib/settings.inc": "<?php $password = 'TOPSECRET';",
    ".env": "TOPSECRET",
    ".git/config": "TOPSECRET",
    "dump.sql": "TOPSECRET",
    "closed/.htaccess": "Require all denied",
    "closed/page.txt": "TOPSECRET",
    "length.php": "<?php echo strlen(file_get_contents('php://input'));",
    "plant.php": f"""<?php
        $folder = '/site/{UPLOADS}';
        foreach (['e.php', 'e.PHP', 'e.phtml', 'e.php5', 'index.php', 'e.gif'] as $name)
            file_put_contents("$folder/$name", "{EVIL}");
        file_put_contents("$folder/photo.txt", 'photo');
        @unlink("$folder/link.txt");
        symlink('../../wp-config.php', "$folder/link.txt");
        echo 'planted';""",
    "power.php": """<?php
        $can = ['code' => @file_put_contents('/site/new.php', 'x') !== false,
                'passwd' => @file_get_contents('/etc/passwd') !== false,
                'environment' => putenv('LD_PRELOAD=/site/x.so')];
        foreach (['exec', 'shell_exec', 'system', 'passthru', 'proc_open', 'popen', 'dl'] as $name)
            $can[$name] = function_exists($name);
        echo implode(' ', array_keys(array_filter($can)));""",
    "database.php": """<?php
        $password = trim(file_get_contents(getenv('DATABASE_PASSWORD_FILE')));
        $dsn = 'mysql:host=' . $_ENV['DATABASE_HOST'] . ';dbname=' . getenv('DATABASE_NAME');
        $db = new PDO($dsn, getenv('DATABASE_USER'), $password);
        echo $db->query('select @@character_set_database')->fetchColumn();""",
}


@pytest.fixture(scope="module")
def static(installation):
    files = {f"page-{number}.html": f"page {number} " + "words " * 200 for number in range(5)}
    hidden = {
        ".secret": "TOPSECRET",
        "x.php": "<?php $p = 'TOPSECRET';",
        ".well-known/security.txt": "contact",
    }
    installation.put("xs", {"index.html": "xs home", "404.html": "xs has no such page", **hidden, **files})
    return installation


@pytest.fixture(scope="module")
def php(installation):
    installation.put("cd", PHP_FILES)
    assert installation.curl(f"{CD}/plant.php").text == "planted"
    return installation


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_static_files_are_compressed_and_have_a_tag(static, coding):
    page, accept = f"{XS}/page-1.html", f"Accept-Encoding: {coding}"
    reply = static.curl(page, "-H", accept)
    assert reply.headers["content-encoding"] == coding
    again = static.curl(
        f"{XS}/page-1.html",
        "-H",
        f"Accept-Encoding: {coding}",
        "-H",
        f"If-None-Match: {reply.headers['etag']}",
    )
    assert again.status == 304


def test_a_sites_own_404_page_wins(static):
    reply = static.curl(f"{XS}/nowhere")
    assert (reply.status, reply.text) == (404, "xs has no such page")


@pytest.mark.parametrize("path", [".secret", "x.php", "x.PHP", "%2esecret", "x.php/"])
def test_a_static_site_hides_what_it_should(static, path):
    reply = static.curl(f"{XS}/{path}", "--path-as-is")
    assert reply.status == 404
    assert "TOPSECRET" not in reply.text


def test_well_known_files_are_served(static):
    assert static.curl(f"{XS}/.well-known/security.txt").text == "contact"


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        ("", "cd home"),
        ("a/pretty/address", "cd home"),
        ("sub/", "sub"),
        ("docs/", "cd docs"),
        (f"{UPLOADS}/photo.txt", "photo"),
    ],
)
def test_php_and_files_are_served(php, path, begins):
    reply = php.curl(f"{CD}/{path}")
    assert reply.status == 200
    assert reply.text.startswith(begins)


def test_a_folder_gets_its_slash(php):
    assert php.curl(f"{CD}/sub?a=b").headers["location"].endswith("/sub/?a=b")


def test_mediawikis_addresses_work(php):
    text = php.curl(f"{CD}/index.php/Main_Page").text
    assert r'"PATH_INFO":"\/Main_Page"' in text
    assert r'"SCRIPT_NAME":"\/index.php"' in text


def test_other_domains_redirect_to_the_canonical_one(php):
    reply = php.curl(f"https://www.cd.{ZONE}/a?b=c")
    assert (reply.status, reply.headers["location"]) == (308, f"{CD}/a?b=c")


@pytest.mark.parametrize(
    "path",
    [
        f"{UPLOADS}/e.php", f"{UPLOADS}/E.php", f"{UPLOADS}/e.PHP", f"{UPLOADS}/e.ph%70", f"{UPLOADS}/e.php/",
        f"{UPLOADS}/e.php/x", f"{UPLOADS}/x/../e.php", f"./{UPLOADS}//e.php", "wp-content/uploads%2fe.php",
        "WP-Content/uploads/e.php", f"{UPLOADS}/e.phtml", f"{UPLOADS}/e.php5", f"{UPLOADS}/", UPLOADS,
        f"{UPLOADS}/e.php%00.gif", f"{UPLOADS}/e.gif/e.php", f"index.php/../{UPLOADS}/e.php",
        f"index.php/%2e%2e/{UPLOADS}/e.php", f"{UPLOADS}/e.php.", f"{UPLOADS}/e.php%20", f"{UPLOADS}/e.php;x",
        f"{UPLOADS}/.;/e.php", f"/{UPLOADS}/e.php",
    ],
)  # fmt: skip
def test_php_never_runs_from_an_upload_folder(php, path):
    assert "EVIL RAN" not in php.curl(f"{CD}/{path}", "--path-as-is").text


@pytest.mark.parametrize(
    "path",
    [
        "wp-config.php", "wp-config.PHP", "wp-config.php/", "wp-config.php.bak", "wp-config.php~",
        "wp-config.ph%70.bak", "wp-config.php%00", "wp-config.php%20", "lib/settings.inc", ".env", "%2eenv",
        ".git/config", "dump.sql", "DUMP.sql", "closed/page.txt", "closed//page.txt",
        "sub/../closed/page.txt", f"{UPLOADS}/link.txt",
    ],
)  # fmt: skip
def test_source_and_secrets_are_never_served(php, path):
    text = php.curl(f"{CD}/{path}", "--path-as-is").text
    assert "TOPSECRET" not in text
    assert "<?php" not in text


def test_php_has_no_power_over_code_or_processes(php):
    assert php.curl(f"{CD}/power.php").text == ""


def test_php_reaches_its_database(php):
    assert php.curl(f"{CD}/database.php").text == "utf8mb4"


def test_an_upload_of_the_declared_size_arrives_whole(php, tmp_path):
    (tmp_path / "body").write_bytes(bytes(30_000_000))
    reply = php.curl(f"{CD}/length.php", "--data-binary", f"@{tmp_path}/body", timeout=60)
    assert (reply.status, reply.text) == (200, "30000000")


def test_a_larger_upload_is_refused(php, tmp_path):
    (tmp_path / "body").write_bytes(bytes(60_000_000))
    # By HTTP/2, curl says nothing of an answer that comes before all is sent; browsers do.
    sent = ("--http1.1", "--data-binary", f"@{tmp_path}/body")
    for _ in range(5):
        reply = php.curl(f"{CD}/length.php", *sent, timeout=60)
        assert reply.status == 413
        assert "<html" in reply.text


def test_without_php_the_site_says_that_it_is_away(php):
    app = php.containers("cd")["app"]
    php.docker("stop", "--time", "5", app)
    try:
        reply = php.curl(f"{CD}/", "-H", "Accept-Language: es")
        assert reply.status == 503
        assert "retry-after" in reply.headers
        assert '<html lang="es"' in reply.text
        assert php.curl(f"{CD}/docs/").status == 200
    finally:
        php.docker("start", app)


def test_the_web_server_refuses_every_other_name(php):
    other, web = f"Host: xs.{ZONE}", f"http://cd.{ZONE}.web.internal:8080/"
    asking = f"busybox wget -S -q -O - --header '{other}' {web} 2>&1 || true"
    assert "421" in php.docker("exec", edge_of(php), "busybox", "sh", "-c", asking)
