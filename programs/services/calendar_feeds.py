"""The address of a runner's calendar: made, changed, made anew, ended."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.consents import lock_person
from programs.models import CalendarFeed
from programs.services.errors import Refused


@transaction.atomic
def make_feed(
    *, runner: User, now: datetime.datetime, wall: datetime.time | None = None, says_what: bool = False
) -> CalendarFeed:
    """A new address; the one before it opens nothing any more. Raises Refused."""
    if not runner.is_runner:
        raise Refused(_("Only a runner has planned sessions."))
    lock_person(runner)
    end_feed(runner=runner, now=now)
    return CalendarFeed.objects.create(
        runner=runner, wall=wall, says_what=says_what, made_at=now, plan_changed_at=now
    )


@transaction.atomic
def change_feed(
    *, runner: User, now: datetime.datetime, wall: datetime.time | None, says_what: bool
) -> CalendarFeed:
    """What the entries say, under the same address; made where there is none. Raises Refused."""
    lock_person(runner)
    feed = CalendarFeed.objects.filter(runner=runner, ended_at__isnull=True).first()
    if feed is None:
        return make_feed(runner=runner, now=now, wall=wall, says_what=says_what)
    if (feed.wall, feed.says_what) != (wall, says_what):
        feed.wall, feed.says_what = wall, says_what
        feed.plan_changed_at = max(now, feed.made_at)
        feed.save(update_fields=["wall", "says_what", "plan_changed_at"])
    return feed


@transaction.atomic
def end_feed(*, runner: User, now: datetime.datetime) -> None:
    """From now on the address opens nothing; where there is none, nothing happens."""
    for feed in CalendarFeed.objects.select_for_update().filter(runner=runner, ended_at__isnull=True):
        feed.ended_at = max(now, feed.made_at)
        feed.save(update_fields=["ended_at"])


def plan_changed(*, runner_id: int, now: datetime.datetime) -> None:
    """She chose other days: what her calendar shows is older than that. In the caller's transaction."""
    open_feed = CalendarFeed.objects.filter(runner=runner_id, ended_at__isnull=True)
    open_feed.filter(plan_changed_at__lt=now).update(plan_changed_at=now)
