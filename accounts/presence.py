"""How long a session lasts for people who see other people's data.

A runner's phone stays signed in. A physiotherapist's screen stands in a
practice: it is signed out after a while without a request, and once a day in
any case.
"""

import datetime

from django.conf import settings
from django.http import HttpRequest

from accounts.second_factor import is_mandatory, records_of

SEEN = "seen_at"
#: Noting every request would write twice for each; a minute is near enough.
STEP = 60


def is_over(request: HttpRequest, *, now: datetime.datetime) -> bool:
    """True where the person was away too long, or signed in too long ago."""
    if not is_mandatory(request.user):
        return False
    moments = [record["at"] for record in records_of(request)]
    if not moments:
        # Not signed in through our pages: the second factor is asked for anyway.
        return False
    present = now.timestamp()
    last = max(moments[-1], request.session.get(SEEN, 0))
    return (
        present - last > settings.REHAB_IDLE_MINUTES * 60
        or present - moments[0] > settings.REHAB_SESSION_HOURS * 3600
    )


def is_news(request: HttpRequest, *, now: datetime.datetime) -> bool:
    """True where her being here was not noted within the last minute."""
    return now.timestamp() - request.session.get(SEEN, 0) >= STEP


def note(request: HttpRequest, *, now: datetime.datetime) -> None:
    request.session[SEEN] = int(now.timestamp())
