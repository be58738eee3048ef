"""Answers that waited on a phone: they overwrite nothing that was said since, and no answer with silence."""

import datetime

from django.utils.translation import gettext as _

from programs.engine.entry import SCORE_FIELDS
from programs.engine.values import Leg, Warmup
from programs.models import DiaryEntry
from programs.services.errors import Refused
from programs.snapshots import says_nothing

_NUMBERS = (*SCORE_FIELDS, "run_minutes")


class ChangedSince(Refused):
    """Answers kept on a phone that would undo what the day's entry holds: the runner chooses."""


def check_late(
    stored: DiaryEntry | None, columns: dict, made_at: datetime.datetime | None, now: datetime.datetime
) -> None:
    """Raises ChangedSince where late answers differ from newer ones, or would take an answer back.

    ``columns`` is what would be written. The form that a phone keeps is blank:
    an answer that is missing there was not taken back, it was not shown. An
    instant that has not come yet is that of a clock that is wrong: it tells nothing.
    """
    if stored is None or made_at is None or says_nothing(stored):
        return
    if not stored.recorded_at <= made_at <= now or _takes_back(stored, columns):
        raise ChangedSince(_("Other answers are stored for this day. Choose which are right."))


def _takes_back(stored: DiaryEntry, columns: dict) -> bool:
    """Would something that she said be gone?"""
    return (
        any(getattr(stored, name) is not None and columns[name] is None for name in _NUMBERS)
        or not {*stored.sites}.issubset(columns["sites"])
        or _is_nearer(columns["leg"], stored.leg)
        or (stored.session is not None and columns["session"] != stored.session)
        or (stored.warmup != Warmup.NONE and columns["warmup"] != stored.warmup)
        or (stored.limp and not columns["limp"])
    )


def _is_nearer(sent: str, stored: str) -> bool:
    """Leg pain that ends further up the leg than it did, or is none."""
    further = {Leg.NONE: (), Leg.ABOVE_KNEE: (Leg.NONE,), Leg.BELOW_KNEE: (Leg.NONE, Leg.ABOVE_KNEE)}
    return sent in further[Leg(stored)]
