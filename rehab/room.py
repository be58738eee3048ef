"""Room on the interpreter's stack for a whole request, taken once instead of at every other call.

CPython (3.11 to 3.13) lays the frames of calls into pieces of 16 kB, and gives a
piece back to the system as soon as the last frame in it has ended. Where the edge
of a piece falls inside a loop, every call in that loop asks the system for memory
and gives it back: a page then took up to twice its time, or not, depending on how
deep the stack happened to be. A frame that needs more than a piece gets one that is
large enough for it, and what is left of that piece holds all calls below.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
#: Words that the frame says it needs. A piece of 128 kB comes of it, with 70 kB left;
#: it touches none of them itself. A request with its deepest template takes about 40.
WORDS = 7_300


def with_room(called: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same, called from a frame with room behind it. Elsewhere than in CPython it changes nothing."""

    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        return called(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=WORDS)
    return call
