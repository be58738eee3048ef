"""Messages owed for decisions: rows now, mail later and never in this transaction."""

import datetime
from email.utils import make_msgid

from django.conf import settings

from accounts.models import Consent, User
from programs.engine.values import OUTCOME_RANK, REFER_RANK, Outcome, Refer
from programs.models import Decision, Enrolment, MessageKind, MessageOwed

_KIND_OF = {Outcome.ADVANCE: MessageKind.ADVANCE, Outcome.STEP_BACK: MessageKind.STEP_BACK}


def message_row(
    *, recipient: User, enrolment: Enrolment, kind: str, local_date, now, **fields
) -> MessageOwed:
    """An unsaved message; its Message-ID is settled here, so that a repeat is the same mail."""
    return MessageOwed(
        recipient=recipient,
        enrolment=enrolment,
        kind=kind,
        local_date=local_date,
        created_at=now,
        due_at=fields.pop("due_at", now),
        message_id=make_msgid(domain=settings.SITE_DOMAIN),
        **fields,
    )


def clinicians_of(runner_ids: list[int]) -> dict[int, list[User]]:
    """Runner id -> clinicians with consent in force; one query."""
    found: dict[int, list[User]] = {}
    consents = Consent.objects.in_force().filter(runner__in=runner_ids, clinician__is_active=True)
    for consent in consents.select_related("clinician"):
        found.setdefault(consent.runner_id, []).append(consent.clinician)
    return found


def owe_for_decisions(decided: list[tuple[Decision, Enrolment, str]], now: datetime.datetime) -> int:
    """Owe the mails of decisions, each given with the refer level before it.

    A pause is told when it begins or becomes more pressing, not every night.
    Returns how many rows were offered; a row that exists already stays as it is.
    """
    pauses = [
        (d, e) for d, e, before in decided if d.decision == Outcome.PAUSE_AND_REFER and d.refer != before
    ]
    clinicians = clinicians_of([e.runner_id for _, e in pauses]) if pauses else {}
    rows = []
    for decision, enrolment, _ in decided:
        kind = _KIND_OF.get(decision.decision)
        if kind:
            rows.append(_about(decision, enrolment, enrolment.runner, kind, now))
    for decision, enrolment in pauses:
        rows.append(_about(decision, enrolment, enrolment.runner, MessageKind.PAUSE, now))
        for clinician in clinicians.get(enrolment.runner_id, []):
            rows.append(_about(decision, enrolment, clinician, MessageKind.CLINICIAN_PAUSE, now))
    MessageOwed.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def most_telling(decisions: list[Decision]) -> list[Decision]:
    """Of decisions that changed together the one to tell: the most careful, and of those the first.

    The easy days after a step back, and the days inside a pause, follow from it.
    """
    careful = max(
        decisions, key=lambda row: (OUTCOME_RANK[row.decision], REFER_RANK[row.refer]), default=None
    )
    return [careful] if careful else []


def _about(decision: Decision, enrolment: Enrolment, recipient: User, kind: str, now) -> MessageOwed:
    level = decision.refer if decision.refer != Refer.NONE else ""
    return message_row(
        recipient=recipient,
        enrolment=enrolment,
        kind=kind,
        local_date=decision.date,
        level=level,
        decision=decision,
        now=now,
    )
