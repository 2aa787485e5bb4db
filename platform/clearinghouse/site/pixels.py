"""Opens a partner's picture safely: upright, in sRGB, without metadata."""

import io
import struct
import warnings
import zlib
from functools import cache
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from clearinghouse.errors import Trouble

_MOST_PIXELS = 50_000_000
_HIGHEST = 16_383  # WebP holds no more (RFC 9649, 2.7)
_TYPES = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
# What Pillow's decoders raise on broken files, beside OSError.
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, RuntimeError),
    *(struct.error, zlib.error),
)


def opened(source: Path, content: bytes) -> Image.Image:
    """The pixels of a picture: the first frame, upright (Exif), in RGB, or RGBA where some are transparent.

    Args:
        source: the file, for messages.
        content: its bytes: JPEG, PNG, GIF, WebP or AVIF.

    Raises:
        Trouble: broken, of another type, of more than 50 million pixels, or higher than 16,383.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, which is dropped anyway
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = _recognised(source, content)
        plain = _upright(source, image)
    if plain.height > _HIGHEST:
        raise Trouble(f"{source} is higher than {_HIGHEST:,} pixels: make it smaller.")
    if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    plain.info = {}  # Pillow would write some of it again
    return plain


def _recognised(source: Path, content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=_TYPES)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_large(source) from None
    except UnidentifiedImageError:
        raise Trouble(f"{source} is not a picture that can be read: save it as JPEG, PNG or WebP.") from None
    except _BROKEN:
        raise _broken(source) from None
    if image.width * image.height > _MOST_PIXELS:
        raise _too_large(source)
    return image


def _upright(source: Path, image: Image.Image) -> Image.Image:
    try:
        return _in_srgb(ImageOps.exif_transpose(image))
    except _BROKEN:
        raise _broken(source) from None


def _too_large(source: Path) -> Trouble:
    return Trouble(f"{source} has more than {_MOST_PIXELS // 1_000_000} million pixels: make it smaller.")


def _broken(source: Path) -> Trouble:
    return Trouble(f"{source} is broken and cannot be read to its end: save or copy it again.")


def _in_srgb(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256).convert("L")  # else all but the darkest turn white
    elif image.mode not in ("L", "CMYK"):
        image = image.convert(mode)
    if profile:
        image = _converted(image, profile)
    return image.convert(mode)


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    output = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, _srgb(), outputMode=output) or image
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that makes no sense is as good as none


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
