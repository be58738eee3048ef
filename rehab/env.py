"""Typed readers of the environment that fail loudly, with a hint.

A setting that is misspelt must stop the start, not be a silent default.
"""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str = "") -> str:
    """Return the variable, or ``default`` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


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


def database(name: str = "DATABASE_URL") -> dict | None:
    """Read ``postgres://user:password@host:port/name`` as Django's dictionary.

    Returns None where the variable is unset. A Unix socket is given as
    ``postgres:///name?host=/path``. Other schemes are refused.
    """
    raw = text(name)
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} must begin with postgres:// (leave it unset for SQLite), not {parts.scheme}://"
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(parts.port or ""),
    }
