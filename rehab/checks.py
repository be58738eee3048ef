"""Refusal to start where a default that is handy on a laptop would be unsafe."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50


def unsafe_settings(app_configs=None, **kwargs) -> list[CheckMessage]:
    """Return what is unsafe with DEBUG off; with DEBUG on everything is allowed."""
    if settings.DEBUG:
        return []
    return [*_secret_key(), *_hosts(), *_site_url(), *_demo(), *_broker(), *_database()]


def refuse_unsafe_settings() -> None:
    """Stop the start of a web server, which runs no system checks by itself."""
    errors = [message for message in unsafe_settings() if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(f"{error.msg} {error.hint}" for error in errors))


def _secret_key() -> list[CheckMessage]:
    if settings.SECRET_KEY != settings.DEFAULT_SECRET_KEY and len(settings.SECRET_KEY) >= SHORTEST_KEY:
        return []
    make = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    hint = f"Set SECRET_KEY to 50 random characters and keep it: {make}"
    return [Error("SECRET_KEY is the published default or too short.", hint=hint, id="rehab.E001")]


def _hosts() -> list[CheckMessage]:
    if not any("*" in host for host in settings.ALLOWED_HOSTS):
        return []
    hint = "Name the hosts. With a wildcard, a forged Host header ends up in links and redirects."
    return [Error("ALLOWED_HOSTS holds a wildcard.", hint=hint, id="rehab.E002")]


def _site_url() -> list[CheckMessage]:
    if urlsplit(settings.SITE_URL).scheme == "https":
        return []
    hint = "Set SITE_URL to the https address that people use. Secure cookies and HSTS follow from it."
    return [Error(f"SITE_URL is {settings.SITE_URL}, not https.", hint=hint, id="rehab.E003")]


def _demo() -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    hint = "Unset REHAB_DEMO wherever real people sign in: the demonstration's passwords are published."
    return [Warning("The demonstration is on.", hint=hint, id="rehab.W002")]


def _broker() -> list[CheckMessage]:
    if settings.REDIS_URL:
        return []
    hint = "Good for one small site: jobs run inside the one web process. Set REDIS_URL for more."
    return [Warning("The broker is the memory of one process.", hint=hint, id="rehab.W001")]


def _database() -> list[CheckMessage]:
    if not (settings.REDIS_URL and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")):
        return []
    hint = "Set DATABASE_URL: SQLite is meant for one process (docs/adr/0003-sqlite-settings.md)."
    return [Warning("Several processes write one SQLite file.", hint=hint, id="rehab.W003")]
