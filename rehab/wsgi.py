"""Entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from rehab.checks import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
refuse_unsafe_settings()
application = get_wsgi_application()
