"""The log has one line for a record, whatever a stranger typed, and no link that works."""

import logging
import sys

import pytest

from rehab.logs import OneLine, WithoutRoutine, config, printable


def line(message: str, *args, exc_info=None) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, exc_info)
    return OneLine("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize(
    "typed",
    [
        "/\n2026-11-22 ERROR root all is lost",
        "/\r\n2026-11-22 ERROR",
        "/\x1b[2J\x1b[31m",
        "/\x00\x07\x08",
        "/\x85\u2028\u2029",
        "/\u202egnp.exe",
        "/\ud800",
    ],
)
def test_a_record_is_one_line_without_hidden_characters(typed):
    written = line("Not Found: %s", typed)
    assert written.splitlines() == [written]
    assert written.startswith("WARNING Not Found: /")
    assert written == printable(written)
    written.encode()


def test_letters_of_every_language_stay():
    assert line("Not Found: %s", "/Übung/伸展/") == "WARNING Not Found: /Übung/伸展/"


def test_the_lines_of_a_traceback_are_indented_and_clean():
    try:
        raise ValueError("first\n2026-11-22 ERROR root second\x1b[2J")
    except ValueError:
        written = line("Internal Server Error", exc_info=sys.exc_info())
    first, *rest = written.splitlines()
    assert first == "WARNING Internal Server Error"
    assert rest
    assert all(row.startswith("    ") for row in rest)
    assert "\x1b" not in written


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/reset/key/3-cabcde-0123456789abcdef0123456789abcdef/",
        "/mail/off/eyJ1IjozfQ:1kYxTz:0dC3J8k5bq_7dQFZs9bGk2vT1n4/",
        "/join/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6",
        "/account/join/324OMuYLprViotBK2ak_eg/",
        "/account/asked/xOHXR0SL1Q7hfnNkOxH5JQ/",
        "/account/code/BCDFGHJKMNPQ/",
        "/m/u/12-otKRHAaefQC7k-H5Ey5PUQ/",
        "/m/a/12-otKRHAaefQC7k-H5Ey5PUQ",
        "/m/u/12-otKRHAaefQ",
        "/c/7-otKRHAaefQC7k-H5Ey5PUQ.ics",
    ],
)
def test_the_token_of_a_link_is_not_written(path):
    written = line("Gone: %s", path)
    assert path.rstrip("/").rpartition("/")[2] not in written
    assert "[token]" in written


@pytest.mark.parametrize(
    "path",
    [
        "/runners/6f1c3c1e-8d7a-4c5b-9a70-2f1f0a4b5c6d/hold/",
        "/exercises/prone-press-up-with-overpressure-x/"[:34] + "/",
        "/account/access/code/withdraw/",
        "/static/vendor/bootstrap-5.3.9/bootstrap.bundle.min.abcdef123456.js",
    ],
)
def test_the_names_of_objects_and_files_are(path):
    assert line("Not Found: %s", path) == f"WARNING Not Found: {path}"


def test_the_project_logs_this_way():
    assert config("INFO")["formatters"]["line"]["()"] == "rehab.logs.OneLine"


@pytest.mark.parametrize(
    ("name", "level", "text", "kept"),
    [
        ("celery.app.trace", "INFO", "Task accounts.tasks.send_account_mail[7] succeeded in 0.01s", False),
        ("celery.app.trace", "ERROR", "Task accounts.tasks.send_account_mail[7] raised", True),
        ("celery.app.trace", "INFO", "Task programs.tasks.tick[7] succeeded in 0.01s", True),
        ("accounts.services.delivery", "INFO", "accounts.tasks.send_account_mail", True),
    ],
)
def test_what_happens_every_few_seconds_is_not_told_each_time(name, level, text, kept):
    record = logging.LogRecord(name, getattr(logging, level), "", 0, text, (), None)
    assert WithoutRoutine().filter(record) == kept


def test_the_secret_is_not_written_where_more_follows_it():
    written = line("Gone: %s", "/account/asked/xOHXR0SL1Q7hfnNkOxH5JQ/accept/")
    assert written.endswith("/account/asked/[token]/accept/")


def test_the_link_of_a_score_is_not_written_where_the_score_follows_it():
    written = line("Not Found: %s", "/m/s/12-otKRHAaefQC7k-H5Ey5PUQ/4/")
    assert written == "WARNING Not Found: /m/s/[token]/4/"
