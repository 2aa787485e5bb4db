"""Where the installation is: the folder with Pulumi.yaml and stacks/."""

from pathlib import Path

from clearinghouse.errors import Trouble


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


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise Trouble(
            "the current folder is not there any more: go to an installation, then try again"
        ) from None
