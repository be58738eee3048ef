"""Parts of a test run: each one pytest, some beside others, each with its output in one piece."""

import os
import subprocess
import tempfile
import time


def say(text: str) -> None:
    print(f"--- {text}", flush=True)


class Part:
    """One command, started at once; what it writes is kept until it is waited for, or shown as it comes.

    One that only computes gives way to those that wait for something in time.
    """

    def __init__(self, name: str, command: list[str], *, live: bool = False, gives_way: bool = False) -> None:
        self.name, self.failed, self.summary = name, False, "was broken off"
        #: Seconds on the clock, and seconds computed by it and all that it waited for (not by PostgreSQL).
        self.took = self.computed = 0.0
        self._began = time.monotonic()
        # A file, because a pipe that nobody reads would fill up and stop it.
        self._kept = None if live else tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115
        output = self._kept or subprocess.PIPE
        self._process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=_give_way if gives_way else None,
        )

    def wait(self) -> None:
        """Show what it writes, and wait for its end; its last line is pytest's summary."""
        if self._kept:
            self._end()
            self._kept.seek(0)
        say(self.name)
        for line in self._kept or self._process.stdout:
            print(line, end="", flush=True)
            self.summary = line.strip() or self.summary
        self._end()
        self.failed = self._process.returncode != 0

    def _end(self) -> None:
        """Wait as ``Popen.wait`` does, which would not say what it has computed."""
        if self._process.returncode is None:
            _, status, used = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            self.computed = used.ru_utime + used.ru_stime
            self.took = time.monotonic() - self._began

    def stop(self, patience: float = 20) -> None:
        """For a run that was broken off: a key that breaks it off reached this one too, and it tidies up."""
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait()


def _give_way() -> None:
    os.nice(5)


def summarise(parts: list[Part]) -> bool:
    """Say what each took and how it ended, those that failed last; return whether any failed."""
    say("In all")
    for part in parts:
        say(f"{part.name}: {part.computed:.0f} s computed in {part.took:.0f} s")
    say(f"All of it: {sum(part.computed for part in parts):.0f} s computed on {os.cpu_count()} cores")
    for part in sorted(parts, key=lambda part: part.failed):
        say(f"{'FAILED ' if part.failed else ''}{part.name}: {part.summary.strip('= ')}")
    return any(part.failed for part in parts)
