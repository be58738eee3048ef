"""YAML as plain data: no duplicate keys, no surprises, messages with a line.

PyYAML reads YAML 1.1, in which ``off`` is false, ``1:30`` is 90 and a date is
an object. Here a word stays a word: only true, false, null and plain decimal
numbers are anything but text. Anchors and tags are refused, because a document
has to say the same thing to every reader.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node

LONGEST_FILE = 512 * 1024
_PLAIN = {
    "tag:yaml.org,2002:null": (re.compile(r"^(?:null|~|)$"), ["n", "~", ""]),
    "tag:yaml.org,2002:bool": (re.compile(r"^(?:true|false)$"), ["t", "f"]),
    "tag:yaml.org,2002:int": (re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789")),
    "tag:yaml.org,2002:float": (re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789")),
}


class UnreadableFile(Exception):
    """A file that is not one YAML document; the message names file and line."""


def _fault(problem: str, at: yaml.NodeEvent | Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


class PlainLoader(yaml.SafeLoader):
    """Safe loading with the few plain types above."""

    yaml_implicit_resolvers: dict = {}

    def compose_node(self, parent: Node | None, index: object) -> Node:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _fault("anchors and aliases are not used here", event)
        if getattr(event, "tag", None) is not None:
            # Also those of plain types: YAML 1.1 reads numbers and dates behind them that are none here.
            raise _fault(f"tags such as {event.tag} are not used here", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _fault(f"key {key!r} is not text", key_node)
            if key in seen:
                raise _fault(f"key {key!r} is given twice", key_node)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


for _tag, (_pattern, _first) in _PLAIN.items():
    PlainLoader.add_implicit_resolver(_tag, _pattern, _first)


def read_yaml(path: Path, shown: str) -> object:
    """Return the data of one file, or raise ``UnreadableFile`` in plain words."""
    try:
        return parse_yaml(path.read_bytes(), shown)
    except OSError as error:
        raise UnreadableFile(f"{shown}: cannot be read ({error.strerror}).") from error


def parse_yaml(raw: bytes, shown: str, longest: int = LONGEST_FILE) -> object:
    """The same of bytes that came from somewhere else, such as a form."""
    try:
        if len(raw) > longest:
            raise UnreadableFile(f"{shown}: is {len(raw)} bytes long; it must be at most {longest}.")
        return yaml.load(raw.decode("utf-8-sig"), Loader=PlainLoader)  # noqa: S506  (a SafeLoader)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{shown}: is not UTF-8 text (byte {error.start}).") from error
    except RecursionError as error:
        raise UnreadableFile(f"{shown}: is nested too deeply.") from error
    except yaml.YAMLError as error:
        raise UnreadableFile(f"{shown}{_place(error)}: {_problem(error)}.") from error


def line_of(raw: bytes, path: Iterable[str | int]) -> int:
    """The line, from 1, on which a field of a readable file begins; of one that is missing, its whole."""
    node = yaml.compose(raw.decode("utf-8-sig"), Loader=PlainLoader)
    for step in path:
        if isinstance(node, MappingNode):
            inner = next((value for key, value in node.value if key.value == step), None)
        else:
            inner = node.value[step] if isinstance(step, int) and isinstance(node.value, list) else None
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1 if node else 1


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _problem(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or getattr(error, "reason", None) or "is not YAML"
