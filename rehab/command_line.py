"""What every command says where database or broker is away: one line with what to do, and status 1.

Around all of manage.py and not in each command, so that Django's own (migrate,
changepassword) are among them, and none that comes later can be forgotten.
"""

import sys
from collections.abc import Sequence

import redis
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

LONGEST_WORDS = 300
#: Of PostgreSQL: a table or a column that is not there.
NOT_PREPARED = ("42P01", "42703")
#: Words of an error -> what to do; the first that fits.
ADVICE = {
    "no such table": "It is not prepared for this version. Run: manage.py prepare",
    "no such column": "It is not prepared for this version. Run: manage.py prepare",
    "unable to open": "Look whether the folder of REHAB_VAR_DIR is there, and yours to write in.",
    "readonly": "Look whether the folder of REHAB_VAR_DIR is yours to write in.",
    "disk is full": "Make room on the disk, then repeat the command.",
    "no space left": "Make room on the disk of PostgreSQL, then repeat the command.",
    "is locked": "Another process is writing to it. Repeat the command when that is done.",
    "due to lock timeout": "Something else holds what it needs. Repeat the command in a while.",
    "due to statement timeout": "It has too much to do, or this takes too long. Repeat it in a while.",
    "authentication failed": "Check user and password in DATABASE_URL.",
    "too many clients": "It takes no more connections. See “Scale it” in docs/operations.md.",
}
AWAY = "Check DATABASE_URL, and that PostgreSQL runs. Then repeat the command."
MALFORMED = "The file is no database, or damaged. Bring back a backup: manage.py restore FILE --replace"


def run(arguments: Sequence[str]) -> None:
    """Run one command of manage.py; ``--traceback`` shows where an error came from instead."""
    try:
        execute_from_command_line(list(arguments))
    except ImproperlyConfigured as fault:
        # The message says what to mend; the way to it would only hide it.
        sys.exit(f"The configuration is not sound: {fault}")
    except (DatabaseError, InterfaceError, redis.RedisError) as error:
        said = explained(error)
        if said is None or "--traceback" in arguments:
            raise
        sys.exit(said)


def explained(error: Exception) -> str | None:
    """What is wrong and what to do, in one line; None for a mistake in the code."""
    if isinstance(error, redis.RedisError):
        return f"Redis does not serve: {_words(error)} Check REDIS_URL, and that Redis runs."
    is_unprepared = _sqlstate(error) in NOT_PREPARED
    if isinstance(error, ProgrammingError) and is_unprepared:
        return f"The database does not serve: {_words(error)} {ADVICE['no such table']}"
    if isinstance(error, OperationalError | InterfaceError):
        return f"The database does not serve: {_words(error)} {_advice(error)}"
    if str(error).startswith(("file is not a database", "database disk image is malformed")):
        return f"The database does not serve: {_words(error)} {MALFORMED}"
    return None


def _sqlstate(error: Exception) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def _advice(error: Exception) -> str:
    words = str(error).lower()
    return next((advice for part, advice in ADVICE.items() if part in words), AWAY)


def _words(error: Exception) -> str:
    """In one line that ends with a full stop; drivers write paragraphs."""
    words = " ".join(str(error).split())[:LONGEST_WORDS] or type(error).__name__
    return words if words.endswith(".") else f"{words}."
