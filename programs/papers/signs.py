"""Shapes of scores and decisions on paper, each told apart without its colour."""

from __future__ import annotations

from programs.papers.pen import Pen

_DIAMOND = "M0 -9.5 L9.5 0 L0 9.5 L-9.5 0 Z"
_SHOULDERS = "M-3.2 4.3 C-3.2 0.3 3.2 0.3 3.2 4.3"
_OCTAGON = "M-3.5 -8.5 L3.5 -8.5 L8.5 -3.5 L8.5 3.5 L3.5 8.5 L-3.5 8.5 L-8.5 3.5 L-8.5 -3.5 Z"
#: Kind of decision -> its outline and the sign inside it.
_MARKS = {
    "step-back": ("M-7.5 -7.5 L7.5 -7.5 L7.5 7.5 L-7.5 7.5 Z", "M0 -4.5 L0 4 M-3.5 0.8 L0 4.3 L3.5 0.8"),
    "pause": (_OCTAGON, "M-2.4 -3.8 L-2.4 3.8 M2.4 -3.8 L2.4 3.8"),
    "refer": ("M0 -9 L9.3 7.3 L-9.3 7.3 Z", "M0 -3.4 L0 1.8 M0 4.4 L0 4.8"),
    "person": (_DIAMOND, _SHOULDERS),
}


def draw_score(pen: Pen, name: str) -> None:
    """The point of one score: at rest, on waking, during, after; a flare; a note."""
    if name == "rest":
        pen.circle(0, 0, 4, "rest", "paper")
    elif name == "morning":
        pen.path("M-3.6 -3.6 L3.6 -3.6 L3.6 3.6 L-3.6 3.6 Z", fill="paper", stroke=name, width=1.8)
    elif name == "during":
        pen.path("M0 -5 L5 4 L-5 4 Z", fill=name, stroke="paper")
    elif name == "after":
        pen.path("M-4 -4 L4 4 M4 -4 L-4 4", stroke=name, width=2.2)
    elif name == "flare":
        pen.path("M0 -8 L0 -16 M-4.5 -7 L-9 -12.5 M4.5 -7 L9 -12.5", stroke="morning", width=2.2)
    else:
        pen.path("M0 -4.5 L4.5 0 L0 4.5 L-4.5 0 Z", fill="paper", stroke="ink", width=1.8)


def draw_mark(pen: Pen, kind: str, count: int = 1) -> None:
    """A decision: an arrow up in a circle, down in a square, a pause in an octagon, a person in a diamond."""
    if kind == "advance":
        pen.circle(0, 0, 8, kind, "paper")
        pen.path("M0 4.5 L0 -4 M-3.5 -0.8 L0 -4.3 L3.5 -0.8", stroke="paper", width=1.9)
    elif kind == "several":
        pen.circle(0, 0, 9, kind, "paper")
        pen.text(0, 4, str(count), fill="paper", anchor="middle", bold=True)
    elif kind == "self":
        pen.path(_DIAMOND, fill="paper", stroke="person", width=1.8)
        pen.circle(0, -2.3, 1.9, "person")
        pen.path(_SHOULDERS, stroke="person", width=1.9)
    else:
        outline, sign = _MARKS[kind]
        pen.path(outline, fill=kind, stroke="paper", width=1.2)
        pen.path(sign, stroke="paper", width=1.9)
        if kind == "person":
            pen.circle(0, -2.3, 1.9, "paper")
