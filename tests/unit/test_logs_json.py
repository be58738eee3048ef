"""The log for machines, one object on a line, and the log for people: nothing in either is somebody's."""

import json
import logging
import smtplib
import sys
from types import MappingProxyType

import pytest
from anymail.exceptions import AnymailRequestsAPIError
from django.db import DataError, IntegrityError, OperationalError
from django.test import RequestFactory
from kombu.exceptions import OperationalError as Unreachable

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


def in_lines(error: BaseException) -> str:
    return OneLine("%(message)s").format(record("x", error=error))


def test_a_chain_of_errors_is_told_from_its_beginning_and_without_words():
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as first:
            raise RuntimeError(CANARY) from first
    except RuntimeError as error:
        line = in_lines(error)
    assert CANARY not in line
    first, second = line.split("The above led to:")
    assert "ValueError: [left out]" in first and "test_logs_json.py" in first
    assert "RuntimeError: [left out]" in second


def test_a_chain_that_bites_its_tail_ends():
    first, second = ValueError("a"), KeyError("b")
    first.__context__, second.__context__ = second, first
    assert in_lines(first).count("[left out]") == 2


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"cannot read day {{'rest': 9, 'words': '{CANARY}'}}"),
        KeyError(CANARY),
        IntegrityError(f"Key (name)=({CANARY}) already exists."),
        DataError(CANARY),
        UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
        smtplib.SMTPServerDisconnected(CANARY),
        AnymailRequestsAPIError(CANARY),
        OperationalError(f"deadlock detected\nCONTEXT:  while updating {CANARY}"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_people_are_told_no_words_that_may_be_somebodys(error):
    for line in (in_lines(error), OneLine("%(message)s").format(record("It failed: %s", error))):
        assert CANARY not in line
        assert type(error).__name__ in line
    # Somebody's own formatter came first and kept what it made of the error.
    made = record("x", error=error)
    assert CANARY in logging.Formatter().format(made)
    assert CANARY not in OneLine("%(message)s").format(made)


@pytest.mark.parametrize(
    "error",
    [ConnectionRefusedError("it says why"), OperationalError("it says why"), Unreachable("it says why")],
    ids=lambda error: type(error).__module__,
)
def test_people_are_told_what_machines_say(error):
    assert f"{type(error).__name__}: it says why" in in_lines(error)
    assert "it says why" in OneLine("%(message)s").format(record("No: %r", error))


class WithDashes(dict):
    """As gunicorn hands one over: what it lacks is a dash."""

    def __missing__(self, name: str) -> str:
        return "-"


@pytest.mark.parametrize(
    "named", [WithDashes(job="close", size=2), MappingProxyType({"job": "close", "size": 2})]
)
def test_no_record_is_lost_whatever_kind_of_mapping_it_came_with(named):
    assert written("%(job)s of %(size)d", named)["message"] == "close of 2"
    assert OneLine("%(message)s").format(record("%(job)s of %(size)d", named)) == "close of 2"
    quoted = record("%(job)s: %(error)s", MappingProxyType({**named, "error": ValueError(CANARY)}))
    assert OneLine("%(message)s").format(quoted) == "close: ValueError: [left out]"


def test_a_name_that_a_mapping_lacks_is_its_own_affair():
    assert written("%(job)s by %(who)s", WithDashes(job="close"))["message"] == "close by -"


def test_people_are_told_the_id_that_a_request_and_its_tasks_share():
    line = OneLine(config("INFO")["formatters"]["line"]["format"])
    with correlation.bound() as own:
        assert f" ERROR programs [{own}] 3 days closed" in line.format(record("%s days closed", 3))
    assert " ERROR programs [-] 3 days closed" in line.format(record("%s days closed", 3))


def test_people_are_told_the_pattern_of_an_address():
    line = OneLine("%(message)s")

    def of(request) -> str:
        return line.format(
            record("Not Found: %s", request.path, name="django.request", request=request, status_code=404)
        )

    request = RequestFactory().get("/runners/6f1c3c1e-8d7a-4c5b-9a70-2f1f0a4b5c6d/hold/")
    assert of(request) == "404 GET /runners/<uuid:public_id>/hold/"
    assert of(RequestFactory().get("/nowhere/rosa@example.org/")) == "Not Found: /nowhere/[address]/"
    # The server for developers puts its socket there.
    assert line.format(record("x", name="django.server", request=object())) == "x"


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
    said = ("Task failed: %r", CANARY)
    found = written(*said, name="celery.app.trace", error=ValueError(CANARY), data=data)
    assert found["message"] == "programs.tasks.tick failed"
    assert CANARY not in json.dumps(found)
    again = record(*said, name="celery.app.trace", data=data | {"exc": CANARY})
    assert OneLine("%(message)s").format(again) == "programs.tasks.tick failed"
    of_names = record("Task %(name)s: %(exc)s", {"name": "tick", "exc": ValueError(CANARY)})
    assert OneLine("%(message)s").format(of_names) == "Task tick: ValueError: [left out]"


def test_what_celery_says_of_its_broker_is_told():
    lost = record("Connection to broker lost.", name="celery.worker.consumer", error=Unreachable("reset"))
    assert OneLine("%(message)s").format(lost).startswith("Connection to broker lost.")


def test_the_log_of_people_has_no_record_of_every_request():
    assert config("INFO")["loggers"]["rehab.requests"]["level"] == "WARNING"
    assert config("INFO", "json")["loggers"]["rehab.requests"]["level"] == "INFO"
    assert config("INFO", "json")["handlers"]["console"]["formatter"] == "json"
