"""Pauses before a new start, and the start of real small processes."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable

import pytest

from rehab.supervisor import BackOff, Program, Supervisor


def test_the_pause_doubles_up_to_half_a_minute():
    back_off = BackOff()
    assert [back_off.after(lived=0.1) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_healthy_life_makes_the_next_pause_short():
    back_off = BackOff()
    for _ in range(6):
        back_off.after(lived=1)
    assert back_off.after(lived=61) == 0.5
    assert not back_off.is_crash_loop


def test_five_short_lives_are_a_crash_loop():
    back_off = BackOff()
    for _ in range(4):
        back_off.after(lived=1)
    assert not back_off.is_crash_loop
    back_off.after(lived=1)
    assert back_off.is_crash_loop


def python(name: str, code: str, *arguments: object) -> Program:
    return Program(name, (sys.executable, "-c", code, *map(str, arguments)))


def supervise(*programs: Program, until: Callable[[], object], grace: float = 1.0) -> float:
    """Supervise until something is so, ask for the end, and return how long the end took."""
    supervisor = Supervisor(list(programs), grace=grace)
    asked = 0.0

    async def scenario() -> None:
        nonlocal asked
        task = asyncio.create_task(supervisor.run())
        deadline = time.monotonic() + 20
        while not until() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        asked = time.monotonic()
        signal.raise_signal(signal.SIGTERM)
        await task

    asyncio.run(scenario())
    return time.monotonic() - asked


@pytest.fixture(autouse=True)
def own_signals():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_ends_is_started_again(tmp_path):
    log = tmp_path / "starts"
    log.touch()
    code = "import sys; open(sys.argv[1], 'a').write('x')"
    supervise(python("short", code, log), until=lambda: len(log.read_text()) >= 2)
    assert log.read_text().startswith("xx")


def test_what_refuses_to_end_is_killed_in_time(tmp_path):
    mark = tmp_path / "ready"
    code = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    code += "; open(sys.argv[1], 'w'); time.sleep(60)"
    assert supervise(python("stubborn", code, mark), until=mark.exists) < 3.0


def test_children_left_behind_are_killed_with_the_group(tmp_path):
    """A process that ends when asked, and leaves a child that would write later."""
    ready, late = tmp_path / "ready", tmp_path / "late"
    child = f"import time; open({str(ready)!r}, 'w'); time.sleep(2); open({str(late)!r}, 'w')"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}])"
    code += "; time.sleep(60)"
    supervise(python("parent", code), until=ready.exists)
    time.sleep(2)
    assert not late.exists()
