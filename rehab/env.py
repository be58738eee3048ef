"""Typed readers of the environment that fail loudly, with a hint.

A setting that is misspelt must stop the start, not be a silent default.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
#: No key, password or address is longer; a wrong file, such as a database, is.
LONGEST_SECRET = 8192
#: Parameters of a PostgreSQL address that reach its driver. A misspelt one is refused: an
#: ``sslmode`` that is silently dropped would be a connection in clear.
POSTGRESQL_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "target_session_attrs"}
)

LINE = re.compile(r"^(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*)$")


def read_file(path: Path, *, is_named: bool = False) -> None:
    """Take variables from a file of ``NAME=value`` lines; what is set already wins.

    So that web, worker, beat and every command see the same settings without a
    shell that was prepared for it. A line that is no such line is refused. So is a file that was
    named and is not there: a site for real people would begin as a demonstration.
    """
    if not is_named and not path.is_file():
        return
    try:
        lines = path.read_text().splitlines()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"REHAB_ENV_FILE={path} cannot be read: {error}. Name the file with the settings, or "
            "/dev/null for none."
        ) from None
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = LINE.match(line)
        if not match:
            raise ImproperlyConfigured(f"{path}, line {number} is not NAME=value.")
        name, value = match.groups()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        os.environ.setdefault(name, value[1:-1] if quoted else value)


def text(name: str, default: str = "") -> str:
    """Return the variable, or ``default`` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def secret(name: str, default: str = "") -> str:
    """Return a secret: the variable NAME, or the content of the file that NAME_FILE names.

    A file keeps it out of the process table, of shell histories and of what a
    container's tools print. Both at once are refused, and so is a file that is
    missing or empty: starting with the default instead would be silent.
    """
    file = text(f"{name}_FILE")
    if not file:
        return text(name, default)
    if text(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Keep one of them.")
    try:
        with open(file, encoding="utf-8") as opened:
            value = opened.read(LONGEST_SECRET + 1)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={file} cannot be read: {error}") from None
    value = value.strip()
    if not value or len(value) > LONGEST_SECRET or not value.isprintable():
        raise ImproperlyConfigured(f"{name}_FILE={file} must hold one line with the secret and no more.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return a yes-or-no variable; any other word is refused."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is not a yes or no. Use 1 or 0.")


def number(name: str, default: int, lowest: int, highest: int) -> int:
    """Return a whole number between ``lowest`` and ``highest``, both allowed."""
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None
    if not lowest <= value <= highest:
        raise ImproperlyConfigured(f"{name}={value} is outside {lowest} to {highest}.")
    return value


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a list separated by commas."""
    raw = text(name)
    return [word.strip() for word in raw.split(",") if word.strip()] if raw else list(default)


def choice(name: str, default: str, allowed: Collection[str]) -> str:
    """Return one of a few words."""
    value = text(name, default).lower()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(sorted(allowed))}.")
    return value


def web_address(name: str) -> str:
    """Return an http or https address, or nothing; it may hold a key, so it is read as a secret."""
    value = secret(name)
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise ImproperlyConfigured(f"{name} must begin with https:// or http:// and name a host.")
    return value


def database(name: str = "DATABASE_URL") -> dict | None:
    """Read ``postgres://user:password@host:port/name`` as Django's dictionary.

    Returns None where the variable is unset. A Unix socket is given as
    ``postgres:///name?host=/path``; ``?sslmode=verify-full`` and the like reach
    the driver. Other schemes and parameters are refused.
    """
    raw = secret(name)
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} must begin with postgres:// (leave it unset for SQLite), not {parts.scheme}://"
        )
    query = dict(parse_qsl(parts.query))
    host, user = query.pop("host", ""), query.pop("user", "")
    unknown = sorted(query.keys() - POSTGRESQL_OPTIONS)
    if unknown:
        raise ImproperlyConfigured(f"{name} has parameters that nobody reads: {', '.join(unknown)}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or user),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or host,
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
