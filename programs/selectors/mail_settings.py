"""What somebody chose of her mails, and when the clock sends each next, in two queries."""

import datetime
from dataclasses import dataclass

from django.utils.translation import get_language_info

from accounts.models import User
from programs.mailing import RULES, Rule, next_due
from programs.models import CHOSEN, MailChoice
from programs.selectors.mail_words import ACCOUNT, KIND_WORDS, Words
from programs.selectors.zones import FormerZone, former_zones

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
USUAL_QUIET = (datetime.time(21), datetime.time(7))


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind that may be turned off; without ``wall`` no clock sends it."""

    kind: str
    words: Words
    is_on: bool
    wall: datetime.time | None
    days: tuple[int, ...]
    is_weekly: bool
    next_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class MailsPage:
    """``language`` is empty where nobody chose one; then mails are in that of the site."""

    kinds: tuple[KindChoice, ...]
    always: tuple[Words, ...]
    quiet_from: datetime.time
    quiet_until: datetime.time
    has_quiet_hours: bool
    language: str
    former_zones: tuple[FormerZone, ...]


def mails_page(*, person: User, now: datetime.datetime) -> MailsPage:
    rows = {row.kind: row for row in MailChoice.objects.filter(person=person)}
    rules = [rule for rule in RULES.values() if rule.to == person.role]
    has_quiet_hours = person.quiet_from != person.quiet_until
    quiet = (person.quiet_from, person.quiet_until) if has_quiet_hours else USUAL_QUIET
    return MailsPage(
        kinds=tuple(
            _choice(rule, rows.get(rule.kind), person, now)
            for rule in rules
            if rule.may_be_off and rule.kind in CHOSEN
        ),
        always=(*(KIND_WORDS[rule.kind] for rule in rules if not rule.may_be_off), ACCOUNT),
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        has_quiet_hours=has_quiet_hours,
        language=get_language_info(person.language)["name_local"] if person.language else "",
        former_zones=former_zones(person),
    )


def title_of_choice(person: User, kind: str) -> str | None:
    """The name of a kind that she may choose, or None for any other text."""
    rule = RULES.get(kind)
    is_hers = rule and rule.to == person.role and rule.may_be_off and kind in CHOSEN
    return str(KIND_WORDS[kind].title) if is_hers else None


def _choice(rule: Rule, row: MailChoice | None, person: User, now: datetime.datetime) -> KindChoice:
    """As she chose it, or as it is for everybody."""
    is_on = row.is_on if row else rule.is_on
    wall = (row.wall if row else None) or rule.wall
    days = tuple(row.days if row else rule.days)
    return KindChoice(
        kind=rule.kind,
        words=KIND_WORDS[rule.kind],
        is_on=is_on,
        wall=wall,
        days=days or EVERY_DAY,
        is_weekly=len(rule.days) == 1,
        next_at=row.next_at if row else _usual(rule, person, now),
    )


def _usual(rule: Rule, person: User, now: datetime.datetime) -> datetime.datetime | None:
    """A runner without a row follows no programme: nothing is due for her."""
    if person.is_runner or not rule.is_on or rule.wall is None:
        return None
    return next_due(rule.wall, rule.days, person.zone, now)
