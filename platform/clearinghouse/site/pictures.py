"""A partner's picture in the sizes and types that browsers choose from (HTML Living Standard, 4.8.1).

AVIF and WebP in several widths, and one JPEG or PNG for all others, without any metadata, which may tell
where somebody lives. Made once: the cache knows a picture by its bytes.
"""

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, __version__, features

from clearinghouse.errors import Trouble
from clearinghouse.site.pixels import opened
from clearinghouse.site.texts import slug

WIDTHS = (320, 640, 960, 1600)
"""Pixels."""
_WIDEST_FALLBACK = 960
_ENOUGH = 0.6  # browsers choose the type first: without its wider files it looks blurred
_ENDINGS = {"image/avif": "avif", "image/webp": "webp", "image/jpeg": "jpg", "image/png": "png"}
_SETTINGS: dict[str, dict[str, Any]] = {
    # One thread each: the builder already works on every core.
    "image/avif": {"format": "AVIF", "quality": 60, "speed": 6, "max_threads": 1},
    "image/webp": {"format": "WEBP", "quality": 78, "method": 4},
    "image/jpeg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
    "image/png": {"format": "PNG", "optimize": True},
}


@dataclass(frozen=True)
class Variant:
    """A file of a picture.

    Attributes:
        path: where it is in the cache.
        name: what it is called in the site, `forest-3fa9c1d2-640.avif`; other content has another name.
        type: its media type.
        width: in pixels.
        height: in pixels.
        size: in bytes.
    """

    path: Path
    name: str
    type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Variants:
    """A picture.

    Attributes:
        width: of the picture when upright, in pixels.
        height: in pixels.
        files: AVIF, then WebP, each from narrow to wide; the last is the JPEG or PNG for every browser.
    """

    width: int
    height: int
    files: tuple[Variant, ...]

    @property
    def fallback(self) -> Variant:
        """The file that every browser shows."""
        return self.files[-1]

    @property
    def sources(self) -> Mapping[str, tuple[Variant, ...]]:
        """The other files by media type, the best type first."""
        types = dict.fromkeys(file.type for file in self.files[:-1])
        return {kind: tuple(file for file in self.files[:-1] if file.type == kind) for kind in types}


@dataclass(frozen=True)
class _Made:
    type: str
    width: int
    height: int
    content: bytes


def variants(source: Path, cache: Path, widths: Sequence[int] = WIDTHS) -> Variants:
    """The variants of a picture, from the cache or newly made.

    Several processes may make the same at once: each makes its own, and one is kept.

    Args:
        source: a JPEG, PNG, GIF (its first frame counts), WebP or AVIF.
        cache: the folder of what was made before; made where it is missing.
        widths: how wide variants may be, in pixels, one at least; none is wider than the picture.

    Raises:
        Trouble: the file is missing, broken, of another type, or too large to be opened safely.
    """
    try:
        content = source.read_bytes()
    except OSError as error:
        raise Trouble(f"{source} cannot be read ({error.strerror}): put the picture there.") from None
    key = _key(content, widths)
    folder = cache / key
    if not folder.is_dir():
        _keep(folder, *_made(source, content, widths))
    return _kept(folder, f"{slug(source.stem) or 'picture'}-{key[:8]}")


def _key(content: bytes, widths: Sequence[int]) -> str:
    engines = [__version__, *(features.version(name) for name in ("avif", "webp", "jpg", "zlib"))]
    settings = json.dumps([engines, sorted(widths), _SETTINGS, _WIDEST_FALLBACK, _ENOUGH])
    return hashlib.sha256(settings.encode() + b"\0" + content).hexdigest()[:32]


def _made(source: Path, content: bytes, widths: Sequence[int]) -> tuple[Image.Image, list[_Made]]:
    image = opened(source, content)
    wanted = [_narrowed(image, width) for width in sorted({min(width, image.width) for width in widths})]
    avif, webp = (
        _light([_encoded(each, kind) for each in wanted], len(content))
        for kind in ("image/avif", "image/webp")
    )
    if len(avif) == len(webp) and _weight(avif) >= _weight(webp):
        avif = []
    last = _fallback(_narrowed(image, min(_WIDEST_FALLBACK, image.width)), content)
    return image, [*avif, *webp, last]


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, kind: str) -> _Made:
    target = io.BytesIO()
    image.save(target, **_SETTINGS[kind])
    return _Made(kind, image.width, image.height, target.getvalue())


def _light(files: Sequence[_Made], original: int) -> list[_Made]:
    """The files of a type that weigh less than the original; none where those left are too narrow."""
    light = [file for file in files if len(file.content) < original]
    return light if light and light[-1].width >= files[-1].width * _ENOUGH else []


def _fallback(image: Image.Image, original: bytes) -> _Made:
    """PNG for what is transparent, and for drawings that weigh less so; else JPEG."""
    if image.mode == "RGBA":
        return _encoded(image, "image/png")
    photograph = _encoded(image, "image/jpeg")
    if original.startswith((b"\x89PNG", b"GIF8")):
        drawing = _encoded(image, "image/png")
        return min(drawing, photograph, key=lambda file: len(file.content))
    return photograph


def _weight(files: Sequence[_Made]) -> int:
    return sum(len(file.content) for file in files)


def _keep(folder: Path, image: Image.Image, files: Sequence[_Made]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
    try:
        for file in files:
            (making / _name(file.width, file.type)).write_bytes(file.content)
        told = [[file.type, file.width, file.height, len(file.content)] for file in files]
        (making / "picture.json").write_text(json.dumps([image.width, image.height, told]))
        making.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster, with the same content
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _kept(folder: Path, name: str) -> Variants:
    width, height, told = json.loads((folder / "picture.json").read_text())
    return Variants(width, height, tuple(_variant(folder, name, *file) for file in told))


def _variant(folder: Path, name: str, kind: str, width: int, height: int, size: int) -> Variant:
    ending = _name(width, kind)
    return Variant(folder / ending, f"{name}-{ending}", kind, width, height, size)


def _name(width: int, kind: str) -> str:
    return f"{width}.{_ENDINGS[kind]}"
