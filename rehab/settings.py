"""Settings of the project: one file, defaults that let a bare clone run.

Everything that differs between installations comes from the environment
(``.env.example`` lists it). With DEBUG off the project refuses to start where
a default would be unsafe; see ``rehab.checks``.
"""

from pathlib import Path
from urllib.parse import urlsplit

from rehab import databases, env, logs, mail_providers

BASE_DIR = Path(__file__).resolve().parent.parent
_named = env.text("REHAB_ENV_FILE")
env.read_file(Path(_named or BASE_DIR / ".env"), is_named=bool(_named))
#: Everything that the project writes: database file, mails, collected static files.
VAR_DIR = Path(env.text("REHAB_VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG", default=True)
DEFAULT_SECRET_KEY = "only-for-trying-out-never-for-people-s-data-3b1f6a9c7e2d4850"  # noqa: S105
SECRET_KEY = env.secret("SECRET_KEY", DEFAULT_SECRET_KEY)
PORT = env.number("PORT", 8000, 1, 65535)
#: The demonstration: shown sign-ins, a button that closes a day early.
DEMO = env.flag("REHAB_DEMO", default=DEBUG)

# One address from which hosts, origins, cookies and links in mails follow.
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
SITE_DOMAIN = _site.hostname or "localhost"
SITE_IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", (SITE_DOMAIN, *(("localhost", "127.0.0.1", "[::1]") if DEBUG else ()))
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- applications ------------------------------------------------------------
INSTALLED_APPS = [
    "rehab",
    "accounts",
    "programs",
    "rehab.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]
MIDDLEWARE = [
    "rehab.requests.Correlation",
    # Above everything that may answer by itself: static files, redirects, refusals, errors.
    "rehab.edge.Headers",
    # Pages in a sixth of their bytes. Its random padding is Django's answer to BREACH; forms
    # carry masked tokens.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "rehab.edge.Gate",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rehab.languages.Languages",
    "rehab.failures.NotYours",
    "rehab.failures.NotNow",
    "accounts.middleware.PrivatePages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.Presence",
    "accounts.middleware.SecondFactorFirst",
]
ROOT_URLCONF = "rehab.urls"
#: Where the administration lives, without slashes around.
ADMIN_PATH = env.text("ADMIN_PATH", "admin").strip("/")
WSGI_APPLICATION = "rehab.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database ----------------------------------------------------------------
_address = env.database()
_database = databases.postgresql(_address) if _address else databases.sqlite(VAR_DIR / "rehab.sqlite3")
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The table also where there is a Redis: docs/adr/0013-limits-in-the-database.md.
CACHES = {
    "default": {
        "BACKEND": "accounts.cache.SharedCache",
        "LOCATION": "rehab_cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# --- people ------------------------------------------------------------------
# After the .env file was read, which this module reads from too.
from rehab.sign_in import *  # noqa: E402, F403

# A browser asks no passkey of a plain http page, but for a developer's own machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG and not SITE_IS_HTTPS and SITE_DOMAIN in ("localhost", "127.0.0.1")

# --- language and time -------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
#: What a browser may ask for and a person may choose; ``accounts.models.Language`` has the same.
LANGUAGES = [("en-gb", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = "rehab.formats"

# --- static files ------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "rehab.static_files.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- security ----------------------------------------------------------------
from rehab.hardening import *  # noqa: E402, F403

#: Proxies in front of this process that tell who asks, and whether by https. This process
#: speaks no TLS: where the site is https, there is one. Whoever reaches the process past
#: them is believed too, so it listens on loopback (rehab/edge.py).
REHAB_TRUSTED_PROXIES = env.number("REHAB_TRUSTED_PROXIES", 1 if SITE_IS_HTTPS else 0, 0, 5)
if REHAB_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if SITE_IS_HTTPS:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    # Whoever looks from beside the process comes without a proxy, and so without https.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|livez|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # With this prefix a browser keeps the cookie to this very host and to https.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# --- mail --------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = VAR_DIR / "mail"
#: Ours tells whether a mail that failed was certainly not sent.
EMAIL_BACKEND = (
    "accounts.services.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
#: A provider's HTTP interface in place of SMTP; checks refuse one that is not known or lacks its key.
REHAB_MAIL_PROVIDER = env.text("REHAB_MAIL_PROVIDER").lower()
ANYMAIL = mail_providers.options_of(REHAB_MAIL_PROVIDER)
if REHAB_MAIL_PROVIDER:
    EMAIL_BACKEND = mail_providers.backend_of(REHAB_MAIL_PROVIDER)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Rehab <rehab@{SITE_DOMAIN}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- jobs --------------------------------------------------------------------
REDIS_URL = env.secret("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Acknowledge late and reject on a lost child: without the second, a killed
# child lost its tasks (measured).
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 2
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 3,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 1,
}
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        # Longer than the hard time limit, or a slow task would run twice.
        "visibility_timeout": env.number("REHAB_VISIBILITY_SECONDS", 900, 5, 86_400),
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "retry_on_timeout": True,
        "global_keyprefix": "rehab:",
    }
    if REDIS_URL
    else {"polling_interval": 0.1}
)

# --- processes ---------------------------------------------------------------
REHAB_BIND = env.text("REHAB_BIND", f"127.0.0.1:{PORT}")
REHAB_WEB_WORKERS = env.number("WEB_CONCURRENCY", 2 if REDIS_URL else 1, 1, 64)
REHAB_WORKER_CONCURRENCY = env.number("REHAB_WORKER_CONCURRENCY", 2, 1, 64)

# --- the product -------------------------------------------------------------
#: Local hour of the next date at which a day closes.
REHAB_CLOSE_HOUR = env.number("REHAB_CLOSE_HOUR", 3, 0, 12)
#: Seconds between two ticks of the dispatcher.
REHAB_TICK_SECONDS = env.number("REHAB_TICK_SECONDS", 60, 1, 3600)
#: Seconds between two looks for account mails that are owed: somebody waits for a code.
REHAB_MAIL_SECONDS = env.number("REHAB_MAIL_SECONDS", 3, 1, 60)
#: Connections to the mail server at once, in each process that sends.
REHAB_MAIL_CONNECTIONS = env.number("REHAB_MAIL_CONNECTIONS", 4, 1, 64)
REHAB_BATCH_SIZE = env.number("REHAB_BATCH_SIZE", 100, 1, 5000)
#: How long what is kept (docs/privacy.md): records of erased runners after their last decision, ...
REHAB_KEEP_RECORD_YEARS = env.number("REHAB_KEEP_RECORD_YEARS", 8, 1, 100)
#: ... who saw what, ...
REHAB_KEEP_AUDIT_YEARS = env.number("REHAB_KEEP_AUDIT_YEARS", 8, 1, 100)
#: ... that a mail was sent; a notice of a hand-over counts for a week, ...
REHAB_KEEP_MAIL_DAYS = env.number("REHAB_KEEP_MAIL_DAYS", 90, 14, 3650)
#: ... invitations that are settled; whoever declined one is left in peace for a month.
REHAB_KEEP_INVITATION_DAYS = env.number("REHAB_KEEP_INVITATION_DAYS", 90, 31, 3650)
#: Where the clocks of application and database differ by more, nothing is decided.
REHAB_MAX_SKEW_SECONDS = 120
#: Days that are due for so long while none is closed are an alarm (rehab/alarm.py).
REHAB_ALARM_MINUTES = env.number("REHAB_ALARM_MINUTES", 30, 5, 1440)
#: Web processes look too: they live where workers are dead. Off in tests alone.
REHAB_ALARM_FROM_WEB = True
#: Whoever reads /metrics from elsewhere than this machine shows it; without one nobody does.
REHAB_METRICS_TOKEN = env.secret("REHAB_METRICS_TOKEN")
#: A monitor outside that is told of each tick.
REHAB_PING_URL = env.web_address("REHAB_PING_URL")
#: Country whose numbers runners are told to call (programs/library/contacts.yaml); each may choose hers.
REHAB_COUNTRY = env.text("REHAB_COUNTRY", "GB").upper()
#: In place of what the file has for that country.
REHAB_EMERGENCY_NUMBER = env.text("REHAB_EMERGENCY_NUMBER")
REHAB_URGENT_SERVICE = env.text("REHAB_URGENT_SERVICE")

#: ``line`` for people, ``json`` for machines.
REHAB_LOG_FORMAT = env.choice("REHAB_LOG_FORMAT", "line", logs.FORMATS)
LOGGING = logs.config(env.text("LOG_LEVEL", "INFO"), REHAB_LOG_FORMAT)
