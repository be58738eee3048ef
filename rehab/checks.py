"""Refusal to start where a default that is handy on a laptop would be unsafe."""

import ipaddress
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from programs.library.contacts import countries
from rehab.mail_providers import faults_of

SHORTEST_KEY = 50
#: Django's own measure of a key that somebody typed.
FEWEST_CHARACTERS = 5
#: How the template of the environment writes a password: published with the project.
PUBLISHED_PASSWORD = "password"  # noqa: S105


def unsafe_settings(app_configs=None, **kwargs) -> list[CheckMessage]:
    """Return what is unsafe; with DEBUG on everything is allowed, on a machine of one's own."""
    if settings.DEBUG:
        return [*_debug(), *_country(), *_provider()]
    return [
        *_secret_key(),
        *_hosts(),
        *_site_url(),
        *_proxies(),
        *_passwords(),
        *_mail(),
        *_files(),
        *_demo(),
        *_broker(),
        *_database(),
        *_country(),
        *_provider(),
    ]


def refuse_unsafe_settings() -> None:
    """Stop the start of a web server, which runs no system checks by itself."""
    errors = [message for message in unsafe_settings() if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(f"{error.msg} {error.hint}" for error in errors))


def _debug() -> list[CheckMessage]:
    """An address that others know is production, whatever DEBUG says."""
    hint = "Set DEBUG=0: error pages show settings and code, and the secret is published."
    site = urlsplit(settings.SITE_URL)
    if site.scheme == "https" or not _is_here(site.hostname or ""):
        return [Error(f"DEBUG is on at {settings.SITE_URL}.", hint=hint, id="rehab.E004")]
    if not _is_here(_bound_to()):
        return [Warning(f"DEBUG is on and {settings.REHAB_BIND} is open.", hint=hint, id="rehab.W004")]
    return []


def _secret_key() -> list[CheckMessage]:
    key = settings.SECRET_KEY
    varied = len(set(key)) >= FEWEST_CHARACTERS and not key.startswith("django-insecure-")
    if key != settings.DEFAULT_SECRET_KEY and len(key) >= SHORTEST_KEY and varied:
        return []
    make = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    hint = f"Set SECRET_KEY (or SECRET_KEY_FILE) to 50 random characters and keep it: {make}"
    return [Error("SECRET_KEY is the published default or too short.", hint=hint, id="rehab.E001")]


def _hosts() -> list[CheckMessage]:
    # A leading dot is Django's other way of writing a wildcard.
    if not any("*" in host or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        return []
    hint = "Name the hosts. With a wildcard, a forged Host header ends up in links and redirects."
    return [Error("ALLOWED_HOSTS holds a wildcard.", hint=hint, id="rehab.E002")]


def _site_url() -> list[CheckMessage]:
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https":
        hint = "Set SITE_URL to the https address that people use. Secure cookies and HSTS follow from it."
        return [Error(f"SITE_URL is {settings.SITE_URL}, not https.", hint=hint, id="rehab.E003")]
    if not site.hostname or site.path or site.query or site.fragment or site.username:
        hint = "Write https://host and nothing behind it: every link in a mail begins with it."
        return [Error(f"SITE_URL is {settings.SITE_URL}.", hint=hint, id="rehab.E005")]
    return []


def _proxies() -> list[CheckMessage]:
    if settings.REHAB_TRUSTED_PROXIES == 0 and settings.SECURE_SSL_REDIRECT:
        hint = "This process speaks no TLS. Name the number of proxies in front, usually 1."
        return [Error("Nobody may say that a request came by https.", hint=hint, id="rehab.E006")]
    if settings.REHAB_TRUSTED_PROXIES and not _is_here(_bound_to()):
        hint = "Make sure that only the proxy reaches it: whoever else does may name any address as his own."
        return [Warning(f"{settings.REHAB_BIND} is open.", hint=hint, id="rehab.W005")]
    return []


def _passwords() -> list[CheckMessage]:
    if settings.DATABASES["default"].get("PASSWORD") != PUBLISHED_PASSWORD:
        return []
    hint = "Set one of your own in DATABASE_URL: this one is in .env.example."
    return [Error("The password of the database is the published one.", hint=hint, id="rehab.E007")]


def _mail() -> list[CheckMessage]:
    if settings.EMAIL_USE_TLS or not settings.EMAIL_HOST or _is_here(settings.EMAIL_HOST):
        return []
    hint = "Set EMAIL_USE_TLS=1: codes, links and the password of the mail server travel through the network."
    kind = Error if settings.EMAIL_HOST_USER else Warning
    number = "rehab.E008" if settings.EMAIL_HOST_USER else "rehab.W006"
    return [kind(f"Mails go to {settings.EMAIL_HOST} in clear.", hint=hint, id=number)]


def _provider() -> list[CheckMessage]:
    """Also with DEBUG: mails that go nowhere are noticed too late."""
    faults = faults_of(settings.REHAB_MAIL_PROVIDER, settings.ANYMAIL, settings.EMAIL_HOST)
    hint = "See “Mails” in docs/operations.md. Every provider's SMTP works as well: EMAIL_HOST alone."
    return [Error(fault, hint=hint, id="rehab.E010") for fault in faults]


def _files() -> list[CheckMessage]:
    """Whoever reads the settings' file or the folder of the database needs no password."""
    env_file = os.environ.get("REHAB_ENV_FILE") or settings.BASE_DIR / ".env"
    return [
        Warning(f"{path} can be read by everybody on this machine.", hint=f"chmod {mode}", id="rehab.W007")
        for path, mode in ((Path(env_file), "600"), (settings.VAR_DIR, "700"))
        if (path.is_file() or path.is_dir()) and path.stat().st_mode & stat.S_IROTH
    ]


def _demo() -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    hint = "Unset REHAB_DEMO wherever real people sign in: the demonstration's passwords are published."
    return [Warning("The demonstration is on.", hint=hint, id="rehab.W002")]


def _broker() -> list[CheckMessage]:
    if settings.REDIS_URL:
        return _visibility()
    hint = "Good for one small site: jobs run inside the one web process. Set REDIS_URL for more."
    return [Warning("The broker is the memory of one process.", hint=hint, id="rehab.W001")]


def _visibility() -> list[CheckMessage]:
    seconds = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 0)
    if seconds > settings.CELERY_TASK_TIME_LIMIT:
        return []
    hint = f"Set it above {settings.CELERY_TASK_TIME_LIMIT}: else a long task runs twice at the same time."
    return [Warning(f"REHAB_VISIBILITY_SECONDS is {seconds}.", hint=hint, id="rehab.W008")]


def _database() -> list[CheckMessage]:
    if not (settings.REDIS_URL and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")):
        return []
    hint = "Set DATABASE_URL: SQLite is meant for one process (docs/adr/0003-sqlite-settings.md)."
    return [Warning("Several processes write one SQLite file.", hint=hint, id="rehab.W003")]


def _country() -> list[CheckMessage]:
    """Also with DEBUG: a wrong number to call is as wrong on a machine of one's own."""
    if settings.REHAB_COUNTRY in countries():
        return []
    hint = "Use a code of programs/library/contacts.yaml such as GB; ZZ names no number at all."
    return [Error(f"REHAB_COUNTRY is {settings.REHAB_COUNTRY!r}.", hint=hint, id="rehab.E009")]


def _bound_to() -> str:
    return settings.REHAB_BIND.rpartition(":")[0].strip("[]")


def _is_here(host: str) -> bool:
    """Return whether a host is this machine and reached by nobody else."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
