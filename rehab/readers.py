"""Who may read figures of the site: counts name nobody, but small ones could point to somebody."""

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest

from rehab.edge import WAS_FORWARDED


def may_read(request: HttpRequest) -> bool:
    """Whoever shows the token; without a token in the settings, who asks from this very machine."""
    token = settings.REHAB_METRICS_TOKEN
    if token:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    # A proxy on this machine asks for others, also one that nobody told the settings of.
    return not request.META.get(WAS_FORWARDED) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
