"""Messages owed for decisions: rows now, mail later and never in this transaction."""

import datetime
import logging
from collections.abc import Sequence
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.among import Among
from accounts.models import Consent, Role, User
from programs.engine.calendar import local_date
from programs.engine.values import OUTCOME_RANK, REFER_RANK, Outcome, Refer, Trigger
from programs.mailing import SAFETY, Until, end_of_date, rule_of
from programs.mailing.reasons import TURNED_OFF
from programs.models import Decision, Enrolment, MailChoice, MessageKind, MessageOwed, MessageStatus
from programs.services.guarded import TRANSIENT, undoing_nothing
from programs.services.overtaken import TELLS
from programs.services.quiet_hours import put_out_of_quiet
from programs.services.renewed import renew_untold

logger = logging.getLogger(__name__)

#: A decision is news for so long; the page tells it longer.
A_WEEK = datetime.timedelta(days=7)
_KIND_OF = {Outcome.ADVANCE: MessageKind.ADVANCE, Outcome.STEP_BACK: MessageKind.STEP_BACK}


def message_row(
    *, recipient: User, enrolment: Enrolment | None, kind: str, local_date, now, **fields
) -> MessageOwed:
    """An unsaved message; its Message-ID is settled here, so that a repeat is the same mail."""
    due_at = fields.pop("due_at", now)
    return MessageOwed(
        recipient=recipient,
        enrolment=enrolment,
        kind=kind,
        local_date=local_date,
        created_at=now,
        wanted_at=due_at,
        due_at=due_at,
        message_id=make_msgid(domain=settings.SITE_DOMAIN),
        **fields,
    )


def expiry_of(row: MessageOwed) -> datetime.datetime | None:
    """When it has become wrong to send it, as the catalogue has it."""
    until = rule_of(row.kind).until
    if until == Until.END_OF_DATE:
        return end_of_date(row.local_date, row.recipient.zone)
    return row.due_at + A_WEEK if until == Until.A_WEEK else None


def _choices(rows: Sequence[MessageOwed]) -> dict[tuple[int, str], bool]:
    """(person, kind) -> whether she wants it, where she chose (one query, or none for mails of safety)."""
    chosen = [row for row in rows if row.kind not in SAFETY]
    if not chosen:
        return {}
    found = MailChoice.objects.filter(
        person__in={row.recipient_id for row in chosen}, kind__in={row.kind for row in chosen}
    )
    return {(person, kind): is_on for person, kind, is_on in found.values_list("person", "kind", "is_on")}


def _settle_if_off(rows: Sequence[MessageOwed], now: datetime.datetime) -> None:
    """What she turned off is recorded all the same, as skipped: the list of what was sent says so."""
    choices = _choices(rows)
    for row in rows:
        if not choices.get((row.recipient_id, row.kind), rule_of(row.kind).is_on):
            row.status, row.settled_at, row.outcome = MessageStatus.SKIPPED, now, TURNED_OFF


def prepare(rows: Sequence[MessageOwed], now: datetime.datetime) -> None:
    """Give unsaved mails of acts and decisions their times, and settle those that are turned off."""
    put_out_of_quiet(rows, now)
    for row in rows:
        row.expires_at = expiry_of(row)
    _settle_if_off(rows, now)


def owe_events(rows: Sequence[MessageOwed], now: datetime.datetime) -> None:
    """Write down mails of acts and decisions; one that is there and told it already stays as it is."""
    if not rows:
        return
    prepare(rows, now)
    # A savepoint: where the database will not take them, what they tell of stands.
    with transaction.atomic():
        renew_untold(rows)
        MessageOwed.objects.bulk_create(rows, ignore_conflicts=True)


def clinicians_of(runner_ids: list[int], now: datetime.datetime) -> dict[int, list[User]]:
    """Runner id -> clinicians with consent in force; one query."""
    found: dict[int, list[User]] = {}
    consents = Consent.objects.in_force(now).filter(
        runner__in=runner_ids, clinician__is_active=True, clinician__role=Role.CLINICIAN
    )
    for consent in consents.select_related("clinician"):
        found.setdefault(consent.runner_id, []).append(consent.clinician)
    return found


def owe_for_decisions(decided: list[tuple[Decision, Enrolment, str]], now: datetime.datetime) -> int:
    """Owe the mails of decisions, each given with the refer level before it.

    A pause is told when it begins or becomes more pressing, not every night;
    a clinician who was let in meanwhile is told by the next decision. Returns
    how many rows were offered; a mail that told it already stays as it is.
    One whose mails cannot be owed holds back neither others nor its decision.
    """
    try:
        return _owe_for(decided, now)
    except TRANSIENT:
        raise
    except Exception:
        logger.exception("The mails of a batch of decisions cannot be owed; owing them one by one")
    owed = 0
    for one in decided:
        with undoing_nothing(f"The mails of the decision of enrolment {one[1].pk}"):
            owed += _owe_for([one], now)
    return owed


def _owe_for(decided: list[tuple[Decision, Enrolment, str]], now: datetime.datetime) -> int:
    rows = []
    for decision, enrolment, before in decided:
        kind = _KIND_OF.get(decision.decision)
        if decision.decision == Outcome.PAUSE_AND_REFER and decision.refer != before:
            kind = MessageKind.PAUSE
        if kind:
            rows.append(_about(decision, enrolment, enrolment.runner, kind, now))
    rows += _for_clinicians([(d, e) for d, e, _ in decided if d.decision == Outcome.PAUSE_AND_REFER], now)
    owe_events(rows, now)
    return len(rows)


def _for_clinicians(pauses: list[tuple[Decision, Enrolment]], now: datetime.datetime) -> list[MessageOwed]:
    """A pause for each clinician in force: a warning sign always, else a level that was not told since."""
    if not pauses:
        return []
    clinicians = clinicians_of([enrolment.runner_id for _, enrolment in pauses], now)
    told = _told_of([enrolment.pk for _, enrolment in pauses])
    return [
        _about(decision, enrolment, clinician, MessageKind.CLINICIAN_PAUSE, now)
        for decision, enrolment in pauses
        for clinician in clinicians.get(enrolment.runner_id, [])
        if decision.trigger == Trigger.RED_FLAG or (enrolment.pk, clinician.pk, decision.refer) not in told
    ]


def _told_of(enrolments: Sequence[int]) -> set[tuple[int, int, str]]:
    """(enrolment, clinician, level) of pauses of now that they were told of, or will be."""
    rows = MessageOwed.objects.filter(
        Among("enrolment", enrolments),
        kind=MessageKind.CLINICIAN_PAUSE,
        status__in=TELLS,
        created_at__gte=F("enrolment__paused_at"),
    )
    return set(rows.values_list("enrolment", "recipient", "level"))


def with_untold(pauses: Sequence[tuple[int, int, str]], now: datetime.datetime) -> set[int]:
    """Of pauses that go on, given as (enrolment, runner, level), those that a clinician was not told of."""
    if not pauses:
        return set()
    consents = Consent.objects.in_force(now).filter(
        Among("runner", [runner for _, runner, _ in pauses]),
        clinician__is_active=True,
        clinician__role=Role.CLINICIAN,
    )
    clinicians: dict[int, list[int]] = {}
    for runner, clinician in consents.values_list("runner", "clinician"):
        clinicians.setdefault(runner, []).append(clinician)
    told = _told_of([enrolment for enrolment, _, _ in pauses])
    return {
        enrolment
        for enrolment, runner, level in pauses
        if any((enrolment, one, level) not in told for one in clinicians.get(runner, []))
    }


def owe_for_sign(enrolment: Enrolment, now: datetime.datetime) -> None:
    """Tell each clinician in force of a warning sign that makes no decision of its own, once a local date.

    Its level is told already, but she may not know of this sign. Where the
    pause was written without the engine there is no decision to name at all.
    """
    with undoing_nothing(f"The mails of a warning sign of enrolment {enrolment.pk}"):
        _owe_for_sign(enrolment, now)


def _owe_for_sign(enrolment: Enrolment, now: datetime.datetime) -> None:
    pauses = Decision.objects.in_force().filter(
        enrolment=enrolment,
        decision=Outcome.PAUSE_AND_REFER,
        refer=enrolment.refer,
        decided_at__gte=enrolment.paused_at,
    )
    decision = pauses.newest_first().first()
    rows = [
        message_row(
            recipient=clinician,
            enrolment=enrolment,
            kind=MessageKind.CLINICIAN_PAUSE,
            local_date=local_date(now, enrolment.runner.zone),
            level=enrolment.refer,
            decision=decision,
            now=now,
        )
        for clinician in clinicians_of([enrolment.runner_id], now).get(enrolment.runner_id, [])
    ]
    owe_events(rows, now)


def most_telling(decisions: list[Decision]) -> list[Decision]:
    """Of decisions that changed together the one to tell: the most careful, and of those the first.

    The days inside a pause follow from it. Of several steps back the last one
    is told: it names the step that she is on.
    """
    return [max(decisions, key=_how_telling)] if decisions else []


def _how_telling(row: Decision) -> tuple[int, int, datetime.date]:
    date = row.date if row.decision == Outcome.STEP_BACK else datetime.date.min
    return OUTCOME_RANK[row.decision], REFER_RANK[row.refer], date


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
