"""Every English text of the project that is to be said in other languages, and where it stands.

Found without the tools of GNU gettext, which a clean machine does not have:
Babel reads Python, Django makes Python of templates, and the library and the
engine are read as what they are.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

from programs.engine.redflags import RED_FLAGS
from programs.library.parsing import read_yaml
from programs.library.texts import texts
from programs.said import AUDIT, IN_A_REASON, PATTERNS, PHRASES, REASONS, WHEN

ROOT = Path(__file__).resolve().parents[2]
#: Function -> which of its arguments are texts; Babel counts from one, and ``c`` marks a context.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
#: Read by operators and developers, in English.
NOT_FOR_PEOPLE = ("management", "migrations", "admin.py", "administration.py")
#: Titles of papers and names of pages stay as they were published; these two kinds are words of ours.
OUR_SOURCES = ("design", "seed-")


@dataclass(frozen=True, order=True)
class Message:
    """One text: ``context`` where one word means two things, ``plural`` where there is a number."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Found:
    message: Message
    place: str
    comments: tuple[str, ...] = ()


def everything() -> list[Found]:
    """All texts in a steady order: pages, Python, library, engine."""
    return [*from_templates(), *from_python(), *from_library(), *from_engine()]


def from_templates() -> Iterator[Found]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            # In brackets, or Python would mind how a template is indented.
            yield from _from_code(f"({templatize(path.read_text(), origin=str(path))}\n)", path)


def from_python() -> Iterator[Found]:
    for app in ("accounts", "programs", "rehab"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if not set(NOT_FOR_PEOPLE) & set(path.relative_to(ROOT).parts):
                yield from _from_code(path.read_text(), path)


def _from_code(code: str, path: Path) -> Iterator[Found]:
    place = path.relative_to(ROOT).as_posix()
    lines = io.BytesIO(code.encode())
    for _line, function, arguments, comments in extract_python(lines, KEYWORDS, ["Translators"], {}):
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        words = [word for word in given if isinstance(word, str)]
        has_context, has_plural = "pgettext" in function, function.startswith("n")
        # Fewer where one is no literal: that is found where it is written.
        if len(words) == 1 + has_context + has_plural and all(words):
            context = words.pop(0) if has_context else ""
            yield Found(Message(words[0], words[1] if has_plural else "", context), place, tuple(comments))


def from_library() -> Iterator[Found]:
    for path in sorted((ROOT / "programs" / "library").rglob("*.yaml")):
        content = read_yaml(path, path.name)
        if path.name == "sources.yaml":
            content = {key: value for key, value in content.items() if key.startswith(OUR_SOURCES)}
        for text in texts(content):
            yield Found(Message(text), path.relative_to(ROOT).as_posix())


def from_engine() -> Iterator[Found]:
    """What the engine says stays English where it is stored; it is said when it is shown."""
    for text in (*PATTERNS, *PHRASES, *AUDIT, *REASONS):
        yield Found(Message(text), "programs/said.py")
    for word in WHEN:
        yield Found(Message(word, context=IN_A_REASON), "programs/said.py")
    for flag in RED_FLAGS.values():
        yield Found(Message(flag.label), "programs/engine/redflags.py")
