"""Whom a clinic tells of a red flag besides those who have access, and the mails owed for it."""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction

from accounts.models import Clinic, Membership, Role, TellsOf, User
from programs.engine.calendar import local_date
from programs.mailing.reasons import CLEARED, FOR_ANOTHER, NO_ACCESS, SEEN, TOLD_AS_HERS
from programs.models import MessageKind, MessageOwed, RedFlagCase
from programs.services.guarded import undoing_nothing
from programs.services.messages import clinicians_of, message_row
from programs.services.quiet_hours import put_out_of_quiet

#: One mail for each lead, red flag and date; a later reason on the same day sends it once more.
_ONE = ("recipient", "enrolment", "kind", "local_date", "level")
_ANEW = (
    "created_at",
    "wanted_at",
    "due_at",
    "status",
    "leased_until",
    "attempts",
    "uncertain",
    "message_id",
    "settled_at",
    "outcome",
)


def owe_at_once(cases: Iterable[RedFlagCase], now: datetime.datetime) -> None:
    """Tell the leads of clinics that want to know at once (one query, three where one does).

    Whatever is wrong with these mails, the case is there: the watch over unseen ones finds it.
    """
    with undoing_nothing("The notices of red flags to leads"):
        _owe_at_once(list(cases), now)


def _owe_at_once(cases: list[RedFlagCase], now: datetime.datetime) -> None:
    owned = {case.owner_id: case for case in cases if case.owner_id}
    clinics = Clinic.objects.filter(
        tells_of_red_flags=TellsOf.LEAD_TOO,
        memberships__clinician__in=owned,
        memberships__left_at__isnull=True,
    )
    if not owned or not (telling := set(clinics.values_list("pk", flat=True))):
        return
    leads = leads_of(owned)
    for case in cases:
        told = [lead for lead, clinic in leads.get(case.owner_id, []) if clinic in telling]
        owe_to(case, told, now)


def leads_of(owner_ids: Iterable[int]) -> dict[int, list[tuple[User, int]]]:
    """Owner -> the other leads of her clinic who can sign in, with the clinic (two queries)."""
    clinics = dict(
        Membership.objects.current()
        .filter(clinician__in=list(owner_ids))
        .values_list("clinician_id", "clinic_id")
    )
    leads = Membership.objects.current().filter(
        clinic__in=set(clinics.values()),
        is_lead=True,
        clinician__is_active=True,
        clinician__role=Role.CLINICIAN,
    )
    rows = list(leads.select_related("clinician").order_by("joined_at", "pk"))
    return {
        owner: [
            (row.clinician, clinic) for row in rows if row.clinic_id == clinic and row.clinician_id != owner
        ]
        for owner, clinic in clinics.items()
    }


def to_be_told(case: RedFlagCase, now: datetime.datetime) -> list[User]:
    """Whom an unseen red flag is passed on to: the leads, else everybody else who has access."""
    return _to_be_told(case, leads_of([case.owner_id]), clinicians_of([case.enrolment.runner_id], now))


def _to_be_told(case: RedFlagCase, leads: dict, clinicians: dict[int, list[User]]) -> list[User]:
    if found := [lead for lead, _ in leads.get(case.owner_id, [])]:
        return found
    everybody = clinicians.get(case.enrolment.runner_id, [])
    return [person for person in everybody if person.pk != case.owner_id]


def why_notices_unwanted(
    messages: Iterable[MessageOwed], lets_in: Collection[tuple[int, int]], now: datetime.datetime
) -> dict[int, str]:
    """Message id -> why it must not go out any more (four queries for a batch).

    ``lets_in`` are the (runner, clinician) with a consent in force.
    """
    messages = list(messages)
    cases = RedFlagCase.objects.filter(
        enrolment__in={row.enrolment_id for row in messages}, closed_at__isnull=True
    )
    open_ones = {case.enrolment_id: case for case in cases.select_related("enrolment")}
    owners = {case.owner_id for case in open_ones.values() if case.owner_id}
    leads = leads_of(owners) if owners else {}
    clinicians = clinicians_of([case.enrolment.runner_id for case in open_ones.values()], now)
    found = {}
    for row in messages:
        case = open_ones.get(row.enrolment_id)
        told = _to_be_told(case, leads, clinicians) if case else []
        if why := _why_unwanted(row, case, told, lets_in):
            found[row.pk] = why
    return found


def _why_unwanted(
    message: MessageOwed, case: RedFlagCase | None, told: list[User], lets_in: Collection[tuple[int, int]]
) -> str:
    if case is None:
        return CLEARED
    if case.seen_at:
        return SEEN
    if case.owner_id is None:
        return NO_ACCESS
    if message.recipient_id not in {person.pk for person in told}:
        return FOR_ANOTHER
    if case.escalated_at is None and (case.enrolment.runner_id, message.recipient_id) in lets_in:
        return TOLD_AS_HERS
    return ""


def owe_to(case: RedFlagCase, recipients: Iterable[User], now: datetime.datetime) -> None:
    """Owe each the mail of this red flag; one that went out on the same date goes out once more."""
    enrolment = case.enrolment
    rows = [
        message_row(
            recipient=recipient,
            enrolment=enrolment,
            kind=MessageKind.FLAG_UNSEEN,
            local_date=local_date(now, enrolment.runner.zone),
            level=case.level,
            now=now,
        )
        for recipient in recipients
    ]
    if not rows:
        return
    put_out_of_quiet(rows, now)
    # A savepoint: where the database will not take them, the red flag stands.
    with transaction.atomic():
        MessageOwed.objects.bulk_create(rows, update_conflicts=True, unique_fields=_ONE, update_fields=_ANEW)
