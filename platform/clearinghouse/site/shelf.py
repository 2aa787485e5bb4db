"""The pages of a partner's last build: those that would be the same are not made again."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clearinghouse.site.compression import ENDINGS
from clearinghouse.site.write import Kept


@dataclass(frozen=True)
class Shelf:
    """A file that says where the last build is, and what each of its pages was made from.

    Attributes:
        path: the file; a broken or missing one means that there is no build.
    """

    path: Path

    def kept(self, keys: Mapping[str, str], endings: Sequence[str] = ENDINGS) -> dict[str, Kept]:
        """The files of pages that are there already, their compressed twins among them.

        Args:
            keys: by a page's path, the hash of all that it is made from.
            endings: of the compressed twins that are wanted; to look for each takes time.
        """
        folder, before = self._read()
        same = [path for path, key in keys.items() if before.get(path) == key]
        there = [path for path in same if os.path.isfile(f"{folder}/{path}")]
        twins = (f"{path}{ending}" for path in there for ending in endings)
        files = (*there, *(twin for twin in twins if os.path.isfile(f"{folder}/{twin}")))
        return {path: Kept(f"{folder}/{path}") for path in files}

    def put(self, folder: Path, keys: Mapping[str, str]) -> None:
        """Say of a finished build what its pages were made from."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        part.write_text(json.dumps({"folder": str(folder), "pages": dict(keys)}))
        part.rename(self.path)

    def _read(self) -> tuple[str, Mapping[str, str]]:
        try:
            told = json.loads(self.path.read_text())
            return str(told["folder"]), dict(told["pages"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", {}
