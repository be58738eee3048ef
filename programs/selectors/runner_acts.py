"""What physiotherapists did about one runner so far, in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Override, OverrideKind
from programs.said import said
from programs.selectors.editions_lived import Editions, title_in


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act of a person; ``kind_of_reason`` is empty where the runner acted herself."""

    what: str
    date: datetime.date
    by: str
    kind_of_reason: str
    reason: str
    review_on: datetime.date | None
    review_is_due: bool
    assessed: str


def act_rows(
    acts: Iterable[Override], editions: Editions, review: object | None = None
) -> tuple[ActRow, ...]:
    """The newest first; ``review`` is the act that is due for review."""
    return tuple(_row(act, editions, act is review) for act in reversed(list(acts)))


def _row(act: Override, editions: Editions, is_due: bool) -> ActRow:
    is_hers = act.kind == OverrideKind.SELF_CLEAR
    return ActRow(
        what=_what(act, editions),
        date=act.date,
        by=str(act.made_by),
        kind_of_reason="" if is_hers else act.get_reason_code_display(),
        reason=act.reason,
        review_on=act.review_on,
        review_is_due=is_due,
        assessed=_assessed(act),
    )


def _what(act: Override, editions: Editions) -> str:
    version = editions.of(act.version_id) if act.version_id else editions.shown_on(act.date, act.stage)
    title = title_in(version, act.stage)
    if act.kind == OverrideKind.HOLD_UNTIL:
        return _("Hold until {date}").format(date=date_format(act.until, "j F Y"))
    if act.kind == OverrideKind.SET_STAGE:
        return _("Set the stage: {title}").format(title=title)
    if act.kind == OverrideKind.SIGN_OFF:
        return _("Confirmed that this stage may be left: {title}").format(title=title)
    if act.kind == OverrideKind.MOVE_VERSION:
        words = _("Moved to “{programme}”, version {number}, stage: {title}")
        programme = said(version.document["title"])
        return words.format(programme=programme, number=version.number, title=title)
    return said(act.get_kind_display()).capitalize()


def _assessed(act: Override) -> str:
    if not act.assessed_by:
        return ""
    words = _("Assessed by {name} on {date}")
    return words.format(name=act.assessed_by, date=date_format(act.assessed_on, "j F Y"))
