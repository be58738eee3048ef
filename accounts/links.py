"""Addresses for mails: built from SITE_URL, never from what a request claims."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def absolute(location: str) -> str:
    """Put our own scheme and host in front of the path (and query) of ``location``."""
    parts = urlsplit(location)
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.SITE_URL}{parts.path}{query}"


def page(name: str, *args) -> str:
    """The whole address of a page, for a mail or a QR code."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
