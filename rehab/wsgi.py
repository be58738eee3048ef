"""Entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from rehab import patience
from rehab.checks import refuse_unsafe_settings
from rehab.room import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
refuse_unsafe_settings()
patience.install()
application = with_room(get_wsgi_application())

# Only now that Django is set up:
from django.conf import settings  # noqa: E402

from rehab.alarm import watch_from_here  # noqa: E402

if settings.REHAB_ALARM_FROM_WEB:
    watch_from_here()
