"""A form that was open while its day changed: what it did not show, it takes back from nobody.

Pain on waking comes by a link of a mail, or from another page, while the
check-in stands open with that score blank. A blank there is no answer, and
what she left as it was shown to her is none either.
"""

import datetime
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from programs.engine.daily import furthest
from programs.engine.entry import SCORE_FIELDS
from programs.engine.values import DONE_SOMETHING, Leg, Site, Warmup
from programs.models import DiaryEntry, EntryRevision
from programs.services.late_answers import ChangedSince

#: Field of the diary -> what a form says there that was not answered.
BLANK = dict.fromkeys((*SCORE_FIELDS, "run_minutes", "session")) | {"warmup": Warmup.NONE, "limp": False}
_OF_A_SESSION = ("during", "after", "run_minutes", "warmup", "limp")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to be written; what it keeps of the entry, and old values that the form does replace."""

    columns: dict
    kept: tuple[str, ...] = ()
    replaced: tuple[tuple[str, object], ...] = ()


def mark_of(entry: DiaryEntry | None) -> str:
    """What a form carries to say of which state of the day it was made; empty where there was no entry."""
    return entry.recorded_at.isoformat() if entry else ""


def beside(stored: DiaryEntry | None, columns: dict, seen: str | None) -> Beside:
    """The answers of a form beside what was stored since it was opened; None as its mark: it is no form.

    Raises ChangedSince where the two do not go together: the runner chooses.
    """
    if stored is None or seen is None or seen == mark_of(stored):
        return Beside(columns)
    shown = _shown(stored, seen)
    keeps = [name for name, blank in BLANK.items() if columns[name] in (blank, shown[name])]
    kept = {name: getattr(stored, name) for name in keeps} | _places(stored, columns, shown)
    merged = columns | kept
    if merged["session"] not in DONE_SOMETHING and any(merged[name] != BLANK[name] for name in _OF_A_SESSION):
        raise ChangedSince(_("Other answers are stored for this day. Choose which are right."))
    replaced = [name for name in BLANK if getattr(stored, name) not in (BLANK[name], merged[name])]
    return Beside(
        merged,
        kept=tuple(name for name in kept if name != "leg" and merged[name] != columns[name]),
        replaced=tuple((name, getattr(stored, name)) for name in replaced),
    )


def _shown(stored: DiaryEntry, seen: str) -> dict:
    """The values that the form was filled with: those that the first change since then has replaced."""
    nothing = BLANK | {"sites": []}
    try:
        at = parse_datetime(seen) if seen else None
    except ValueError:
        at = None
    if not isinstance(at, datetime.datetime) or at.tzinfo is None:
        return nothing
    first = (
        EntryRevision.objects.filter(entry=stored, replaced_at__gt=at).order_by("replaced_at", "pk").first()
    )
    return nothing | first.values if first else nothing


def _places(stored: DiaryEntry, columns: dict, shown: dict) -> dict:
    """Every place of the two, or those stored where she changed none; how far the leg hurts follows."""
    hurt = stored.sites or ([stored.leg] if stored.leg != Leg.NONE else [])
    if not columns["sites"] or columns["sites"] == shown["sites"]:
        return {"sites": stored.sites, "leg": stored.leg}
    sites = sorted({*columns["sites"], *hurt})
    return {"sites": sites, "leg": furthest(Site(site) for site in sites).value}
