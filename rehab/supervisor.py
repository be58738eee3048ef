"""Starts web, worker and beat as processes, starts again what ends, stops all in time.

A Celery worker ends by itself where Redis is full, and the watchdog ends one
that has gone deaf: so something that starts it again is part of the product.
"""

import asyncio
import ctypes
import logging
import os
import signal
import sys
import time
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
#: A process that lived this long is healthy: the next pause is short again.
HEALTHY_SECONDS = 60.0
CRASH_LOOP = 5
#: Half of the five seconds in which all must be gone: a busy machine needs the rest for the end itself.
#: What is killed then loses nothing, because the database knows what is due.
GRACE_SECONDS = 2.5
#: A kill is quick, and yet not done when it is asked for.
KILLED_SECONDS = 0.5
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """One process to keep alive."""

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class BackOff:
    """The pause before the next start: doubled while the process dies young."""

    failures: int = 0

    def after(self, lived: float) -> float:
        self.failures = 1 if lived >= HEALTHY_SECONDS else self.failures + 1
        return min(FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)

    @property
    def is_crash_loop(self) -> bool:
        return self.failures >= CRASH_LOOP


class Supervisor:
    """Keeps every program running until a signal asks for the end."""

    def __init__(self, programs: list[Program], grace: float = GRACE_SECONDS):
        self._programs = programs
        self._grace = grace
        self._stop = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        keepers = [asyncio.create_task(self._keep(program)) for program in self._programs]
        await self._stop.wait()
        await self._stop_all()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self, program: Program) -> None:
        back_off = BackOff()
        while not self._stop.is_set():
            began = time.monotonic()
            status = await self._run_once(program)
            if self._stop.is_set():
                return
            pause = back_off.after(time.monotonic() - began)
            logger.error("%s ended with status %s; starting it again in %.1f s", program.name, status, pause)
            if back_off.is_crash_loop:
                logger.critical(
                    "%s ended %s times in a row: read its message above, and run `manage.py doctor`",
                    program.name,
                    back_off.failures,
                )
            await asyncio.sleep(pause)

    async def _run_once(self, program: Program) -> int:
        process = await asyncio.create_subprocess_exec(
            *program.argv,
            env=os.environ | program.environment,
            # A session of its own: Ctrl-C reaches only this supervisor, and the
            # whole group can be killed at the end.
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        logger.info("%s started (process %s)", program.name, process.pid)
        self._running[program.name] = process
        try:
            return await process.wait()
        finally:
            del self._running[program.name]

    async def _stop_all(self) -> None:
        """Ask all to end, and kill whatever is left after the grace."""
        processes = list(self._running.values())
        for process in processes:
            _signal(process.pid, signal.SIGTERM)
        waits = [asyncio.create_task(process.wait()) for process in processes]
        if waits:
            await asyncio.wait(waits, timeout=self._grace)
        for process in processes:
            if process.returncode is None:
                logger.warning("process %s did not end in time: killed", process.pid)
            # The group also where its leader has ended: it may have left children.
            _signal(process.pid, signal.SIGKILL, group=True)
        if waits:
            await asyncio.wait(waits, timeout=KILLED_SECONDS)


def _signal(pid: int, number: int, group: bool = False) -> None:
    try:
        (os.killpg if group else os.kill)(pid, number)
    except ProcessLookupError:
        return


def _end_with_parent() -> None:
    """Ask Linux for SIGTERM when the supervisor is killed, so that nothing runs on unwatched."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
