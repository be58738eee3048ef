"""The project's settings, made fast and deaf for tests."""

import os
import tempfile
from pathlib import Path

# Before the settings are read: nothing that a test writes lands in the checkout,
# and nothing that a developer has in .env changes a test.
os.environ["REHAB_ENV_FILE"] = os.devnull
os.environ["REHAB_VAR_DIR"] = str(Path(tempfile.gettempdir()) / "rehab-tests")

from rehab.settings import *  # noqa: E402, F403
from rehab.settings import DATABASES, STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir(exist_ok=True)
# 0.5 s a hash otherwise, with many people in every test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Emptied before each test, also before those without a database; the real one has
# its own tests in tests/integration/test_rate_limits.py.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A connection that a thread of the live server keeps would outlive its database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Tasks run at once, in the caller; real queues have their place in tests/stack.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DEMO = False
# A thread of the live server would look into the database of a test.
REHAB_ALARM_FROM_WEB = False
# Else every test client walks through all static files before its first request.
WHITENOISE_AUTOREFRESH = True
