"""The mails of every morning: a physiotherapist has them unless she turns them off."""

import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role, User
from programs.mailing import RULES, To, next_due
from programs.models import MailChoice


def ensure_choices_of_clinicians(*, now: datetime.datetime) -> int:
    """Schedule them for whoever has none yet; returns for how many (one query where all have)."""
    rules = [rule for rule in RULES.values() if rule.to == To.CLINICIAN and rule.is_by_the_clock]
    lacking = Q()
    for rule in rules:
        lacking |= ~Exists(MailChoice.objects.filter(person=OuterRef("pk"), kind=rule.kind))
    people = list(User.objects.filter(lacking, role=Role.CLINICIAN, is_active=True).order_by("pk"))
    rows = [
        MailChoice(
            person=person,
            kind=rule.kind,
            is_on=rule.is_on,
            wall=rule.wall,
            days=list(rule.days),
            next_at=next_due(rule.wall, rule.days, person.zone, now) if rule.is_on else None,
            changed_at=now,
        )
        for person in people
        for rule in rules
    ]
    # What she has chosen already stays.
    MailChoice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(people)
