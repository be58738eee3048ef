"""The one log: each record on one line, and nothing in it that an attacker may dress up.

Addresses, header values and messages of errors hold what a stranger typed. A
line break in them would begin a record of his own, and an escape sequence
would speak to the terminal of whoever reads the log.
"""

import logging
import re
import unicodedata

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


def printable(text: str) -> str:
    """Return the text with every hidden character written out, a line break too."""
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in HIDDEN
        else character
        for character in text
    )


class OneLine(logging.Formatter):
    """One line for a record; the lines of a traceback are indented, so that none looks like a record."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (named by logging)
        return TOKEN.sub("[token]", _without_mail_links(printable(super().formatMessage(record))))

    def formatException(self, ei) -> str:  # noqa: N802  (named by logging)
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  (named by logging)
        return _indented(stack_info)


def _indented(text: str) -> str:
    """Lines of code and of the system: only what is surely a link of ours is left out."""
    return "\n".join(f"    {_without_mail_links(printable(line))}" for line in text.splitlines())


def _without_mail_links(text: str) -> str:
    return MAIL_LINK.sub("[token]", text)


class WithoutRoutine(logging.Filter):
    """Leave out that a job which runs every few seconds was sent, received and done: its warnings stay."""

    ROUTINE = "accounts.tasks.send_account_mail"

    def filter(self, record: logging.LogRecord) -> bool:
        says_more = record.levelno > logging.INFO or not record.name.startswith("celery.")
        return says_more or self.ROUTINE not in record.getMessage()


def config(level: str) -> dict:
    """Return Django's LOGGING: one handler, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "rehab.logs.OneLine",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            }
        },
        "filters": {"routine": {"()": "rehab.logs.WithoutRoutine"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["routine"]}
        },
        "root": {"handlers": ["console"], "level": level},
        # Instead of Django's own handlers, which write a record as it is.
        "loggers": {"django": {"handlers": [], "level": level}, "django.server": {"propagate": True}},
    }
