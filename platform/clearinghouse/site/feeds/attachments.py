"""The files of a record, as feeds name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.model.record import Record

# The standard library's mimetypes would not do: it reads a table of the machine, which others may not have.
_MEDIA_TYPES: Mapping[str, str] = {
    "avif": "image/avif",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "kml": "application/vnd.google-earth.kml+xml",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "webm": "video/webm",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in one language.

    Attributes:
        language: the language that it is written in.
        address: its whole address.
        media_type: what it is, by its name's ending (IANA media types).
        size: bytes, where known.
    """

    language: str
    address: str
    media_type: str
    size: int | None


def attachments(publication: Publication, record: Record) -> tuple[Attachment, ...]:
    """The files of a record, those in the site's languages first, in the site's order."""
    files: Mapping[str, str] = record.get("files") or {}
    order = publication.languages

    def place(language: str) -> tuple[int, str]:
        return (order.index(language) if language in order else len(order), language)

    return tuple(_attachment(publication, tag, files[tag]) for tag in sorted(files, key=place))


def media_type(path: str) -> str:
    """What a file is, by its name's ending; `application/octet-stream` where that says nothing."""
    ending = PurePosixPath(path).suffix.lower().removeprefix(".")
    return _MEDIA_TYPES.get(ending, "application/octet-stream")


def _attachment(publication: Publication, language: str, path: str) -> Attachment:
    size = publication.content.sizes.get(path)
    return Attachment(language, publication.at(f"files/{path}"), media_type(path), size)
