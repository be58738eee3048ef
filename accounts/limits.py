"""How often somebody may try: ACCOUNT_RATE_LIMITS in ``rehab/sign_in.py``, counted by allauth."""

import hashlib

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counts
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from accounts.addresses import canonical

APP = "allauth.account"
FAILED, ANYWHERE, MAILED = "login_failed", "login_failed_anywhere", "reset_mail"
#: For how long a new password opens the way in from where it was set, in seconds.
OPENED_FOR = 3600


def limited(request: HttpRequest, action: str, *, key: str | None = None) -> HttpResponse | None:
    """Count one try; the page that says "too many" where it is one too many, else nothing.

        return limited(request, "take_offer") or _take(request)

    Reading a page (GET) is no try.
    """
    if action not in settings.ACCOUNT_RATE_LIMITS:
        # allauth takes an unknown name for "no limit".
        raise LookupError(f"ACCOUNT_RATE_LIMITS has no {action!r}")
    return ratelimit.consume_or_429(request, action=action, key=key)


def place_of(request: HttpRequest, email: str) -> str:
    """An account as it is tried from one network address; no Host header, of which anybody has thousands."""
    return f"{canonical(email)} {counts.get_ip(request)}"


def count_anywhere(request: HttpRequest, email: str) -> counts.RateLimitUsage | None:
    """Count one try to sign in, wherever it comes from; None where it is one too many.

    Not from where a new password was set a moment ago: those who go on trying
    from elsewhere would lock its owner out again before she has typed it.
    """
    if cache.get(_opened(request, email)):
        return counts.RateLimitUsage(usage=[])
    return counts.consume(request, app=APP, action=ANYWHERE, key=canonical(email))


def open_way_in(request: HttpRequest, email: str) -> None:
    """Whoever has set a new password by a mail may use it, whatever others have tried before or try now."""
    counts.clear(request, app=APP, action=FAILED, key=place_of(request, email))
    counts.clear(request, app=APP, action=ANYWHERE, key=canonical(email))
    cache.set(_opened(request, email), True, OPENED_FOR)


def may_mail_reset(request: HttpRequest, email: str) -> bool:
    """Count one mail with a link to a new password; False where it is one too many for that mailbox."""
    return ratelimit.consume(request, action=MAILED, key=canonical(email))


def _opened(request: HttpRequest, email: str) -> str:
    return f"way_in:{hashlib.sha256(place_of(request, email).encode()).hexdigest()}"
