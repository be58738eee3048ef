"""The report of progress on one page: for the physiotherapist, and for the runner to take along."""

import datetime
from collections.abc import Iterable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from programs.engine.calendar import local_date
from programs.models import Enrolment
from programs.papers.report import Report, Stage
from programs.presentation import REFERS
from programs.said import said
from programs.selectors.day_words import full_day
from programs.selectors.progress_rows import ProgressRows, whole_rows
from programs.selectors.report_acts import act_rows
from programs.selectors.report_chart import chart_of
from programs.selectors.report_decisions import decision_rows
from programs.selectors.report_measures import measured
from programs.selectors.report_plan import plan_lines
from programs.selectors.report_stays import Stay, planned_dates, sessions_in, stays_of, when

#: What ?days= may say; all else is the whole programme.
PERIODS = (28, 90)
MOST_STAGES, MOST_DECISIONS, MOST_ACTS = 8, 6, 6


def report_of(*, enrolment: Enrolment, by: User, now: datetime.datetime, days: int | None = None) -> Report:
    """Of the last ``days`` local dates, or of the whole programme. At most 17 queries, whatever it holds.

    ``enrolment`` comes with runner and version. Private notes and messages are no part of it.
    """
    rows = whole_rows(enrolment, _last_date(enrolment, now), days)
    editions, on_record = rows.editions, planned_dates(rows)
    stays = [stay for stay in stays_of(rows, editions) if stay.last >= rows.first]
    decisions, acts = decision_rows(rows, editions), act_rows(rows, editions)
    return Report(
        facts=tuple(_facts(rows, stays, on_record, now)),
        written=_written(rows, by, now),
        chart=chart_of(rows, stays),
        stages=tuple(_stage(stay, rows, on_record) for stay in stays[: -MOST_STAGES - 1 : -1]),
        measures=measured(enrolment, rows.today),
        decisions=decisions[:MOST_DECISIONS],
        acts=acts[:MOST_ACTS],
        plan=plan_lines(enrolment),
        cut=tuple(_cut(len(stays), len(decisions), len(acts))),
        language=get_language() or "en-gb",
    )


def _last_date(enrolment: Enrolment, now: datetime.datetime) -> datetime.date:
    """Today; of a programme that has ended, its last day that was decided."""
    today = local_date(now, enrolment.runner.zone)
    return today if enrolment.is_active else max(enrolment.decided_through, enrolment.started_on)


def _written(rows: ProgressRows, by: User, now: datetime.datetime) -> str:
    given = {
        "date": full_day(local_date(now, by.zone)),
        "first": full_day(rows.first),
        "last": full_day(rows.today),
        "name": str(by),
    }
    if by.pk == rows.enrolment.runner_id:
        return _("Taken by the runner on %(date)s, for the time from %(first)s to %(last)s.") % given
    return _("Taken by %(name)s on %(date)s, for the time from %(first)s to %(last)s.") % given


def _facts(
    rows: ProgressRows, stays: list[Stay], on_record: set[datetime.date], now: datetime.datetime
) -> Iterable[tuple[str, str]]:
    enrolment, version = rows.enrolment, rows.enrolment.version
    edition = {"title": said(version.document["title"]), "number": version.number}
    day = (rows.today - enrolment.started_on).days + 1
    began = {"date": full_day(enrolment.started_on), "day": day}
    done, planned = sessions_in(rows, rows.dates, on_record)
    entries = sum(date in rows.said for date in rows.dates)
    yield _("Runner"), str(enrolment.runner)
    yield _("E-mail"), enrolment.runner.email
    yield _("Programme"), _("%(title)s, version %(number)d") % edition
    yield _("Began"), _("%(date)s; this is day %(day)d") % began
    if stays:
        step = {"number": stays[-1].number, "count": len(version.stage_documents), "title": stays[-1].title}
        yield _("Step"), _("%(number)d of %(count)d: %(title)s") % step
    yield _("State"), _state(enrolment)
    yield _("Sessions"), _("%(done)d of %(planned)d planned") % {"done": done, "planned": planned}
    yield _("Entries"), _("on %(count)d of %(days)d days") % {"count": entries, "days": len(rows.dates)}


def _state(enrolment: Enrolment) -> str:
    if not enrolment.is_active:
        return _("The programme has ended.")
    if enrolment.is_paused:
        since = full_day(local_date(enrolment.paused_at, enrolment.runner.zone))
        given = {"date": since, "level": REFERS[enrolment.refer].label}
        return _("Paused since %(date)s (%(level)s)") % given
    if enrolment.hold_until and enrolment.hold_until > enrolment.decided_through:
        return _("Held by a physiotherapist until %(date)s") % {"date": full_day(enrolment.hold_until)}
    return _("Going on")


def _stage(stay: Stay, rows: ProgressRows, on_record: set[datetime.date]) -> Stage:
    """Sessions are those of the time that is reported."""
    inside = [date for date in rows.dates if stay.first <= date <= stay.last]
    done, planned = sessions_in(rows, inside, on_record)
    title = f"{stay.number} {stay.title}" if stay.number else stay.title
    return Stage(title, when(stay.first, rows), str(stay.days), f"{done}/{planned}")


def _cut(stays: int, decisions: int, acts: int) -> Iterable[str]:
    """What had no room, so that nobody takes the page for all of it."""
    left = (
        (stays - MOST_STAGES, lambda n: ngettext("%(count)d older step", "%(count)d older steps", n)),
        (
            decisions - MOST_DECISIONS,
            lambda n: ngettext("%(count)d older decision", "%(count)d older decisions", n),
        ),
        (acts - MOST_ACTS, lambda n: ngettext("%(count)d older act", "%(count)d older acts", n)),
    )
    words = [name(count) % {"count": count} for count, name in left if count > 0]
    if words:
        yield _("Left out for want of room: %(what)s.") % {"what": ", ".join(words)}
