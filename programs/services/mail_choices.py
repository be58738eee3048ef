"""What a person chose of each kind of mail, and when the clock sends it next: the only writers of both."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.mailing import RULES, Rule, To, is_quiet, next_due
from programs.models import CHOSEN, ChosenVia, Enrolment, MailChoice, MessageOwed
from programs.services.by_the_clock import owe_due_of
from programs.services.errors import Refused
from programs.ways_out import choice_behind

WEEKDAYS = frozenset(range(1, 8))
#: A reminder that is late by so much still goes out.
ROOM = datetime.timedelta(hours=1)


def rules_for(person: User) -> list[Rule]:
    """The kinds of mail that somebody of her role can get, in the order of the catalogue."""
    to = {"runner": To.RUNNER, "clinician": To.CLINICIAN}.get(person.role)
    return [rule for rule in RULES.values() if rule.to == to]


@transaction.atomic
def choose(
    *,
    person: User,
    kind: str,
    is_on: bool,
    now: datetime.datetime,
    wall: datetime.time | None = None,
    days: Collection[int] | None = None,
    via: str = ChosenVia.SETTINGS,
) -> MailChoice:
    """Turn one kind on or off, and set its time and days; what is not given stays as it is.

    Raises Refused for a kind that is not hers to choose, a time inside her
    quiet hours and days that are none.
    """
    person = locked_person(person)
    rule = next((rule for rule in rules_for(person) if rule.kind == kind and rule.may_be_off), None)
    if rule is None or kind not in CHOSEN:
        raise Refused(_("This mail is not yours to choose."), "kind")
    owe_due_of(person=person, now=now)
    row = _row(person, rule, now)
    row.is_on, row.changed_at, row.changed_via = is_on, now, via
    if rule.is_by_the_clock:
        row.wall = wall or row.wall
        row.days = row.days if days is None else sorted(set(days))
        _check_times(person, row)
    _schedule(row, person, now, _is_reachable(person))
    row.save()
    return row


def _check_times(person: User, row: MailChoice) -> None:
    if not WEEKDAYS.issuperset(row.days):
        raise Refused(_("Choose days of the week."), "days")
    if row.is_on and is_quiet(row.wall, person.quiet_from, person.quiet_until):
        raise Refused(_("This time is inside your quiet hours. Choose another, or change them."), "wall")


@transaction.atomic
def begin_choices(*, person: User, reminder: datetime.time | None, now: datetime.datetime) -> None:
    """At the start of a programme: the reminder as she answered, and what comes with it as for everybody.

    Whoever wants no reminder is not written to by the clock. What she chose in
    a former programme stays; its times count again.
    """
    person = locked_person(person)
    owe_due_of(person=person, now=now)
    if reminder is not None:
        _make_room(person, reminder)
    rows = {row.kind: row for row in MailChoice.objects.select_for_update().filter(person=person)}
    is_reachable = _is_reachable(person)
    for rule in rules_for(person):
        if not (rule.is_by_the_clock and rule.may_be_off):
            continue
        row = rows.get(rule.kind) or _as_for_everybody(person, rule, now)
        if row.pk is None or rule.kind == "reminder":
            row.is_on = rule.is_on and reminder is not None
            row.wall = reminder if rule.kind == "reminder" and reminder else rule.wall
            row.changed_at, row.changed_via = now, ChosenVia.INTAKE
        _schedule(row, person, now, is_reachable)
        row.save()


def unsubscribe(*, message: MessageOwed, now: datetime.datetime) -> None:
    """By the link in a mail: no more of this kind, at once. Raises Refused for one that is about safety."""
    _turn(message, now, is_on=False)


def undo_unsubscribe(*, message: MessageOwed, now: datetime.datetime) -> None:
    """By the same link: this kind again, at the time at which it was. Raises Refused."""
    _turn(message, now, is_on=True)


def _turn(message: MessageOwed, now: datetime.datetime, *, is_on: bool) -> None:
    # What asks in place of the daily reminder, or once more, ends with it.
    kind = choice_behind(message) or message.kind
    choose(person=message.recipient, kind=kind, is_on=is_on, now=now, via=ChosenVia.MAIL)


def _make_room(person: User, wall: datetime.time) -> None:
    """Quiet hours that she has never seen give way to the time that she asks for, on the nearer side."""
    if not is_quiet(wall, person.quiet_from, person.quiet_until):
        return
    since, left = _between(person.quiet_from, wall), _between(wall, person.quiet_until)
    if since < left:
        later = datetime.datetime.combine(datetime.date(2000, 1, 1), wall) + min(left, ROOM)
        person.quiet_from = later.time()
    else:
        person.quiet_until = wall
    person.save(update_fields=["quiet_from", "quiet_until"])


def _between(first: datetime.time, last: datetime.time) -> datetime.timedelta:
    """From one wall time to the next occurrence of another."""
    day = datetime.date(2000, 1, 1)
    passed = datetime.datetime.combine(day, last) - datetime.datetime.combine(day, first)
    return passed % datetime.timedelta(days=1)


@transaction.atomic
def reschedule(*, person: User, now: datetime.datetime) -> None:
    """Work out every due instant anew: her zone has changed, or a programme began or ended."""
    person = locked_person(person)
    is_reachable = _is_reachable(person)
    for row in MailChoice.objects.select_for_update().filter(person=person):
        _schedule(row, person, now, is_reachable)
        row.save(update_fields=["next_at"])


def locked_person(person: User) -> User:
    """The account, held until the transaction ends; rows that only refer to it are still written."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _row(person: User, rule: Rule, now: datetime.datetime) -> MailChoice:
    """Her choice, or an unsaved one that is as for everybody."""
    row = MailChoice.objects.select_for_update().filter(person=person, kind=rule.kind).first()
    return row or _as_for_everybody(person, rule, now)


def _as_for_everybody(person: User, rule: Rule, now: datetime.datetime) -> MailChoice:
    return MailChoice(
        person=person,
        kind=rule.kind,
        is_on=rule.is_on,
        wall=rule.wall,
        days=list(rule.days),
        changed_at=now,
    )


def _schedule(row: MailChoice, person: User, now: datetime.datetime, is_reachable: bool) -> None:
    """Set ``next_at``; nothing is due for somebody who does not want it, or follows no programme."""
    is_wanted = row.is_on and row.wall is not None and person.is_active and is_reachable
    row.next_at = next_due(row.wall, row.days, person.zone, now, row.last_date) if is_wanted else None


def _is_reachable(person: User) -> bool:
    return not person.is_runner or Enrolment.objects.active().filter(runner=person).exists()
