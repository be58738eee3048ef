"""What physiotherapists did of late, told to the runner at the top of Today."""

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Override, OverrideKind, ProgrammeVersion
from programs.said import said
from programs.selectors.editions_lived import title_in
from programs.selectors.reading import Reading

#: Today and the days before it; from then on an act is found under the reasons.
DAYS = 3
#: They name no stage, so they can be told after a move, too.
_WITHOUT_STAGE = (OverrideKind.HOLD_UNTIL, OverrideKind.CLEAR_PAUSE)


@dataclass(frozen=True, slots=True)
class RecentAct:
    what: str
    reason: str
    by: str
    date: datetime.date


def recent_acts(reading: Reading) -> tuple[RecentAct, ...]:
    """The newest of each kind, newest first. No query."""
    since, version = reading.today - datetime.timedelta(days=DAYS - 1), reading.enrolment.version
    newest: dict[str, Override] = {}
    for act in reading.history.overrides:
        if act.kind == OverrideKind.MOVE_VERSION:
            # Keys of stages belong to the edition that she left.
            newest = {kind: row for kind, row in newest.items() if kind in _WITHOUT_STAGE}
        if act.date >= since and act.kind != OverrideKind.SELF_CLEAR:
            newest.pop(act.kind, None)
            newest[act.kind] = act
    return tuple(
        RecentAct(_what(act, version), act.reason, str(act.made_by), act.date)
        for act in reversed(newest.values())
    )


def _what(act: Override, version: ProgrammeVersion) -> str:
    title = title_in(version, act.stage)
    if act.kind == OverrideKind.HOLD_UNTIL:
        return _("You were asked to stay on your step until {date}.").format(
            date=date_format(act.until, "l j F")
        )
    if act.kind == OverrideKind.SET_STAGE:
        return _("You were put on the step “{title}”.").format(title=title)
    if act.kind == OverrideKind.SIGN_OFF:
        return _("It was confirmed that you may leave the step “{title}”.").format(title=title)
    if act.kind == OverrideKind.MOVE_VERSION:
        programme = said(version.document["title"])
        words = _("You were moved to the programme “{programme}”, step “{title}”.")
        return words.format(programme=programme, title=title)
    return _("Your pause was ended.")
