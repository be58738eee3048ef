"""The mails of every morning: a physiotherapist has them unless she turns them off."""

import datetime
import logging

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role, User
from programs.mailing import RULES, Rule, To, next_due
from programs.models import MailChoice

logger = logging.getLogger(__name__)


def ensure_choices_of_clinicians(*, now: datetime.datetime) -> int:
    """Schedule them for whoever has none yet; returns for how many (one query where all have)."""
    rules = [rule for rule in RULES.values() if rule.to == To.CLINICIAN and rule.is_by_the_clock]
    lacking = Q()
    for rule in rules:
        lacking |= ~Exists(MailChoice.objects.filter(person=OuterRef("pk"), kind=rule.kind))
    people = list(User.objects.filter(lacking, role=Role.CLINICIAN, is_active=True).order_by("pk"))
    rows = [row for person in people for row in _choices_of(person, rules, now)]
    # What she has chosen already stays.
    MailChoice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(people)


def _choices_of(person: User, rules: list[Rule], now: datetime.datetime) -> list[MailChoice]:
    """None of somebody for whom they cannot be worked out: the others have theirs."""
    try:
        return [
            MailChoice(
                person=person,
                kind=rule.kind,
                is_on=rule.is_on,
                wall=rule.wall,
                days=list(rule.days),
                next_at=next_due(rule.wall, rule.days, person.zone, now) if rule.is_on else None,
                changed_at=now,
            )
            for rule in rules
        ]
    except Exception:
        logger.exception("The morning's mails of account %s cannot be set", person.pk)
        return []
