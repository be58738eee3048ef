"""Which strings of a library document people read; all others are keys, codes and references.

A translation is looked up by the English text itself, so the documents stay
as they are: a published version never changes, and no file has a second copy
in another language that could say something else.
"""

import re
from collections.abc import Callable, Iterator

#: Fields that hold no text for people.
NOT_TEXT = frozenset(
    (
        *(
            "address",
            "also",
            "code",
            "default",
            "direction",
            "enabled_by",
            "family",
            "grade",
            "groups",
            "higher_is",
        ),
        *("items_from", "key", "kind", "language", "level", "level_basis", "method", "not_applicable"),
        *(
            "on_when",
            "picture",
            "scoring",
            "seen",
            "source",
            "sources",
            "start_stages",
            "substitute",
            "up_to",
            "url",
        ),
        *("value",),
    )
)
#: A word of our own, such as ``flexion_intolerant``, where a field holds now a word and now a text.
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
MAY_BE_CODE = frozenset({"advice", "when"})


def is_text(field: str, value: str) -> bool:
    """True where people read this value of this field."""
    if field in NOT_TEXT or not any(character.isalpha() for character in value):
        return False
    return not (field in MAY_BE_CODE and CODE.fullmatch(value))


def texts(content, field: str = "") -> Iterator[str]:
    """Yield every text of a document, in the order of the document."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from texts(value, name)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from texts(value, field)
    elif isinstance(content, str) and is_text(field, content):
        yield content


def with_texts(content, say: Callable[[str], str], field: str = ""):
    """A copy of the document whose texts are said by ``say``; everything else stays."""
    if isinstance(content, dict):
        return {name: with_texts(value, say, name) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [with_texts(value, say, field) for value in content]
    if isinstance(content, str) and is_text(field, content):
        return say(content)
    return content
