"""The installation: where it is (the folder with Pulumi.yaml and stacks/), and its name."""

import re
import secrets
import string
from pathlib import Path

from clearinghouse.errors import Trouble

_NAME_FILE = "stacks/installation"
_LENGTH = 12


def root(start: Path | None = None) -> Path:
    """Find the installation by walking up from a folder.

    Args:
        start: the folder to begin with; the current one without it.

    Returns:
        The nearest folder that holds both Pulumi.yaml and stacks/.

    Raises:
        Trouble: neither the folder nor one above it is an installation.
    """
    here = (start or _current()).absolute()
    for folder in (here, *here.parents):
        if (folder / "Pulumi.yaml").is_file() and (folder / "stacks").is_dir():
            return folder
    raise Trouble(
        f"{here} is not within an installation: go to a folder with Pulumi.yaml and stacks/, then try again"
    )


def name() -> str | None:
    """The name of the installation, in stacks/installation: what it makes on an engine is labelled with it.

    Raises:
        Trouble: the file holds something else.
    """
    file = root() / _NAME_FILE
    if not file.exists():
        return None
    written = file.read_text().strip()
    if not re.fullmatch(r"[a-z0-9]{4,40}", written):
        raise Trouble(f"{_NAME_FILE}: should be one word of letters a to z and digits, is {written[:50]!r}")
    return written


def ensure_name() -> str:
    """The name of the installation, made up where there is none."""
    if (there := name()) is not None:
        return there
    made = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(_LENGTH))
    (root() / _NAME_FILE).write_text(f"{made}\n")
    return made


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise Trouble(
            "the current folder is not there any more: go to an installation, then try again"
        ) from None
