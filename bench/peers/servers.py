"""Hand-written servers of one file over TLS: a bare Caddy, Caddy before Caddy, nginx before nginx."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab import Host, wait_until

NAME = "peer.chm.localhost"
NGINX_IMAGE = "clearinghouse-bench/nginx"
_NGINX_DOCKERFILE = """
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx-light
CMD ["nginx", "-g", "daemon off;", "-c", "/config/nginx.conf"]
"""
_BARE = """
{
	admin off
	auto_https off
}
https://:8443 {
	tls /config/crt.pem /config/key.pem
	root * /srv
	file_server
}
"""
_FRONT = """
{
	admin off
	auto_https off
}
https://:8443 {
	tls /config/crt.pem /config/key.pem
	reverse_proxy caddy-back:8080
}
"""
_BACK = """
{
	admin off
	auto_https off
}
http://:8080 {
	root * /srv
	file_server
}
"""
# The image tunes Go's memory for the platform; who writes a pair by hand has what Go does by itself.
_AS_CADDY_COMES = ("--env", "GOGC=100")
_LOG = "\n\tlog\n}\n"
_NGINX = """
worker_processes auto;
pid /tmp/nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
    %s
}
"""
_NGINX_FRONT = """
    upstream back { server nginx-back:8080; keepalive 64; keepalive_requests 1000000; }
    server {
        listen 8443 ssl http2;
        ssl_certificate /config/crt.pem; ssl_certificate_key /config/key.pem;
        location / { proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
"""
_NGINX_BACK = "server { listen 8080; root /srv; }"


@dataclass(frozen=True)
class Peer:
    """One that runs: what it is and the port of the host that it is published at."""

    what: str
    port: int


def configurations() -> dict[str, tuple[str, str]]:
    """File name and text by container."""
    return {
        "caddy-bare": ("Caddyfile", _BARE),
        "caddy-back": ("Caddyfile", _BACK),
        "caddy-front": ("Caddyfile", _FRONT),
        "caddy-logging-back": ("Caddyfile", _BACK.removesuffix("\n}\n") + _LOG),
        "caddy-logging-front": (
            "Caddyfile",
            _FRONT.replace("caddy-back", "caddy-logging-back").removesuffix("\n}\n") + _LOG,
        ),
        "nginx-back": ("nginx.conf", _NGINX % _NGINX_BACK),
        "nginx-front": ("nginx.conf", _NGINX % _NGINX_FRONT),
    }


PEERS = {
    "caddy-bare": Peer("one bare Caddy", 9001),
    "caddy-front": Peer("Caddy before Caddy", 9002),
    "caddy-logging-front": Peer("Caddy before Caddy, both with an access log as the platform has", 9003),
    "nginx-front": Peer("nginx before nginx", 9004),
}


@contextmanager
def running(host: Host, folder: Path, certificate: str, key: str, page: bytes, caddy: str) -> Iterator[None]:
    """All peers on a host; they are gone afterwards.

    Args:
        folder: an empty one, for their configuration.
        certificate: PEM, for NAME.
        page: what they serve at /page.bin.
        caddy: an image with our Caddy, so that both sides run the same build.
    """
    (folder / "srv").mkdir(parents=True)
    (folder / "srv/page.bin").write_bytes(page)
    _build_nginx(host, folder)
    host.docker("network", "create", "peers")
    try:
        for name, (file, text) in configurations().items():
            here = folder / name
            here.mkdir()
            for path, content in ((file, text), ("crt.pem", certificate), ("key.pem", key)):
                (here / path).write_text(content)
            published = ["--publish", f"{host.ipv4}:{PEERS[name].port}:8443"] if name in PEERS else []
            image = NGINX_IMAGE if name.startswith("nginx") else caddy
            host.docker(
                "run", "--detach", "--name", name, "--network", "peers", "--user", "0", *published,
                *_AS_CADDY_COMES, "--volume", f"{here}:/config:ro", "--volume", f"{folder}/srv:/srv:ro",
                image,
            )  # fmt: skip
        for name in PEERS:
            wait_until(lambda name=name: _is_up(host, name), f"{name} runs", 20)  # type: ignore[misc]
        yield
    finally:
        host.docker("rm", "--force", *configurations())
        host.docker("network", "rm", "peers")


def _build_nginx(host: Host, folder: Path) -> None:
    (folder / "Dockerfile").write_text(_NGINX_DOCKERFILE)
    host.docker(
        "build", "--tag", NGINX_IMAGE, "--file", str(folder / "Dockerfile"), str(folder / "srv"), timeout=600
    )


def _is_up(host: Host, name: str) -> bool:
    return host.docker("inspect", "-f", "{{.State.Running}} {{.RestartCount}}", name) == "true 0"
