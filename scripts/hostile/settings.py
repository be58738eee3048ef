"""The project's settings as in production, but for what would only take time.

A password takes half a second to check, and a tenth of all requests hold one.
"""

from rehab.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
