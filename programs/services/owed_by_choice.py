"""From choices whose time has struck to rows: in bulk, and one at fault does not hold back the others."""

import datetime
import logging
from collections.abc import Sequence

from accounts.models import Role, User
from programs.mailing import To, rule_of
from programs.mailing.clockwork import Ask, Clock, Struck, strike
from programs.mailing.verdicts import of_clinician, of_runner
from programs.models import Enrolment, MailChoice, MessageOwed, MessageStatus
from programs.services.clock_facts import Facts, facts_of
from programs.services.days import POISON
from programs.services.messages import message_row
from programs.services.quiet_hours import quiet_of

logger = logging.getLogger(__name__)

#: Whoever cannot be decided for is tried again after that.
ASIDE = datetime.timedelta(hours=1)
_ROLES = {To.RUNNER: Role.RUNNER, To.CLINICIAN: Role.CLINICIAN}


def owe(choices: Sequence[MailChoice], enrolments: dict[int, Enrolment], now: datetime.datetime) -> int:
    """Write the mails of locked choices, and when each is due next; enrolments by runner.

    Returns how many are to be sent.
    """
    facts = facts_of([row.person for row in choices], list(enrolments.values()), now)
    mails: list[MessageOwed] = []
    for choice in choices:
        try:
            mails += _struck(choice, enrolments.get(choice.person_id), facts, now)
        except POISON:
            logger.exception("The mail of choice %s cannot be decided; it is tried again later", choice.pk)
            choice.next_at = now + ASIDE
    MessageOwed.objects.bulk_create(mails, ignore_conflicts=True)
    # All of them are there, and locked. A bulk update would take four times as long to write down.
    MailChoice.objects.bulk_create(
        choices, update_conflicts=True, unique_fields=["id"], update_fields=["next_at", "last_date"]
    )
    return sum(mail.status == MessageStatus.OWED for mail in mails)


def _struck(
    choice: MailChoice, enrolment: Enrolment | None, facts: Facts, now: datetime.datetime
) -> list[MessageOwed]:
    person = choice.person
    if person.is_runner and enrolment is None:
        # Nothing is asked of whoever follows no programme; the next one sets it anew.
        choice.next_at = None
        return []
    clock = Clock(
        choice.kind, choice.wall, tuple(choice.days), quiet_of(person), choice.next_at, choice.last_date
    )
    outcome = strike(clock, now, _ask(choice, enrolment, facts))
    choice.next_at, choice.last_date = outcome.next_at, outcome.last_date
    about = None if person.is_clinician else enrolment
    return [_row(person, about, mail, now) for mail in outcome.mails]


def _ask(choice: MailChoice, enrolment: Enrolment | None, facts: Facts) -> Ask:
    person = choice.person
    if not person.is_active or person.role != _ROLES[rule_of(choice.kind).to]:
        return lambda kind, date: None
    if person.is_clinician:
        clinician = facts.of_clinician(person)
        return lambda kind, date: of_clinician(clinician, kind)
    runner = facts.of_runner(choice, enrolment)
    return lambda kind, date: of_runner(runner, kind, date)


def _row(person: User, enrolment: Enrolment | None, mail: Struck, now: datetime.datetime) -> MessageOwed:
    row = message_row(
        recipient=person,
        enrolment=enrolment,
        kind=mail.kind,
        local_date=mail.date,
        now=now,
        due_at=mail.due_at,
        expires_at=mail.expires_at,
    )
    row.wanted_at = mail.wanted_at
    if mail.why_not:
        row.status, row.settled_at, row.outcome = MessageStatus.SKIPPED, now, mail.why_not
    return row
