"""`make audit` never passes silently: a fake pip-audit plays every way in which it may answer."""

import json
import sys
from pathlib import Path

import pytest

from scripts import audit

PACKAGES = audit.pinned((audit.ROOT / "requirements.txt").read_text())
CANARY = {"name": "Flask", "version": "0.5", "vulns": [{"id": "PYSEC-2018-66", "fix_versions": ["0.12.3"]}]}


def fine(**packages: str) -> list[dict]:
    return [{"name": name, "version": version, "vulns": []} for name, version in packages.items()]


@pytest.fixture
def answer(tmp_path: Path, capsys):
    """Run the audit against a program that prints a report; return status and output."""

    def answered(report: object, status: int = 0) -> tuple[int, str]:
        tool = tmp_path / "pip-audit"
        text = report if isinstance(report, str) else json.dumps({"dependencies": report})
        tool.write_text(f"#!{sys.executable}\nimport sys\nprint({text!r})\nsys.exit({status})\n")
        tool.chmod(0o755)
        return audit.main(tool, PACKAGES), capsys.readouterr().out

    return answered


def test_all_were_checked_and_none_is_known(answer):
    status, output = answer([*fine(**PACKAGES), CANARY], status=1)
    assert status == 0
    assert f"{len(PACKAGES)} of {len(PACKAGES)} packages checked, 0 vulnerabilities known" in output


def test_a_known_vulnerability_is_listed_with_its_cure(answer):
    report = [*fine(**PACKAGES), CANARY]
    report[0]["vulns"] = [{"id": "CVE-2027-1", "fix_versions": ["5.2.20"]}]
    status, output = answer(report, status=1)
    assert status == 1
    assert f"VULNERABLE   django=={PACKAGES['django']}: CVE-2027-1, fixed in 5.2.20" in output


def test_an_index_that_knows_no_package_is_no_pass(answer):
    """Behind a mirror pip-audit says so of each, prints that none is vulnerable, and ends with 0."""
    report = [{"name": name, "skip_reason": "Dependency not found on PyPI"} for name in (*PACKAGES, "flask")]
    status, output = answer(report)
    assert status == 2
    assert output.startswith("NOT CHECKED: ")


def test_an_index_without_vulnerabilities_is_no_pass(answer):
    status, output = answer([*fine(**PACKAGES), *fine(flask="0.5")])
    assert status == 2
    assert "not a real one" in output


@pytest.mark.parametrize("lost", [{"skip_reason": "not found"}, None, {"version": "0.0.1", "vulns": []}])
def test_one_package_that_nobody_looked_at_is_named(answer, lost):
    report = [*fine(**PACKAGES), CANARY]
    report[0] = {"name": "django"} | lost if lost else CANARY
    status, output = answer(report)
    assert status == 2
    assert f"NOT CHECKED  django=={PACKAGES['django']}" in output


@pytest.mark.parametrize("text", ["", "No known vulnerabilities found", "<html>502 Bad Gateway</html>"])
def test_no_report_is_no_pass(answer, text):
    status, output = answer(text)
    assert status == 2
    assert output.startswith("NOT CHECKED: ")


def test_a_tool_that_does_not_start_is_no_pass(tmp_path, capsys):
    assert audit.main(tmp_path / "absent", PACKAGES) == 2
    assert capsys.readouterr().out.startswith("NOT CHECKED: pip-audit did not run")


def test_what_is_installed_must_be_what_is_pinned(answer, monkeypatch):
    monkeypatch.setitem(PACKAGES, "django", "5.2.1")
    status, output = answer([*fine(**PACKAGES), CANARY])
    assert status == 2
    assert "requirements.txt pins it, installed is 5.2.1" in output


def test_everything_installed_is_asked_about():
    assert audit.installed().items() >= PACKAGES.items()
    assert audit.CANARY[0] not in audit.installed()
