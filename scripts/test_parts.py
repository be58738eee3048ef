"""Parts of a test run: each one pytest, some beside others, each with its output in one piece."""

import subprocess
import tempfile


def say(text: str) -> None:
    print(f"--- {text}", flush=True)


class Part:
    """One command, started at once; what it writes is kept until it is waited for, or shown as it comes."""

    def __init__(self, name: str, command: list[str], *, live: bool = False) -> None:
        self.name, self.failed, self.summary = name, False, "was broken off"
        # A file, because a pipe that nobody reads would fill up and stop it.
        self._kept = None if live else tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115
        output = self._kept or subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, text=True, errors="replace"
        )

    def wait(self) -> None:
        """Show what it writes, and wait for its end; its last line is pytest's summary."""
        if self._kept:
            self._process.wait()
            self._kept.seek(0)
        say(self.name)
        for line in self._kept or self._process.stdout:
            print(line, end="", flush=True)
            self.summary = line.strip() or self.summary
        self.failed = self._process.wait() != 0

    def stop(self, patience: float = 20) -> None:
        """For a run that was broken off: a key that breaks it off reached this one too, and it tidies up."""
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait()


def summarise(parts: list[Part]) -> bool:
    """Say how each ended, those that failed last; return whether any did."""
    say("In all")
    for part in sorted(parts, key=lambda part: part.failed):
        say(f"{'FAILED ' if part.failed else ''}{part.name}: {part.summary.strip('= ')}")
    return any(part.failed for part in parts)
