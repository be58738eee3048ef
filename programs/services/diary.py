"""The diary: one entry per enrolment and local date; red flags act at once."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.time_zones import zone_or_utc
from programs.clinic_defaults import clinic_defaults_of, close_hour
from programs.engine.calendar import instant_of, local_date
from programs.engine.daily import furthest
from programs.engine.values import DONE_SOMETHING, Leg, Site, Warmup
from programs.models import Decision, DiaryEntry, Enrolment, EntryRevision
from programs.models.enrolment import CORRECTION_DAYS
from programs.services.corrections import redecide
from programs.services.diary_rows import advance_into, decision_on, entry_on, locked
from programs.services.errors import Refused
from programs.services.late_answers import check_late
from programs.services.open_forms import beside
from programs.services.red_flags import pause_at_once
from programs.services.sound import check_sound

#: A close within that time after its hour came while the runner slept.
ON_TIME = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class EntryValues:
    """What a check-in says; None is not recorded, and never zero.

    ``leg`` follows from the sites and need not be given with them.
    """

    morning: int | None = None
    rest: int | None = None
    session: str | None = None
    during: int | None = None
    after: int | None = None
    warmup: str = Warmup.NONE.value
    limp: bool = False
    leg: str = Leg.NONE.value
    red_flags: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    run_minutes: int | None = None

    def columns(self) -> dict:
        """Raises Refused where the leg is another than that of the sites."""
        many = {"red_flags": sorted(set(self.red_flags)), "sites": sorted(set(self.sites))}
        return asdict(self) | many | {"leg": _leg_of(self)}


def _leg_of(values: EntryValues) -> str:
    if not values.sites:
        return values.leg
    try:
        leg = furthest(Site(site) for site in values.sites).value
    except ValueError:
        raise Refused(_("Choose places from the list."), "sites") from None
    if values.leg not in (Leg.NONE, leg):
        raise Refused(_("Two answers about leg pain do not fit. Tick every place that hurt."), "sites")
    return leg


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a check-in: the entry, a pause that began, decisions that changed.

    ``kept`` and ``replaced``: what was stored while its form stood open, and stays or is another now.
    """

    entry: DiaryEntry
    pause: Decision | None = None
    changed: tuple[Decision, ...] = ()
    is_correction: bool = False
    kept: tuple[str, ...] = ()
    replaced: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry that was written, and the red flags that are new in it."""

    entry: DiaryEntry
    is_changed: bool
    new_flags: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    replaced: tuple[tuple[str, object], ...] = ()


@transaction.atomic
def record_entry(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    date: datetime.date,
    values: EntryValues,
    made_at: datetime.datetime | None = None,
    seen: str | None = None,
) -> Recorded:
    """Write or change the entry of a local date. A repeat of the same form is one entry.

    An open day may be changed freely; one of the last seven closed days is
    corrected and decided again. A red flag pauses at once, in this
    transaction and without the queue. ``made_at`` is when the answers were
    given, where that was earlier: they overwrite nothing that was said since,
    and no answer with silence (ChangedSince). ``seen`` is the mark of the entry
    that a form showed: it takes back nothing that came since. Raises Refused.
    """
    enrolment = locked(enrolment)
    check_allowed(enrolment, by, now, date)
    written = _write_entry(enrolment, by, now, date, values, made_at, seen)
    aside = {"kept": written.kept, "replaced": written.replaced}
    if date <= enrolment.decided_through:
        # First the pause, dated today: what is answered now counts now, also
        # where the corrected day lies before a pause that was cleared since.
        pause = _report_today(enrolment, by, now, written.new_flags) if written.new_flags else None
        changed = redecide(enrolment=enrolment, since=date, by=by, now=now) if written.is_changed else ()
        return Recorded(written.entry, pause=pause, changed=tuple(changed), is_correction=True, **aside)
    pause = pause_at_once(enrolment, date, now) if written.entry.red_flags else None
    return Recorded(written.entry, pause=pause, **aside)


@transaction.atomic
def report_red_flags(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, codes: tuple[str, ...]
) -> Recorded:
    """ "Something is wrong": add red flags to today's entry, whatever else it holds."""
    if not codes:
        raise Refused(_("Choose what is wrong, or go back."), "red_flags")
    enrolment = locked(enrolment)
    _check_author(enrolment, by)
    pause = _report_today(enrolment, by, now, codes)
    return Recorded(_todays_entry(enrolment, now), pause=pause)


def _report_today(
    enrolment: Enrolment, by: User, now: datetime.datetime, codes: Iterable[str]
) -> Decision | None:
    """Add red flags to today's entry and pause; no rule about dates stands in their way."""
    date = _red_flag_date(enrolment, now)
    stored = _todays_entry(enrolment, now)
    if stored:
        _add_flags(stored, by, now, codes)
    else:
        _write_entry(enrolment, by, now, date, EntryValues(red_flags=tuple(codes)))
    return pause_at_once(enrolment, date, now)


def _add_flags(stored: DiaryEntry, by: User, now: datetime.datetime, codes: Iterable[str]) -> None:
    """Only the flags, unchecked beside the rest: nothing odd that the day holds may keep an emergency out."""
    flags = sorted({*stored.red_flags, *codes})
    if flags == stored.red_flags:
        return
    _keep_revision(stored, {name: getattr(stored, name) for name in EntryValues.__slots__}, by, now)
    stored.red_flags, stored.recorded_at, stored.recorded_by = flags, now, by
    stored.save(update_fields=["red_flags", "recorded_at", "recorded_by"])


def _keep_revision(entry: DiaryEntry, old: dict, by: User, now: datetime.datetime) -> None:
    after_close = entry.date <= entry.enrolment.decided_through
    EntryRevision.objects.create(
        entry=entry, values=old, replaced_at=now, replaced_by=by, after_close=after_close
    )


def _red_flag_date(enrolment: Enrolment, now: datetime.datetime) -> datetime.date:
    """Today; the first day of the programme where travel has put the calendar back."""
    return max(local_date(now, enrolment.runner.zone), enrolment.started_on)


def _todays_entry(enrolment: Enrolment, now: datetime.datetime) -> DiaryEntry | None:
    return entry_on(enrolment, _red_flag_date(enrolment, now))


def _check_author(enrolment: Enrolment, by: User) -> None:
    if by.pk != enrolment.runner_id:
        raise Refused(_("Only the runner writes her own diary."))
    if not enrolment.is_active:
        raise Refused(_("This programme has ended; its diary is read-only."))


def check_allowed(enrolment: Enrolment, by: User, now: datetime.datetime, date: datetime.date) -> None:
    """Raises Refused where this person may not write about that date."""
    _check_author(enrolment, by)
    today = local_date(now, enrolment.runner.zone)
    if date > today:
        raise Refused(
            _("{date} has not come yet. Choose today or an earlier day.").format(
                date=date_format(date, "d F Y")
            ),
            "date",
        )
    if date < enrolment.started_on:
        raise Refused(
            _("Your programme began on {date}.").format(date=date_format(enrolment.started_on, "d F Y")),
            "date",
        )
    if date < enrolment.oldest_correctable:
        raise Refused(
            _("Only the last {correction_days} closed days can be corrected. This one is read-only.").format(
                correction_days=CORRECTION_DAYS
            ),
            "date",
        )


def _write_entry(
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    date: datetime.date,
    values: EntryValues,
    made_at: datetime.datetime | None = None,
    seen: str | None = None,
) -> _Written:
    """Write the entry; old values become a revision."""
    stored = entry_on(enrolment, date)
    shown = stage_shown_on(enrolment, date)
    entry = stored or DiaryEntry(enrolment=enrolment, date=date, stage_shown=shown)
    # A red flag that was answered stays answered: a form that asks fewer
    # questions, or a slip of the thumb, must not lose it. A clinician clears.
    columns = values.columns() | {"red_flags": sorted({*values.red_flags, *entry.red_flags})}
    # Answers that waited on a phone are asked about instead.
    both = beside(stored, columns, seen if made_at is None else None)
    columns = both.columns
    old = {name: getattr(entry, name) for name in columns}
    if stored and old == columns:
        return _Written(stored, is_changed=False, kept=both.kept)
    check_late(stored, columns, made_at, now)
    if stored and stored.session not in DONE_SOMETHING and columns["session"] in DONE_SOMETHING:
        # The session is done under the stage that is on the page now.
        entry.stage_shown = shown
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.recorded_at, entry.recorded_by = now, by
    check_sound(entry)
    entry.save()
    if stored:
        _keep_revision(entry, old, by, now)
    new_flags = tuple(code for code in columns["red_flags"] if code not in old["red_flags"])
    return _Written(entry, True, new_flags, kept=both.kept, replaced=both.replaced)


def stage_shown_on(enrolment: Enrolment, date: datetime.date) -> str:
    """The stage on the runner's page on that date, from the ledger where the day is closed."""
    if date > enrolment.decided_through:
        late = advance_into(enrolment, date)
        return late.stage_before if late and _was_late(late, enrolment) else enrolment.stage
    decision = decision_on(enrolment, date)
    return decision.stage_before if decision else enrolment.stage


def _was_late(advance: Decision, enrolment: Enrolment) -> bool:
    """Written in the course of the day that it takes effect on: her session may have come before it."""
    zone = zone_or_utc(advance.time_zone)
    hour = instant_of(advance.takes_effect_on, datetime.time(close_hour(clinic_defaults_of(enrolment))), zone)
    return advance.decided_at > hour + ON_TIME
