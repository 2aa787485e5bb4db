"""What php-fpm reads from /config: php.ini from the declaration, and a pool sized by memory."""

from __future__ import annotations

from clearinghouse.declare.partner import Site

MIB = 1024 * 1024
_UNITS = {"K": 1024, "M": MIB, "G": 1024 * MIB}
_DEFAULTS = {
    "memory_limit": "128M",
    "upload_max_filesize": "32M",
    "post_max_size": "40M",
    "max_execution_time": "60",
    "max_input_time": "300",
    "max_input_vars": "3000",
    "date.timezone": "UTC",
    "session.gc_maxlifetime": "7200",
}
_MASTER = 24 * MIB
"""Measured: the master process of php-fpm with all the image's extensions."""
_WORKER = 40 * MIB
"""Measured with WordPress: what a worker takes beside the shared opcode cache."""
_LEAST_WORKERS = 2
_MOST_WORKERS = 64
_LONGEST = 300
"""Seconds after which a request is ended even if PHP only waits and so does not count the time."""
_SPARE_TEMPORARY = 32 * MIB


def files(site: Site, memory: int) -> dict[str, str]:
    """Give the files of the app's configuration volume.

    Args:
        site: the declared site, runtime php.
        memory: the container's limit in bytes.

    Returns:
        `php.ini` and `fpm.conf` by file name.
    """
    return {"php.ini": _ini(site, memory), "fpm.conf": _pool(site, memory)}


def largest_request(site: Site) -> int:
    """The largest request body that PHP takes, in bytes."""
    return _bytes(_settings(site)["post_max_size"])


def longest_run(site: Site) -> int:
    """How long a request may take, in seconds."""
    return max(_LONGEST, int(_settings(site)["max_execution_time"]) + 30)


def temporary_space(site: Site) -> int:
    """The size that /tmp needs in bytes: one largest upload, sessions and scratch files."""
    return max(64 * MIB, largest_request(site) + _SPARE_TEMPORARY)


def _ini(site: Site, memory: int) -> str:
    lines = [f'{name} = "{value}"' for name, value in sorted(_settings(site).items())]
    lines.append(f"opcache.memory_consumption = {_opcode_cache(memory) // MIB}")
    return "; Made from the partner's declaration.\n" + "\n".join(lines) + "\n"


def _pool(site: Site, memory: int) -> str:
    workers = _workers(memory)
    return (
        "; Made from the partner's limits.\n"
        "[site]\n"
        f"pm.max_children = {workers}\n"
        f"pm.max_spare_servers = {max(1, workers // 2)}\n"
        f"request_terminate_timeout = {longest_run(site)}s\n"
    )


def _workers(memory: int) -> int:
    room = memory - _MASTER - _opcode_cache(memory)
    return max(_LEAST_WORKERS, min(_MOST_WORKERS, room // _WORKER))


def _opcode_cache(memory: int) -> int:
    return max(32 * MIB, min(128 * MIB, memory // 5)) // MIB * MIB


def _settings(site: Site) -> dict[str, str]:
    chosen: dict[str, str] = {str(name): value for name, value in site.php.items()}
    if "upload_max_filesize" in chosen and "post_max_size" not in chosen:
        # A form around the file; PHP refuses the file otherwise without a word.
        chosen["post_max_size"] = f"{_bytes(chosen['upload_max_filesize']) // MIB + 8}M"
    return _DEFAULTS | chosen


def _bytes(text: str) -> int:
    return int(text[:-1]) * _UNITS[text[-1]] if text[-1] in _UNITS else int(text)
