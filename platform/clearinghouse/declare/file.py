"""One YAML file of a declaration: its text, its value, and what is wrong with it."""

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from clearinghouse.declare.document import MAX_BYTES, TOP, Document, parse
from clearinghouse.declare.draft import drafted
from clearinghouse.declare.problem import Finding, Key, Place, Problem, slashed
from clearinghouse.declare.tree import place_of, plain, value_at
from clearinghouse.declare.wording import findings, sentence, shown
from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class File(Generic[Model]):
    """What a file says.

    Args:
        path: the file as people see it, relative to the installation.
        document: its text, read.
        value: the value, where the file alone is well.
        draft: the value with None for what is wrong; None where nothing can be read.
        findings: what is wrong, each key by itself.
        refused: the keys that are wrong or cannot be trusted.
    """

    path: Path
    document: Document
    value: Model | None = None
    draft: Model | None = None
    findings: tuple[Finding, ...] = ()
    refused: frozenset[Key] = frozenset()

    def problem(self, finding: Finding) -> Problem:
        """The line that tells of a finding."""
        place = finding.place or self._place(finding)
        found = finding.found or self._found(finding.key)
        message = sentence(finding.should, found, finding.hint)
        return Problem(self.path, place.line, place.column, slashed(finding.key), message)

    def problems(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """The lines for what the rules found, but for keys that are refused anyway."""
        for finding in findings:
            if not is_within(finding.key, self.refused):
                yield self.problem(finding)

    def _place(self, finding: Finding) -> Place:
        root = self.document.root
        if root is None:
            return TOP
        if finding.near is not None and value_at(root, finding.key) is None:
            return place_of(root, finding.near, names_key=True)
        return place_of(root, finding.key, names_key=finding.names_key)

    def _found(self, key: Key) -> str:
        root = self.document.root
        value = value_at(root, key) if root else None
        return "missing" if value is None else shown(value)


def read(path: Path, seen_as: Path, model: type[Model]) -> File[Model]:
    """Read one file.

    Args:
        path: where it is.
        seen_as: how people see it.
        model: what it declares.
    """
    content = content_of(path)
    if isinstance(content, Finding):
        return File(seen_as, Document(None, (), frozenset()), findings=(content,))
    document = parse(content)
    if document.root is None:
        return File(seen_as, document, findings=document.findings)
    data = plain(document.root)
    value, found = validated(model, data)
    own = tuple(finding for finding in found if not is_within(finding.key, document.broken))
    refused = document.broken | {finding.key for finding in own}
    draft = drafted(model, data, refused) if refused else value
    return File(seen_as, document, value, draft, (*document.findings, *own), refused)


def names_in(folder: Path) -> list[str]:
    """The names, without .yaml, of the files in a folder that declare something."""
    return [name[:-5] for name in _listed(folder) if re.fullmatch(r"[a-z].*\.yaml", name, re.DOTALL)]


def misnamed(folder: Path, seen_as: Path) -> Iterator[Problem]:
    """Files that look like declarations, but whose names keep them from being read."""
    for name in _listed(folder):
        if re.fullmatch(r"(?!Pulumi\.)[^.].*\.ya?ml", name, re.DOTALL | re.IGNORECASE) and not re.fullmatch(
            r"[a-z].*\.yaml", name, re.DOTALL
        ):
            message = sentence("named in lower case and end in .yaml", shown(name), None)
            yield Problem(seen_as / name, 1, 1, "file", message)


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Trouble(f"{folder} cannot be listed: {error.strerror}", exit_code=COULD_NOT_FIND_OUT) from None


def content_of(path: Path, longest: int = MAX_BYTES) -> bytes | Finding:
    """The bytes of a file, no more than are needed to see that they are too many."""
    should = "a file that can be read"
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            return Finding((), should, "something else", place=TOP)
        with path.open("rb") as file:
            # No more than there is: the room for it is made, and made empty, before.
            return file.read(min(state.st_size, longest) + 1)
    except FileNotFoundError:
        return Finding((), should, "a link to nowhere", place=TOP)
    except OSError as error:
        return Finding((), should, f"not ({error.strerror})", place=TOP)


def validated(model: type[Model], data: object) -> tuple[Model | None, tuple[Finding, ...]]:
    """The value that data makes, or what is wrong with them."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(findings(error, model))


def is_within(key: Key, others: Collection[Key]) -> bool:
    """Whether a key is one of others, or below one."""
    return any(key[:length] in others for length in range(len(key) + 1))
