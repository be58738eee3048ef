"""Commands where the database or the broker is away: one line, what to do, status 1, and never a trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from django.core.management import BaseCommand, get_commands
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper

from rehab import command_line

ROOT = Path(__file__).resolve().parents[2]
REFUSED = 'connection to server at "127.0.0.1", port 1 failed: Connection refused\n\tIs the server running?'
NOWHERE = "postgres://nobody:secret-word@127.0.0.1:1/rehab"
OURS = {name for name, app in get_commands().items() if app in ("accounts", "programs", "rehab")}
#: Command -> what it is told; all that look at the database.
ASKED = {
    "apply_retention": [],
    "carry_out_hand_overs": [],
    "close_days": [],
    "deliver": [],
    "erase_person": ["rosa@example.org"],
    "export_person": ["rosa@example.org", "FOLDER/person.zip"],
    "load_library": [],
    "prepare": [],
    "reseal": [],
    "reset_second_factor": ["petra@example.org", "--reason", "Lost her phone"],
    "resume": [],
    "seed_demo": ["--force"],
    "verify_ledger": [],
    "watch_red_flags": [],
    # Django's own, which people run by hand.
    "migrate": [],
    "changepassword": ["petra@example.org"],
}
#: Without a database, with files that the tests of each make, or with words of their own for it.
ELSEWHERE = {"alarm", "backup", "doctor", "import_person", "process", "replay", "restore", "up"}


@pytest.fixture
def away(monkeypatch) -> None:
    def refuse(self) -> None:
        raise OperationalError(REFUSED)

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)
    # Not what this is about: tests run with DEBUG off and a published key.
    monkeypatch.setattr(BaseCommand, "check", lambda self, **more: None)


def ended(*arguments: str) -> str:
    """Run one command here; returns what it ended with."""
    with pytest.raises(SystemExit) as end:
        command_line.run(["manage.py", *arguments])
    return str(end.value.code)


@pytest.mark.parametrize("command", sorted(ASKED))
def test_every_command_says_in_one_line_that_the_database_is_away(command, away, tmp_path, capsys):
    given = [one.replace("FOLDER", str(tmp_path)) for one in ASKED[command]]
    said = ended(command, *given) + capsys.readouterr().err
    assert "Connection refused" in said and "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
    assert "Check DATABASE_URL" in said


def test_no_command_of_ours_is_forgotten_here():
    assert {name for name in ASKED if name in OURS} | ELSEWHERE == OURS


def test_a_real_process_ends_with_one_line_and_status_1():
    environment = os.environ | {"DATABASE_URL": NOWHERE, "REHAB_ENV_FILE": os.devnull}
    command = [sys.executable, "manage.py", "verify_ledger"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("The database does not serve: ") and "Check DATABASE_URL" in line
    assert "secret-word" not in line


def test_whoever_wants_the_trace_gets_it(away):
    with pytest.raises(OperationalError):
        command_line.run(["manage.py", "resume", "--traceback"])


class Missing(Exception):
    sqlstate = "42P01"


def by_postgresql(words: str) -> ProgrammingError:
    error = ProgrammingError(words)
    error.__cause__ = Missing()
    return error


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OperationalError("no such table: programs_enrolment"), "manage.py prepare"),
        (by_postgresql('relation "programs_enrolment" does not exist'), "manage.py prepare"),
        (OperationalError("database or disk is full"), "Make room"),
        (OperationalError("database is locked"), "Another process"),
        (OperationalError("unable to open database file"), "REHAB_VAR_DIR"),
        (OperationalError("connection timeout expired"), "Check DATABASE_URL"),
        (OperationalError("canceling statement due to lock timeout"), "in a while"),
        (DatabaseError("file is not a database"), "manage.py restore"),
        (redis.ConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused."), "REDIS_URL"),
    ],
)
def test_each_kind_has_its_advice(error, advice):
    said = command_line.explained(error)
    assert advice in said and "\n" not in said


@pytest.mark.parametrize("error", [IntegrityError("duplicate key"), ProgrammingError("syntax error")])
def test_a_mistake_in_the_code_keeps_its_trace(error):
    assert command_line.explained(error) is None
