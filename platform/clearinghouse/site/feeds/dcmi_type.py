"""What a document is, in the DCMI Type Vocabulary."""

from collections.abc import Mapping

from clearinghouse.site.model.library import DocumentType

_OTHER_THAN_TEXT: Mapping[DocumentType, str | None] = {
    "dataset": "Dataset",
    "map": "StillImage",
    "other": None,
}


def dcmi_type(kind: DocumentType) -> str | None:
    """`Text`, `Dataset` or `StillImage`; None where the library itself does not know."""
    return _OTHER_THAN_TEXT.get(kind, "Text")
