"""Lists known vulnerabilities of every installed package, or says that nobody could be asked.

    make audit

Exit status 0: all were checked and none is known. 1: some are known. 2: not
checked, or not all. pip-audit itself ends with 0 and "No known vulnerabilities
found" where an index has not heard of a single package, as behind a mirror:
that is believed here only where

- the report names every package that is installed, and has left out none;
- a package that is known to be vulnerable, asked about with the others, is
  reported. A mirror that serves packages but no vulnerabilities fails this.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIP_AUDIT = "pip-audit==2.10.1"
#: Not installed here, and with vulnerabilities that are public since 2018.
CANARY = ("flask", "0.5")
SECONDS = 600
CLEAN, VULNERABLE, NOT_CHECKED = 0, 1, 2


class Unanswered(Exception):
    """Nobody could be asked; the message says why."""


@dataclass(frozen=True)
class Verdict:
    """What the report says: lines of vulnerabilities, and of packages that nobody looked at."""

    vulnerable: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        if self.vulnerable:
            return VULNERABLE
        return NOT_CHECKED if self.unchecked else CLEAN


def canonical(name: str) -> str:
    """Return a name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    """Return every package of this interpreter, also those that others brought: name -> version."""
    return {canonical(found.metadata["Name"]): found.version for found in distributions()}


def pinned(requirements: str) -> dict[str, str]:
    """Return what requirements.txt pins: name -> version."""
    lines = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", requirements, flags=re.MULTILINE)
    return {canonical(name): version for name, version in lines}


def judge(report: dict, packages: dict[str, str]) -> Verdict:
    """Believe a report only as far as it shows that it looked."""
    answers = {canonical(answer["name"]): answer for answer in report.get("dependencies", [])}
    canary = answers.pop(CANARY[0], {})
    if "skip_reason" in canary:
        raise Unanswered(f"the index could not be asked: {canary['skip_reason']}")
    if not canary.get("vulns"):
        reason = "it knows nothing of the vulnerabilities of {}=={}".format(*CANARY)
        raise Unanswered(f"the source of vulnerabilities is not a real one: {reason}")
    vulnerable, unchecked = [], []
    for name, version in sorted(packages.items()):
        answer = answers.get(name, {"skip_reason": "the report does not name it"})
        if "skip_reason" in answer or answer.get("version") != version:
            unchecked.append(
                f"{name}=={version}: {answer.get('skip_reason', 'another version was asked for')}"
            )
        for known in answer.get("vulns", []):
            fixed = ", ".join(known.get("fix_versions", [])) or "no version yet"
            vulnerable.append(f"{name}=={version}: {known['id']}, fixed in {fixed}")
    return Verdict(vulnerable, unchecked)


def ask(tool: Path, packages: dict[str, str]) -> dict:
    """Return the report of pip-audit about these packages and the canary."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{name}=={version}\n" for name, version in [*packages.items(), CANARY])
        file.flush()
        options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        try:
            run = subprocess.run(
                [tool, "--requirement", file.name, *options],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            return json.loads(run.stdout)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unanswered(f"pip-audit did not run: {error}") from None
        except ValueError:
            last = (run.stderr.strip().splitlines() or ["no output"])[-1]
            raise Unanswered(f"pip-audit gave no report: {last}") from None


def find_tool() -> Path:
    """Return pip-audit: installed beside us, on the PATH, or in a virtual environment of its own.

    Its own, because it brings thirty packages that the project does not need.
    """
    beside = Path(sys.executable).with_name("pip-audit")
    found = beside if beside.exists() else shutil.which("pip-audit")
    if found:
        return Path(found)
    folder = ROOT / "var" / "audit"
    if not (folder / "bin" / "pip-audit").exists():
        print(f"Installing {PIP_AUDIT} into {folder.relative_to(ROOT)} ...", flush=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", PIP_AUDIT]
        for command in ([sys.executable, "-m", "venv", folder], install):
            if subprocess.run(command, check=False).returncode:
                shutil.rmtree(folder, ignore_errors=True)
                raise Unanswered(f"{PIP_AUDIT} could not be installed")
    return folder / "bin" / "pip-audit"


def main(tool: Path | None = None, packages: dict[str, str] | None = None) -> int:
    packages = packages or installed()
    pins = pinned((ROOT / "requirements.txt").read_text())
    try:
        verdict = judge(ask(tool or find_tool(), packages), packages)
    except Unanswered as reason:
        print(f"NOT CHECKED: {reason}.")
        return NOT_CHECKED
    differing = [
        f"{name}=={version}: requirements.txt pins it, installed is {packages.get(name, 'nothing')}"
        for name, version in pins.items()
        if packages.get(name) != version
    ]
    verdict = Verdict(verdict.vulnerable, [*verdict.unchecked, *differing])
    for line in verdict.vulnerable:
        print(f"VULNERABLE   {line}")
    for line in verdict.unchecked:
        print(f"NOT CHECKED  {line}")
    checked = len(packages) - len(verdict.unchecked)
    print(f"{checked} of {len(packages)} packages checked, {len(verdict.vulnerable)} vulnerabilities known.")
    return verdict.status


if __name__ == "__main__":
    sys.exit(main())
