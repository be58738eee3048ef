"""Our own drawings on a PDF page: as lines and areas, sharp at any size.

Reads what ``scripts/drawings`` writes and nothing more: rect, path and text
with presentation attributes. Anything else is an error, so that a drawing can
not come out half.
"""

from __future__ import annotations

import functools
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMESPACE = "{http://www.w3.org/2000/svg}"
_TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?")
_NUMBERS = {"M": 2, "L": 2, "V": 1, "H": 1, "Q": 4, "C": 6, "A": 7, "Z": 0}

Point = tuple[float, float]
#: "move", "line" or "curve" with its points, or "close".
Piece = tuple[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A painted outline, or words where ``words`` is not empty."""

    pieces: tuple[Piece, ...]
    look: dict[str, str]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    shapes: tuple[Shape, ...]


@functools.cache
def read_picture(file: Path) -> Picture:
    """The shapes of one of our own drawings, in paint order."""
    # Our own committed files, so the plain parser is safe here.
    root = ElementTree.fromstring(file.read_bytes())  # noqa: S314
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    nodes = [node for node in root if node.tag not in (f"{NAMESPACE}title", f"{NAMESPACE}desc")]
    return Picture(width, height, tuple(_shape(node) for node in nodes))


def _shape(node: ElementTree.Element) -> Shape:
    kind, look = node.tag.removeprefix(NAMESPACE), dict(node.attrib)
    if kind == "path":
        return Shape(tuple(path_pieces(look["d"])), look)
    if kind == "text":
        return Shape((("move", ((float(look["x"]), float(look["y"])),)),), look, node.text or "")
    if kind == "rect":
        return Shape(tuple(_rect_pieces(look)), look)
    raise ValueError(f"a drawing has no {kind}")


def _rect_pieces(look: dict[str, str]) -> Iterator[Piece]:
    x, y, width, height = (float(look.get(name, "0")) for name in ("x", "y", "width", "height"))
    r = min(float(look.get("rx", "0")), width / 2, height / 2)
    turn = f"A{r} {r} 0 0 1 "
    right, low = x + width, y + height
    if not r:
        yield from path_pieces(f"M{x} {y}L{right} {y}L{right} {low}L{x} {low}Z")
        return
    yield from path_pieces(
        f"M{x + r} {y}L{right - r} {y}{turn}{right} {y + r}L{right} {low - r}{turn}{right - r} {low}"
        f"L{x + r} {low}{turn}{x} {low - r}L{x} {y + r}{turn}{x + r} {y}Z"
    )


def path_pieces(data: str) -> Iterator[Piece]:
    """The pieces of a path; quadratic curves and arcs become cubic ones."""
    here = start = (0.0, 0.0)
    for command, numbers in _commands(data):
        if command == "Z":
            here = start
            yield "close", ()
            continue
        if command in "VH":
            numbers = (here[0], numbers[0]) if command == "V" else (numbers[0], here[1])
        points = tuple(zip(numbers[::2], numbers[1::2], strict=False))
        end = numbers[-2], numbers[-1]
        if command == "M":
            start = end
            yield "move", (end,)
        elif command == "Q":
            yield "curve", (_toward(here, points[0], 2 / 3), _toward(end, points[0], 2 / 3), end)
        elif command == "C":
            yield "curve", points
        elif command == "A":
            yield from _arc(here, end, numbers)
        else:
            yield "line", (end,)
        here = end


def _commands(data: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    tokens = _TOKEN.findall(data)
    at = 0
    while at < len(tokens):
        command = tokens[at]
        if command not in _NUMBERS:
            raise ValueError(f"a path of our drawings has no {command}")
        count = _NUMBERS[command]
        yield command, tuple(map(float, tokens[at + 1 : at + 1 + count]))
        at += 1 + count


def _toward(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _arc(here: Point, end: Point, numbers: tuple[float, ...]) -> Iterator[Piece]:
    """A circular arc as cubic curves of at most a quarter turn each."""
    radius, other, turned, is_large, is_clockwise = numbers[:5]
    if radius != other or turned:
        raise ValueError("our drawings have circular arcs only")
    chord = math.dist(here, end)
    if not chord or not radius:
        yield "line", (end,)
        return
    radius = max(radius, chord / 2)
    off = math.sqrt(max(0.0, radius**2 - chord**2 / 4)) * (1 if is_large == is_clockwise else -1)
    middle = _toward(here, end, 0.5)
    centre = (
        middle[0] + off * (end[1] - here[1]) / chord,
        middle[1] - off * (end[0] - here[0]) / chord,
    )
    first, last = (math.atan2(p[1] - centre[1], p[0] - centre[0]) for p in (here, end))
    turn = (last - first) % math.tau if is_clockwise else -((first - last) % math.tau)
    count = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    for i in range(count):
        yield _curve(centre, radius, first + turn * i / count, turn / count)


def _curve(centre: Point, radius: float, angle: float, turn: float) -> Piece:
    handle = 4 / 3 * math.tan(turn / 4) * radius
    ends = angle, angle + turn
    (a, b) = ((centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in ends)
    leave = a[0] - handle * math.sin(ends[0]), a[1] + handle * math.cos(ends[0])
    arrive = b[0] + handle * math.sin(ends[1]), b[1] - handle * math.cos(ends[1])
    return "curve", (leave, arrive, b)
