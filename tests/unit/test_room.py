"""Calls below a frame with room do not ask the system for memory, however deep the stack stands."""

import resource

from rehab.room import with_room

#: Frames from the bottom of a piece of the stack to the bottom of the next one, and more.
DEPTHS = range(200)
CALLS = 100


def called_at(depth: int) -> int:
    """How often the system had to find memory while a loop called functions from that depth."""
    if depth:
        return called_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        two_deep(1, 2, 3, 4)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def two_deep(*numbers: int) -> int:
    a, b, c, d = numbers
    return max([a, b, c, d], key=lambda number: -number)


def test_with_room_no_depth_asks_the_system_for_memory_at_every_call():
    assert max(with_room(called_at)(depth) for depth in DEPTHS) < CALLS / 10


def test_what_is_called_gets_its_arguments_and_gives_its_result():
    assert with_room(divmod)(7, 2) == (3, 1)
    assert with_room(int)("12", base=3) == 5
