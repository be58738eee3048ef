"""All that one form of mails says, or nothing of it: kinds, quiet hours, and a physiotherapist's zone."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.emails import Words
from accounts.models import AccountMail, User
from accounts.services.mail import owe_mail
from programs.mailing import LONGEST_QUIET, is_quiet, quiet_for
from programs.models import MailChoice, MessageOwed, MessageStatus
from programs.services.by_the_clock import owe_due_of
from programs.services.errors import Refused
from programs.services.mail_choices import choose, locked_person
from programs.services.people import change_time_zone, keep_home_time

TEST = "test"


@dataclass(frozen=True, slots=True)
class Wish:
    """Of one kind; without a time or days these stay as they are."""

    kind: str
    is_on: bool
    wall: datetime.time | None = None
    days: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    name: str
    keeps_home_time: bool


@transaction.atomic
def change_mails(
    *,
    person: User,
    quiet_from: datetime.time,
    quiet_until: datetime.time,
    wishes: Iterable[Wish],
    now: datetime.datetime,
    zone: Zone | None = None,
) -> None:
    """Raises Refused, with the field of the form, and ValidationError for a zone that is none."""
    wishes = list(wishes)
    # What has struck already, struck by what she chose before.
    owe_due_of(person=locked_person(person), now=now)
    if zone:
        change_time_zone(user=person, time_zone=zone.name, now=now)
        keep_home_time(user=person, keeps=zone.keeps_home_time)
    _set_quiet_hours(person, quiet_from, quiet_until, wishes)
    kept = {row.kind: row for row in MailChoice.objects.filter(person=person)}
    for wish in wishes:
        if _is_new(wish, kept.get(wish.kind)):
            _choose(person, wish, now)


def _set_quiet_hours(person: User, quiet_from, quiet_until, wishes: list[Wish]) -> None:
    """Together with the times: either of them alone could contradict the other."""
    person = locked_person(person)
    if quiet_for(quiet_from, quiet_until) > LONGEST_QUIET:
        hours = LONGEST_QUIET // datetime.timedelta(hours=1)
        raise Refused(_("Quiet hours can last {hours} hours at most.").format(hours=hours), "quiet_until")
    for wish in wishes:
        if wish.is_on and wish.wall and is_quiet(wish.wall, quiet_from, quiet_until):
            raise Refused(_("This time is inside your quiet hours."), f"{wish.kind}_wall")
    person.quiet_from, person.quiet_until = quiet_from, quiet_until
    person.save(update_fields=["quiet_from", "quiet_until"])


def _is_new(wish: Wish, row: MailChoice | None) -> bool:
    if row is None or wish.is_on != row.is_on:
        return True
    is_moved = wish.wall not in (None, row.wall)
    return is_moved or (wish.days is not None and sorted(wish.days) != row.days)


def _choose(person: User, wish: Wish, now: datetime.datetime) -> None:
    try:
        choose(person=person, kind=wish.kind, is_on=wish.is_on, wall=wish.wall, days=wish.days, now=now)
    except Refused as refusal:
        raise Refused(refusal.message, f"{wish.kind}_{refusal.field}") from refusal


def send_test(*, person: User, words: Words, now: datetime.datetime) -> AccountMail:
    """Owe her one mail as it would look; it counts for no date and asks for nothing."""
    return owe_mail(email=person.email, kind=TEST, words=words, now=now, recipient=person)


@transaction.atomic
def hold_links(*, person: User, now: datetime.datetime) -> None:
    """Make the links of all mails that she has got useless, in whoever's hands they are.

    A mail that is owed goes out with links that work. One that perhaps went out
    already becomes another mail, with other links, where nobody is sending it.
    """
    User.objects.filter(pk=person.pk).update(mail_links_since=now)
    is_free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    rows = MessageOwed.objects.select_for_update(of=("self",)).filter(is_free, recipient=person)
    for row in rows.filter(status=MessageStatus.OWED, uncertain__gt=0):
        row.message_id = make_msgid(domain=settings.SITE_DOMAIN)
        row.save(update_fields=["message_id"])
