"""From files to documents: what is there, of which kind, with which content hash.

A library is a folder with ``programmes/``, ``exercises/``, ``cards/``,
``questionnaires/``, ``questions/``, ``rules.yaml`` and ``sources.yaml``. A clinic's own file may
also stand alone; its folder or its fields then tell what it is.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from programs.library.parsing import UnreadableFile, read_yaml

SHIPPED = Path(__file__).parent
PROGRAMME = "programme"
EXERCISE = "exercise"
CARD = "card"
RULES = "rules"
SOURCE = "source"
RED_FLAG = "red-flag"
INTAKE_QUESTION = "intake-question"
YELLOW_FLAG = "yellow-flag"
DIRECTION = "direction"
QUESTION_SET = "question-set"
QUESTIONNAIRE = "questionnaire"
SUFFIXES = (".yaml", ".yml", ".json")
#: Data beside the library that is no document of it and has a reader of its own.
OTHER_FILES = frozenset({"contacts"})
#: Folder -> kind of the one document in each of its files.
FOLDERS = {"programmes": PROGRAMME, "exercises": EXERCISE, "cards": CARD, "questionnaires": QUESTIONNAIRE}
#: File in questions/ -> its list, and the kind of each item in the list.
QUESTION_FILES = {
    "red_flags": ("flags", RED_FLAG),
    "intake": ("questions", INTAKE_QUESTION),
    "yellow_flags": ("questions", YELLOW_FLAG),
    "directions": ("questions", DIRECTION),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it stands in a file; ``content`` is plain JSON data."""

    kind: str
    key: str
    content: dict
    content_hash: str
    path: str


@dataclass(frozen=True, slots=True)
class Library:
    """All documents that were found, and what could not be read."""

    documents: tuple[Document, ...]
    unreadable: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> dict[str, Document]:
        return {document.key: document for document in self.documents if document.kind == kind}

    def content(self, kind: str, key: str) -> dict:
        return self.of_kind(kind)[key].content


@cache
def shipped_library() -> Library:
    """Read what is shipped; it does not change while a process lives."""
    return read_library()


def read_library(*paths: Path) -> Library:
    """Read folders and files; without any, what is shipped."""
    documents: list[Document] = []
    unreadable: list[str] = []
    for root in paths or (SHIPPED,):
        files = _files(root)
        if not files:
            unreadable.append(
                f"{root.name}: holds no file; it must hold one of {', '.join(SUFFIXES)} or more."
            )
        for path in files:
            shown = str(path.relative_to(root)) if root.is_dir() else path.name
            try:
                documents += _documents(path, shown)
            except UnreadableFile as fault:
                unreadable.append(str(fault))
    return Library(documents=tuple(documents), unreadable=tuple(unreadable))


def content_hash(content: object) -> str:
    """SHA-256 of the canonical JSON: the order of keys and the layout do not matter."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _files(root: Path) -> list[Path]:
    if not root.is_dir():
        return [root]
    found = (path for path in root.rglob("*") if path.suffix in SUFFIXES and path.stem not in OTHER_FILES)
    return sorted(found)


def _documents(path: Path, shown: str) -> Iterator[Document]:
    content = read_yaml(path, shown)
    if not isinstance(content, dict):
        raise UnreadableFile(f"{shown}: is {type(content).__name__}; it must be a mapping of fields.")
    for kind, key, item in _split(path, shown, content):
        yield Document(kind=kind, key=key, content=item, content_hash=content_hash(item), path=shown)


def _split(path: Path, shown: str, content: dict) -> Iterator[tuple[str, str, dict]]:
    """Yield kind, key and content of each document in a file."""
    if path.stem == "sources":
        yield from ((SOURCE, key, _mapping(item, shown, key)) for key, item in content.items())
    elif path.stem in QUESTION_FILES and path.parent.name == "questions":
        yield from _questions(path.stem, content, shown)
    elif path.stem == "rules":
        yield RULES, _text(content.get("key"), shown, "key"), content
    else:
        yield _kind(path, content, shown), _text(content.get("key"), shown, "key"), content


def _questions(stem: str, content: dict, shown: str) -> Iterator[tuple[str, str, dict]]:
    listed, kind = QUESTION_FILES[stem]
    items = content.get(listed)
    if not isinstance(items, list):
        raise UnreadableFile(f"{shown}: {listed} is {items!r}; it must be a list of questions.")
    for number, item in enumerate(items, start=1):
        question = _mapping(item, shown, f"{listed}.{number}")
        code = _text(question.get("code"), shown, f"{listed}.{number}.code")
        # The order of the questions is part of what people see.
        yield kind, code, {**question, "position": number}
    yield QUESTION_SET, stem, {name: value for name, value in content.items() if name != listed}


def _kind(path: Path, content: dict, shown: str) -> str:
    kind = FOLDERS.get(path.parent.name)
    if kind is None and "stages" in content:
        kind = PROGRAMME
    if kind is None and "scoring" in content:
        kind = QUESTIONNAIRE
    if kind is None:
        folders = ", ".join(FOLDERS)
        raise UnreadableFile(f"{shown}: lies in {path.parent.name}; it must lie in one of {folders}.")
    return kind


def _mapping(item: object, shown: str, name: str) -> dict:
    if not isinstance(item, dict):
        raise UnreadableFile(f"{shown}: {name} is {item!r}; it must be a mapping of fields.")
    return item


def _text(value: object, shown: str, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise UnreadableFile(f"{shown}: {name} is {value!r}; it must be text.")
    return value
