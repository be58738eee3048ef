"""How a physiotherapist keeps her list: putting off, "I have seen these", views, one message to several."""

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_consent
from accounts.services.consents import lock_person
from programs.engine.calendar import local_date
from programs.engine.triage import NEVER_PUT_OFF, NeedCode
from programs.models import CaseloadSeen, Enrolment, SavedView, Snooze
from programs.models.caseload import LONGEST_SNOOZE_NOTE, LONGEST_VIEW, LONGEST_VIEW_NAME
from programs.services.conversation import write_message
from programs.services.errors import NotLetIn, Refused

LONGEST_SNOOZE_DAYS = 30
SHORTEST_NOTE = 3
MOST_VIEWS = 12
_NEEDS = frozenset(NeedCode)


@transaction.atomic
def snooze(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    need: str,
    until: datetime.date,
    note: str,
) -> Snooze:
    """Put a need off through ``until``, in place of an earlier one. No red flag. Raises Refused."""
    enrolment = _let_in(enrolment, by, now)
    today = local_date(now, enrolment.runner.zone)
    _refuse_red_flag(enrolment, need)
    if not today < until <= today + datetime.timedelta(days=LONGEST_SNOOZE_DAYS):
        raise Refused(
            _("Choose a day from tomorrow on, at most {most} days ahead.").format(most=LONGEST_SNOOZE_DAYS),
            "until",
        )
    note = note.strip()
    if not SHORTEST_NOTE <= len(note) <= LONGEST_SNOOZE_NOTE:
        raise Refused(
            _("Say why in a few words, at most {most} letters.").format(most=LONGEST_SNOOZE_NOTE), "note"
        )
    _end(enrolment, by, now)
    return Snooze.objects.create(
        enrolment=enrolment, need=need, until=until, note=note, made_at=now, made_by=by
    )


@transaction.atomic
def end_snooze(*, enrolment: Enrolment, by: User, now: datetime.datetime) -> bool:
    """Put the runner back on the list at once; false where she did not put anything off."""
    return _end(_let_in(enrolment, by, now), by, now)


def _end(enrolment: Enrolment, by: User, now: datetime.datetime) -> bool:
    running = Snooze.objects.filter(enrolment=enrolment, made_by=by, ended_at__isnull=True)
    return bool(running.update(ended_at=now))


def _refuse_red_flag(enrolment: Enrolment, need: str) -> None:
    if need not in _NEEDS or need == NeedCode.FINE:
        raise Refused(_("There is nothing to put off."))
    if need in NEVER_PUT_OFF or enrolment.refer in NEVER_PUT_OFF:
        raise Refused(_("A red flag is never put off. It stays on top until somebody ends the pause."))


def _let_in(enrolment: Enrolment, by: User, now: datetime.datetime) -> Enrolment:
    """Lock the runner, so that consent that is being ended is waited for. Raises Refused, NotLetIn."""
    lock_person(enrolment.runner)
    if not by.is_clinician or not has_consent(runner_id=enrolment.runner_id, clinician=by, now=now):
        raise NotLetIn(_("You need the runner's consent to act."))
    locked = Enrolment.objects.locked(enrolment.pk)
    if not locked.is_active:
        raise Refused(_("This programme has ended."))
    return locked


@transaction.atomic
def mark_seen(*, by: User, now: datetime.datetime, through: datetime.datetime) -> None:
    """She has seen what was decided up to ``through``. It only moves on, and never past now."""
    through = min(through, now)
    seen, is_new = CaseloadSeen.objects.get_or_create(clinician=by, defaults={"seen_through": through})
    if not is_new:
        CaseloadSeen.objects.filter(pk=seen.pk, seen_through__lt=through).update(seen_through=through)


@transaction.atomic
def save_view(*, by: User, now: datetime.datetime, name: str, query: str) -> SavedView:
    """Keep filters under a name of its own; the same again is kept once. Raises Refused."""
    lock_person(by)
    name = name.strip()
    if not name or len(name) > LONGEST_VIEW_NAME:
        raise Refused(_("Give it a name of at most {most} letters.").format(most=LONGEST_VIEW_NAME), "name")
    if not query or len(query) > LONGEST_VIEW:
        raise Refused(_("Choose a filter first."))
    mine = SavedView.objects.filter(clinician=by)
    there = mine.filter(name=name).first()
    if there is not None and there.query == query:
        return there
    if there is not None:
        raise Refused(_("You have a view of that name. Delete it, or choose another name."), "name")
    if mine.count() >= MOST_VIEWS:
        raise Refused(_("You keep {most} views already. Delete one first.").format(most=MOST_VIEWS), "name")
    return SavedView.objects.create(clinician=by, name=name, query=query, made_at=now)


def delete_view(*, by: User, view: uuid.UUID) -> bool:
    """Forget a view of hers; false where she has none like it."""
    gone, _of_what = SavedView.objects.filter(clinician=by, public_id=view).delete()
    return bool(gone)


@transaction.atomic
def write_to_several(
    *,
    enrolments: Iterable[Enrolment],
    by: User,
    now: datetime.datetime,
    words: str,
    key: uuid.UUID,
    origin: str = "",
) -> int:
    """The same message to each, once, however often the form comes; returns to how many it went.

    Whoever ended her consent meanwhile gets none. Always in the same order, so
    that two of these do not wait for each other.
    """
    sent = 0
    for enrolment in sorted(enrolments, key=lambda one: one.runner_id):
        own_key = uuid.uuid5(key, str(enrolment.public_id))
        try:
            write_message(enrolment=enrolment, by=by, now=now, words=words, key=own_key, origin=origin)
        except NotLetIn:
            continue
        sent += 1
    return sent
