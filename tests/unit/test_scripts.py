"""The scripts behind `make run` and `make test` say what is missing, and tidy up."""

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import enumeration
from scripts import test as test_script
from scripts.test_parts import Part, summarise
from scripts.visitor import Answer
from tests.support.network import is_here

ROOT = Path(__file__).resolve().parents[2]


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout with the script alone, and a PATH that holds nothing but what a test puts there."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "venv.sh", tmp_path / "scripts")
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "cat", "rm"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


def make_venv(clone: Path) -> subprocess.CompletedProcess:
    command = ["/bin/sh", clone / "scripts" / "venv.sh"]
    return subprocess.run(
        command, cwd="/", env={"PATH": str(clone / "bin")}, capture_output=True, text=True, check=False
    )


def test_an_old_python_is_named(clone):
    program(clone / "bin", "python3", 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    run = make_venv(clone)
    assert run.returncode == 1
    assert "3.11 or later is needed. Found: Python 3.9.2" in run.stderr


def test_no_python_at_all_is_said(clone):
    run = make_venv(clone)
    assert run.returncode == 1
    assert "3.11 or later is needed" in run.stderr


def test_a_missing_venv_module_says_what_to_install(clone):
    program(clone / "bin", "python3", 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    run = make_venv(clone)
    assert run.returncode == 1
    assert "python3-venv" in run.stderr


def test_no_service_starts_while_packages_are_installed(tmp_path, monkeypatch):
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(test_script, "POLICY", policy)
    with test_script.no_service_starts():
        assert subprocess.run([policy], check=False).returncode == 101
    assert not policy.exists()


def test_a_policy_that_was_there_is_put_back(tmp_path, monkeypatch):
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 0\n")
    monkeypatch.setattr(test_script, "POLICY", policy)
    with pytest.raises(RuntimeError), test_script.no_service_starts():
        raise RuntimeError
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"


def a_part(name: str, body: str, **options) -> Part:
    return Part(name, ["/bin/sh", "-c", body], **options)


@pytest.mark.parametrize("live", [False, True])
def test_a_part_that_fails_fails_the_whole_and_is_shown(capfd, live):
    parts = [a_part("good", "echo 3 passed"), a_part("bad", "echo why; echo 1 failed; exit 1", live=live)]
    for part in parts:
        part.wait()
    assert summarise(parts)
    lines = capfd.readouterr().out.splitlines()
    assert lines[:6] == ["--- good", "3 passed", "--- bad", "why", "1 failed", "--- In all"]
    assert [line for line in lines[6:] if "computed" in line] == lines[6:9]
    assert lines[9:] == ["--- good: 3 passed", "--- FAILED bad: 1 failed"]


def test_parts_that_pass_pass(capfd):
    part = a_part("good", "echo; echo '=== 3 passed ==='; echo")
    part.wait()
    assert not summarise([part])
    assert capfd.readouterr().out.endswith("--- good: 3 passed\n")


def test_a_part_goes_on_beside_the_others_and_ends_with_a_run_that_is_broken_off():
    part = a_part("long", "exec sleep 60")
    part.stop(patience=0)
    part.wait()
    assert part.failed


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("localhost", 80), "/run/socket"])
def test_loopback_and_sockets_are_here(address):
    assert is_here(address)


@pytest.mark.parametrize("address", [("10.0.0.1", 80), ("smtp.example", 587), ("2001:db8::1", 80, 0, 0)])
def test_other_machines_are_not(address):
    assert not is_here(address)


# --- make enumeration --------------------------------------------------------------------
def an_answer(body: str = "", seconds: float = 0.1, **headers: str) -> Answer:
    return Answer(200, (("Date", str(seconds)), *headers.items()), body, seconds)


def test_what_is_new_in_every_answer_is_not_compared():
    token = 'name="csrfmiddlewaretoken" value="{}"'
    one = an_answer(
        token.format("a" * 64) + "rosa@x.y", **{"Set-Cookie": "sessionid=1; HttpOnly; expires=Mon"}
    )
    two = an_answer(
        token.format("b" * 64) + "nora@x.y", **{"Set-Cookie": "sessionid=2; HttpOnly; expires=Tue"}
    )
    assert enumeration.traits(one, "rosa@x.y") == enumeration.traits(two, "nora@x.y")


@pytest.mark.parametrize(
    "other",
    [
        an_answer("There is an account."),
        an_answer("", Location="/elsewhere/"),
        an_answer("", **{"Set-Cookie": "messages=1; HttpOnly"}),
        an_answer("", **{"Set-Cookie": "sessionid=1; Secure"}),
    ],
)
def test_everything_else_is(other):
    base = an_answer("", **{"Set-Cookie": "sessionid=1; HttpOnly"})
    assert enumeration.traits(base, "x") != enumeration.traits(other, "x")


STEADY = [1.0, 1.01, 1.02, 1.03] * 10


@pytest.mark.parametrize(
    ("known", "differing", "verdict"),
    [
        ([taken * 1.09 for taken in STEADY], set(), enumeration.LEVEL),
        ([taken * 1.12 for taken in STEADY], set(), enumeration.APART),
        ([taken * 0.88 for taken in STEADY], set(), enumeration.APART),
        (STEADY, {"known: body"}, enumeration.DIFFERENT),
    ],
)
def test_a_median_more_than_a_tenth_away_is_a_finding(known, differing, verdict):
    seconds = {"unknown": STEADY, "another": STEADY, "known": known}
    assert enumeration.report(seconds, differing) == verdict


def test_what_may_be_chance_is_no_finding():
    """Half of the times are disturbed, so the median says nothing; the quicker quarter does."""
    calm, busy = [1.0] * 11 + [4.0] * 9, [1.0] * 9 + [4.0] * 11
    assert enumeration.report({"unknown": calm, "another": busy, "known": busy}, set()) == enumeration.LEVEL
    few = {"unknown": [1.0, 2.0, 3.0], "another": [1.0, 2.0, 3.0], "known": [3.0, 1.5, 2.5]}
    assert enumeration.report(few, set()) == enumeration.NOISY
