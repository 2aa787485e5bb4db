"""The platform's own images: what each is made of, a folder of platform/images, and its name, by content."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import docker
import docker.errors

from clearinghouse import error_pages
from clearinghouse.errors import Trouble
from clearinghouse.installation import root

_WITH_PAGES = ("edge", "web")
_BUILT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "edge": {"caddy": ("caddy",)},
    "web": {"caddy": ("caddy",)},
    "tools": {"tools": ("supercronic", "alive")},
    "backup": {"backup": ("restic",), "tools": ("supercronic",)},
    "repository": {"backup": ("rest-server",)},
    "upkeep": {"backup": ("restic",), "tools": ("supercronic",)},
}
"""What images hold of the toolchain: the modules' folders, and the programs that are built from each."""
_PACKAGES: Mapping[str, tuple[str, ...]] = {"upkeep": ("__init__.py", "upkeep/*.py")}
"""What images hold of this very package."""
_VARIANTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mariadb-10.11": ("mariadb", {"SUITE": "bookworm", "VERSION": "10.11"}),
    "mariadb-11.8": ("mariadb", {"SUITE": "trixie", "VERSION": "11.8"}),
    "postgresql-15": ("postgresql", {"SUITE": "bookworm", "VERSION": "15"}),
    "postgresql-17": ("postgresql", {"SUITE": "trixie", "VERSION": "17"}),
}
"""Images that are built from one folder: which, and with which build arguments."""
_SOURCES = "toolchain/"
"""Starts the names of inputs that are not in the build context."""
CONTEXTS = Path(".state/images")
"""Where build contexts are laid out, relative to the project: a declaration gives the same state anywhere."""


def tag(name: str) -> str:
    """The full name of a platform image of this version: `clearinghouse/web:<hash of its inputs>`.

    The inputs are the image's folder, its build arguments, the error pages and the pinned sources of the
    programs in it; not the programs' bytes, so that a tag does not depend on where they were built.
    """
    digest = hashlib.sha256(str(build_arguments(name) or "").encode())
    for path, content in sorted(_inputs(name).items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return f"clearinghouse/{name}:{digest.hexdigest()[:12]}"


def image_ids(names: set[str], host: str, client: docker.DockerClient) -> dict[str, str]:
    """The ids of platform images that the host's stack has built.

    Raises:
        Trouble: one of this version is not there.
    """
    found: dict[str, str] = {}
    for name in sorted(names):
        try:
            found[name] = str(client.images.get(tag(name)).id)
        except docker.errors.ImageNotFound:
            raise Trouble(
                f"host {host}: the platform image {name} of this version is not there;"
                f" run `chm up host-{host}` first"
            ) from None
    return found


def build_arguments(name: str) -> dict[str, str] | None:
    """What tells an image from others of the same folder."""
    return dict(_VARIANTS[name][1]) if name in _VARIANTS else None


def assemble(name: str, context: Path) -> None:
    """Lay out the build context; what is right already stays, since another run may just read it.

    Raises:
        Trouble: a program that it holds has not been built.
    """
    wanted = {path: content for path, content in _inputs(name).items() if not path.startswith(_SOURCES)}
    programs = [program for built in _BUILT.get(name, {}).values() for program in built]
    there = [path for path in context.rglob("*") if path.is_file()] if context.exists() else []
    for stray in there:
        if str(stray.relative_to(context)) not in {*wanted, *programs}:
            stray.unlink(missing_ok=True)
    for path, content in wanted.items():
        target = context / path
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    for original in _folder(name).rglob("*"):
        if original.is_file():
            shutil.copymode(original, context / original.relative_to(_folder(name)))
    for program in programs:
        _place(program, context / program)


def _folder(name: str) -> Path:
    return root() / "platform/images" / (_VARIANTS[name][0] if name in _VARIANTS else name)


def _inputs(name: str) -> dict[str, bytes]:
    folder = _folder(name)
    inputs = {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    for module in _BUILT.get(name, ()):
        folder = root() / "toolchain"
        inputs |= {
            f"{_SOURCES}{path.relative_to(folder)}": path.read_bytes() for path in _sources(folder / module)
        }
    package = root() / "platform/clearinghouse"
    for pattern in _PACKAGES.get(name, ()):
        inputs |= {
            f"clearinghouse/{path.relative_to(package)}": path.read_bytes() for path in package.glob(pattern)
        }
    if name in _WITH_PAGES:
        inputs |= {f"errors/{path}": content for path, content in error_pages.render().items()}
    return inputs


def _sources(module: Path) -> list[Path]:
    return [path for path in module.rglob("*") if path.is_file() and not path.name.endswith("_test.go")]


def _place(program: str, target: Path) -> None:
    built = root() / ".state/bin" / program
    if not built.exists():
        raise Trouble(f"{program} has not been built yet; run `toolchain/setup` first")
    shutil.copy2(built.resolve(), target)
