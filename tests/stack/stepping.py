"""Steps of a scenario, each in a process of its own that is forked from one where Django is set up.

Setting Django up takes more than a second of computing, and whoever waits for a fact asks for it
again and again: that took the machine from what was waited for.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What no step prints.
END = "--- step ended:"


class Steps:
    """What stands ready to take steps, under one environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = dict(environment)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.steps"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def take(self, *arguments: str) -> object:
        """What the step answers; fails with all that it has written where it fails."""
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        written = []
        for line in self._process.stdout:
            if line.startswith(END):
                assert line.split()[-1] == "0", f"{arguments} failed\n{''.join(written)}"
                return json.loads(written[-1])
            written.append(line)
        raise AssertionError(f"{arguments}: nobody takes steps any more\n{''.join(written)}")

    def end(self) -> None:
        """It ends where nobody can ask for anything any more."""
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
