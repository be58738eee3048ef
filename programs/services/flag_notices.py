"""Whom a clinic tells of a red flag besides those who have access, and the mails owed for it."""

import datetime
from collections.abc import Iterable

from accounts.models import Clinic, Consent, Membership, Role, TellsOf, User
from programs.engine.calendar import local_date
from programs.models import MessageKind, MessageOwed, RedFlagCase
from programs.services.messages import clinicians_of, message_row

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
    """Tell the leads of clinics that want to know at once (one query, three where one does)."""
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
    leads = [lead for lead, _ in leads_of([case.owner_id]).get(case.owner_id, [])]
    if leads:
        return leads
    runner = case.enrolment.runner_id
    return [person for person in clinicians_of([runner], now).get(runner, []) if person.pk != case.owner_id]


def why_notice_unwanted(message: MessageOwed, now: datetime.datetime) -> str:
    """The reason for which this mail must not go out any more, or nothing."""
    cases = RedFlagCase.objects.filter(enrolment=message.enrolment_id, closed_at__isnull=True)
    case = cases.select_related("enrolment").first()
    if case is None:
        return "the pause has been cleared"
    if case.seen_at:
        return "somebody has seen it"
    if case.owner_id is None:
        return "nobody has access any more"
    if message.recipient_id not in {person.pk for person in to_be_told(case, now)}:
        return "it is for somebody else to be told meanwhile"
    has_access = Consent.objects.in_force(now).filter(
        runner=message.enrolment.runner_id, clinician=message.recipient_id
    )
    if case.escalated_at is None and has_access.exists():
        return "told already, as one who has access"
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
    MessageOwed.objects.bulk_create(rows, update_conflicts=True, unique_fields=_ONE, update_fields=_ANEW)
