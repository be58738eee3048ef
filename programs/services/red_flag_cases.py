"""A red flag has an owner from its first second until somebody ends the pause.

The case of an enrolment follows its state, in the transaction that changes
the state and with the enrolment locked: one open case where the pause is
urgent or an emergency, none elsewhere.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Act, Consent, ConsentVia, Role, User
from accounts.services.audit import record_access
from accounts.services.consents import lock_person
from programs.engine.values import PRESSING
from programs.models import Enrolment, RedFlagCase
from programs.services.errors import NotLetIn, Refused
from programs.services.flag_notices import owe_at_once


def open_cases(enrolments: Iterable[Enrolment], now: datetime.datetime) -> list[RedFlagCase]:
    """A pause began, became more pressing, or got a new sign: whoever looks after it has not seen that.

    Pauses that are not pressing are left out. At most five queries, none where all are left out.
    """
    pressing = [e for e in enrolments if e.is_active and e.refer in PRESSING]
    if not pressing:
        return []
    there = {case.enrolment_id: case for case in _open().filter(enrolment__in=pressing).select_for_update()}
    consents = consents_of((e.runner_id for e in pressing), now)
    cases = [_new_sign(there.get(e.pk) or RedFlagCase(enrolment=e), e, now) for e in pressing]
    for case, enrolment in zip(cases, pressing, strict=True):
        give_to_owner(case, consents.get(enrolment.runner_id, []), now)
        case.save()
    owe_at_once(cases, now)
    return cases


def _new_sign(case: RedFlagCase, enrolment: Enrolment, now: datetime.datetime) -> RedFlagCase:
    case.level = enrolment.refer
    case.opened_at = max(now, case.opened_at or now)
    case.seen_at = case.seen_by = case.escalated_at = None
    return case


def close_cases(enrolment: Enrolment, by: User, now: datetime.datetime) -> int:
    """A person ended the pause, or the programme; returns how many cases that closed (0 or 1)."""
    case = _open().select_for_update().filter(enrolment=enrolment).first()
    if case is None:
        return 0
    case.closed_at, case.closed_by = max(now, case.opened_at), by
    case.save(update_fields=["closed_at", "closed_by"])
    return 1


def leave_cases(enrolment: Enrolment, by: User, now: datetime.datetime) -> None:
    """The runner left: what nobody has seen waits until somebody does, if there is anybody who may."""
    if _open().filter(Q(seen_at__isnull=False) | Q(owner__isnull=True), enrolment=enrolment).exists():
        close_cases(enrolment, by, now)


@transaction.atomic
def take_case(
    *, case: RedFlagCase, by: User, now: datetime.datetime, shown: str, origin: str = ""
) -> RedFlagCase:
    """ "I have seen this and look after it", by anybody who has access; she owns it from then on.

    ``shown`` is the case as her page had it: of two at the same moment one is
    told that the other was faster, and nobody has seen a sign that came
    later. Raises Refused.
    """
    enrolment = case.enrolment
    lock_person(enrolment.runner)
    enrolment = Enrolment.objects.locked(enrolment.pk)
    case = RedFlagCase.objects.select_for_update().get(pk=case.pk)
    if not by.is_clinician or by.pk not in _with_access(enrolment.runner_id, now):
        raise NotLetIn(_("You need the runner’s consent to act."))
    if case.closed_at is None and case.seen_at and by.pk == case.owner_id == case.seen_by_id:
        return case
    _refuse_what_changed(case, shown)
    if case.owner_id != by.pk:
        case.owner, case.owned_since = by, now
    case.seen_at, case.seen_by = now, by
    if not enrolment.is_active:
        # She has left: there is no pause to end, and now somebody knows.
        case.closed_at, case.closed_by = max(now, case.opened_at), by
    case.save(update_fields=["owner", "owned_since", "seen_at", "seen_by", "closed_at", "closed_by"])
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=by,
        act=Act.OVERRIDE,
        detail="your warning sign: seen, and looked after",
        now=now,
        origin=origin,
    )
    return case


def _refuse_what_changed(case: RedFlagCase, shown: str) -> None:
    if case.closed_at:
        raise Refused(_("This pause is over: {name} ended it.").format(name=case.closed_by))
    if shown == case.as_shown:
        return
    if case.seen_at:
        words = _("{name} was faster and looks after this red flag now. You can still take it over.")
        raise Refused(words.format(name=case.owner))
    raise Refused(
        _("This red flag has changed since your page was loaded. Read it again, then press once more.")
    )


def _with_access(runner_id: int, now: datetime.datetime) -> set[int]:
    return {consent.clinician_id for consent in consents_of([runner_id], now).get(runner_id, [])}


def consents_of(runner_ids: Iterable[int], now: datetime.datetime) -> dict[int, list[Consent]]:
    """Runner id -> access in force of physiotherapists who can sign in, oldest first (one query)."""
    found: dict[int, list[Consent]] = {}
    rows = Consent.objects.in_force(now).filter(
        runner__in=list(runner_ids), clinician__is_active=True, clinician__role=Role.CLINICIAN
    )
    for row in rows.select_related("clinician").order_by("granted_at", "pk"):
        found.setdefault(row.runner_id, []).append(row)
    return found


def owner_among(consents: list[Consent]) -> User | None:
    """Her own physiotherapist, by the oldest grant; while a colleague covers for her, that colleague.

    Whoever covers is there, and the other one is on holiday. ``consents`` are those in force, oldest first.
    """
    covers: dict[int, Consent] = {}
    for consent in consents:
        if consent.via == ConsentVia.COVER:
            covers.setdefault(consent.covers_id, consent)
    own = next((consent for consent in consents if consent.via != ConsentVia.COVER), None)
    if own is None:
        # The account of her own physiotherapist is closed; whoever covers is still there.
        return consents[0].clinician if consents else None
    return covers.get(own.pk, own).clinician


def give_to_owner(case: RedFlagCase, consents: list[Consent], now: datetime.datetime) -> bool:
    """Leave the case with its owner while she has access; else it goes on, unseen. True where it went on."""
    if any(consent.clinician_id == case.owner_id for consent in consents):
        return False
    owner = owner_among(consents)
    if owner is None and case.owner_id is None:
        return False
    case.owner, case.owned_since = owner, now if owner else None
    case.seen_at = case.seen_by = case.escalated_at = None
    return True


def _open():
    return RedFlagCase.objects.filter(closed_at__isnull=True)
