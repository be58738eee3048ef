"""How often somebody may try: ACCOUNT_RATE_LIMITS in ``rehab/sign_in.py``, counted by allauth."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse


def limited(request: HttpRequest, action: str, *, key: str | None = None) -> HttpResponse | None:
    """Count one try; the page that says "too many" where it is one too many, else nothing.

        return limited(request, "take_offer") or _take(request)

    Reading a page (GET) is no try.
    """
    if action not in settings.ACCOUNT_RATE_LIMITS:
        # allauth takes an unknown name for "no limit".
        raise LookupError(f"ACCOUNT_RATE_LIMITS has no {action!r}")
    return ratelimit.consume_or_429(request, action=action, key=key)
