"""The one log: each record on one line, and nothing in it that an attacker may dress up.

Addresses, header values and messages of errors hold what a stranger typed. A
line break in them would begin a record of his own, and an escape sequence
would speak to the terminal of whoever reads the log.
"""

import json
import logging
import re
import traceback
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from django.urls import Resolver404, ResolverMatch, resolve

from accounts import correlation

#: Cc and Cf: control and format characters, also those that turn the direction of the text.
#: Zl and Zp: the other two line breaks. Cs: halves that no file can hold.
HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
#: A long part of a path is the token of a link, unless it is the public name of an
#: object or a file: who reads logs must not be able to follow it.
TOKEN = re.compile(
    r"(?<=/)"
    r"(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w.:=-]))"
    r"(?![\w.:=-]*\.(?:css|html|ico|js|map|png|py|svg|txt|webmanifest|woff2?)\b)"
    r"[\w.:=-]{24,}"
    # The secret of an invitation and a runner's code are shorter; what stands before them tells.
    r"|(?:(?<=/asked/)|(?<=/join/)|(?<=/code/))(?!withdraw/)[\w-]{8,}"
)
#: Links in mails and the address of a calendar: whatever stands in their place, whole or not;
#: and wherever else one stands, as in an error that says what it was given.
MAIL_LINK = re.compile(
    r"(?:(?<=/m/[sua]/)|(?<=/c/))[^/\s]+|(?<![\w-])[1-9][0-9]{0,17}-[A-Za-z0-9_-]{22}(?![\w-])"
)
#: An address of somebody, wherever it stands. Bounded: a long text must not take long.
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"'/\\]{1,64}@[\w-]+(?:\.[\w-]+)+")
#: PostgreSQL quotes the whole row that it refuses, scores, lines of notes and all.
DETAIL = re.compile(r"DETAIL:.*", re.DOTALL)
#: Errors that speak of machines, whoever defines them: of the system, drivers, the broker. All others
#: may quote what somebody typed or a row, and so may those of mail, which are of the system by descent.
OF_MACHINES = frozenset({"OSError", "ConnectionError", "TimeoutError", "OperationalError", "InterfaceError"})
OF_MAIL = frozenset({"SMTPException", "AnymailError"})
LEFT_OUT = "[left out]"
FORMATS = ("line", "json")
NOWHERE = "-"
#: What may stand beside a message; nothing else of a record is written.
EXTRA = ("job", "method", "path", "status", "duration_ms")


def printable(text: str) -> str:
    """Return the text with every hidden character written out, a line break too."""
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in HIDDEN
        else character
        for character in text
    )


def discreet(text: str) -> str:
    """One printable line without links that work, addresses, and rows that a database quotes."""
    text = TOKEN.sub("[token]", _without_mail_links(printable(text)))
    return ADDRESS.sub("[address]", DETAIL.sub("[detail]", text))


class OneLine(logging.Formatter):
    """One line for a record; the lines of a traceback are indented, so that none looks like a record."""

    def format(self, record: logging.LogRecord) -> str:
        record.correlation = _correlation_of(record) or "-"
        # Another formatter may have kept its text of the error there, with the words.
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (named by logging)
        record.message = _message_of(record, or_as_typed=True)
        return discreet(super().formatMessage(record))

    def formatException(self, ei) -> str:  # noqa: N802  (named by logging)
        return _indented("The above led to:\n".join(map(_told, _chain_of(ei[1]))))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  (named by logging)
        return _indented(stack_info)


class OneObject(logging.Formatter):
    """One JSON object for a record, on one line; of an error its kind and where, not what it quotes."""

    def format(self, record: logging.LogRecord) -> str:
        written = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(_message_of(record)),
            "correlation": _correlation_of(record),
        }
        written |= {name: _plain(getattr(record, name)) for name in EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            written["error"] = _error_of(record.exc_info[1])
        return json.dumps(written, ensure_ascii=False)


def _correlation_of(record: logging.LogRecord) -> str | None:
    """Of the request or job that is going on, or of the request that has just been answered."""
    return correlation.current() or getattr(getattr(record, "request", None), "correlation", None)


def _message_of(record: logging.LogRecord, *, or_as_typed: bool = False) -> str:
    """Celery and Django put an error's words and the path of a request into theirs.

    ``or_as_typed``: an address that leads nowhere is told as somebody typed it; there is no pattern of it.
    """
    data, request = getattr(record, "data", None), getattr(record, "request", None)
    if record.name.startswith("celery.") and isinstance(data, dict) and (record.exc_info or "exc" in data):
        return f"{data.get('name') or 'a task'} failed"
    # The server for developers has a socket there.
    if record.name.startswith("django.") and hasattr(request, "method"):
        path = template_of(request)
        if path != NOWHERE or not or_as_typed:
            return f"{getattr(record, 'status_code', '')} {request.method} {path}"
    return _in_words(record)


def _in_words(record: logging.LogRecord) -> str:
    """The message, with the kind in place of an error where its words may be somebody's."""
    args = record.args or ()
    is_named = isinstance(args, Mapping)
    if isinstance(record.msg, BaseException):
        return kind_and_words(record.msg)
    if not any(isinstance(value, BaseException) for value in (args.values() if is_named else args)):
        # Also of a mapping with an answer of its own for a name that it lacks.
        return record.getMessage()
    safe = {name: _safe(value) for name, value in args.items()} if is_named else tuple(map(_safe, args))
    return str(record.msg) % safe


def _safe(value: object) -> object:
    return kind_and_words(value) if isinstance(value, BaseException) else value


def template_of(request) -> str:
    """The pattern of an address in place of what somebody asked for; a dash where none matches."""
    match = getattr(request, "resolver_match", None) or _match_of(request)
    return f"/{match.route}" if match else NOWHERE


def _match_of(request) -> ResolverMatch | None:
    """What the edge refuses has not been looked up."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) or value is None else discreet(str(value))


def words_of(error: BaseException) -> str:
    """Its first line where it speaks of machines; nothing where it may quote what somebody typed."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if not names & OF_MACHINES or names & OF_MAIL:
        return ""
    # What follows names rows and statements.
    return discreet(str(error).strip().partition("\n")[0])


def kind_and_words(error: BaseException) -> str:
    return f"{type(error).__name__}: {words_of(error) or LEFT_OUT}"


def _error_of(error: BaseException) -> dict:
    frames = traceback.extract_tb(error.__traceback__)
    written = {"kind": type(error).__name__, "where": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}
    if words := words_of(error):
        written["words"] = words
    if error.__cause__:
        written["cause"] = type(error.__cause__).__name__
    return written


def _chain_of(error: BaseException | None) -> list[BaseException]:
    """The error and what led to it, the first of all first."""
    chain: list[BaseException] = []
    while error is not None and not any(error is known for known in chain):
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain[::-1]


def _told(error: BaseException) -> str:
    """Where it happened, with the lines of our code; what it says may be somebody's."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{kind_and_words(error)}\n"


def _indented(text: str) -> str:
    """Lines of code and of the system: only what is surely ours to hide is left out."""
    lines = (_without_mail_links(printable(line)) for line in text.splitlines())
    return "\n".join(f"    {ADDRESS.sub('[address]', line)}" for line in lines)


def _without_mail_links(text: str) -> str:
    return MAIL_LINK.sub("[token]", text)


class WithoutRoutine(logging.Filter):
    """Leave out that a job which runs every few seconds was sent, received and done: its warnings stay."""

    ROUTINE = "accounts.tasks.send_account_mail"

    def filter(self, record: logging.LogRecord) -> bool:
        says_more = record.levelno > logging.INFO or not record.name.startswith(("celery.", "rehab.jobs"))
        return says_more or self.ROUTINE not in record.getMessage()


def config(level: str, form: str = "line") -> dict:
    """Return Django's LOGGING: one handler, on standard error."""
    # One record for each request and run; Celery's own lines of them would say it twice.
    ours, celerys = ("INFO", "WARNING") if form == "json" else ("WARNING", "NOTSET")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "rehab.logs.OneLine",
                "format": "%(asctime)s %(levelname)s %(name)s [%(correlation)s] %(message)s",
            },
            "json": {"()": "rehab.logs.OneObject"},
        },
        "filters": {"routine": {"()": "rehab.logs.WithoutRoutine"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["routine"]}
        },
        "root": {"handlers": ["console"], "level": level},
        # Instead of Django's own handlers, which write a record as it is.
        "loggers": {
            "django": {"handlers": [], "level": level},
            "django.server": {"propagate": True},
            "rehab.requests": {"level": ours},
            "rehab.jobs": {"level": ours},
            "celery.worker.strategy": {"level": celerys},
            "celery.app.trace": {"level": celerys},
        },
    }
