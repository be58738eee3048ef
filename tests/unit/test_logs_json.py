"""The log for machines: one object on a line, and nothing in it that is somebody's."""

import json
import logging
import smtplib
import sys

import pytest

from accounts import correlation
from rehab.logs import EXTRA, OneLine, OneObject, config

CANARY = "Rosa Luxemburg-Canary"
ROW = f"DETAIL:  Failing row contains (7, 9, {CANARY}\n\nsecond line of a note {CANARY}, t)."


def record(message: str, *args, name: str = "programs", error: BaseException | None = None, **extra):
    made = logging.LogRecord(name, logging.ERROR, "", 0, message, args, None)
    if error:
        try:
            raise error
        except type(error):
            made.exc_info = sys.exc_info()
    vars(made).update(extra)
    return made


def written(*args, **kwargs) -> dict:
    line = OneObject().format(record(*args, **kwargs))
    assert line.splitlines() == [line]
    return json.loads(line)


def test_a_record_has_time_level_logger_message_and_correlation():
    with correlation.bound() as own:
        found = written("%s days closed", 3)
    assert found.pop("time").endswith("+00:00")
    assert found == {"level": "ERROR", "logger": "programs", "message": "3 days closed", "correlation": own}


def test_what_a_job_and_a_request_say_stands_beside_it_and_nothing_else():
    said = {"job": "tick", "method": "GET", "path": "/today/", "status": 200, "duration_ms": 1.5}
    found = written("x", **said, score=9, email="rosa@example.org")
    assert {name: found[name] for name in EXTRA} == said
    assert "score" not in found and "email" not in found


@pytest.mark.parametrize(
    "typed",
    ['a\n{"level": "FATAL"}', "\x1b[2J\u202e", "\ud800", '"}\r\n{"a": "', "rosa@example.org", "x" * 200_000],
)
def test_whatever_is_typed_a_record_is_one_object_of_printable_text(typed):
    found = written("Not Found: %s", typed, status=typed)
    assert set(found) == {"time", "level", "logger", "message", "correlation", "status"}
    assert "rosa@" not in json.dumps(found)
    assert json.dumps(found, ensure_ascii=False).isprintable()


@pytest.mark.parametrize("formatter", [OneObject(), OneLine("%(levelname)s %(message)s")])
def test_a_row_that_the_database_refuses_is_not_quoted(formatter):
    error = ValueError(f'violates check constraint "a"\n{ROW}')
    assert CANARY not in formatter.format(record("Set aside: %s", ROW))
    line = formatter.format(record("A batch could not be written", error=error))
    assert CANARY not in line
    assert "ValueError" in line


def test_a_chain_of_errors_keeps_what_comes_after_the_row():
    try:
        try:
            raise ValueError(ROW)
        except ValueError as first:
            raise RuntimeError("the second") from first
    except RuntimeError:
        made = record("x")
        made.exc_info = sys.exc_info()
    line = OneLine("%(message)s").format(made)
    assert CANARY not in line
    assert "RuntimeError: the second" in line


def test_of_an_error_it_says_kind_and_place_and_words_only_of_machines():
    found = written("x", error=LookupError(f"{CANARY} has no stage"))["error"]
    assert found["kind"] == "LookupError"
    assert "test_logs_json.py" in found["where"][0]
    assert CANARY not in json.dumps(found)
    assert written("x", error=ConnectionRefusedError("nobody there"))["error"]["words"] == "nobody there"
    refused = smtplib.SMTPRecipientsRefused({"rosa@example.org": (550, CANARY.encode())})
    assert CANARY not in json.dumps(written("x", error=refused))


def test_celerys_own_words_of_an_error_are_left_out():
    data = {"name": "programs.tasks.tick"}
    found = written("Task failed: %r", CANARY, name="celery.app.trace", error=ValueError(CANARY), data=data)
    assert found["message"] == "programs.tasks.tick failed"
    assert CANARY not in json.dumps(found)


def test_the_log_of_people_has_no_record_of_every_request():
    assert config("INFO")["loggers"]["rehab.requests"]["level"] == "WARNING"
    assert config("INFO", "json")["loggers"]["rehab.requests"]["level"] == "INFO"
    assert config("INFO", "json")["handlers"]["console"]["formatter"] == "json"
