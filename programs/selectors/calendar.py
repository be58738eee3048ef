"""The planned sessions of a runner as her calendar shows them: what was asked for, and the coming days."""

import datetime

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext

from programs.access import own_enrolment
from programs.calendar_file import Entry, Sheet
from programs.engine.document_stages import total_seconds
from programs.models import (
    Adjustment,
    CalendarFeed,
    Decision,
    DiaryEntry,
    Enrolment,
    Override,
    PainNote,
    PlannedSession,
)
from programs.said import said
from programs.selectors.reading import Reading, read
from programs.selectors.week import week_of

#: Of what was planned before, so that a calendar does not forget last week.
DAYS_BACK = 28
#: A set of exercises, which has no intervals to count.
MINUTES_OF_A_SET = 20
MINUTE = datetime.timedelta(minutes=1)


def feed_in_force(runner) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(runner=runner, ended_at__isnull=True).first()


def calendar_sheet(*, feed: CalendarFeed, now: datetime.datetime) -> Sheet:
    """Past sessions as they were planned, and those of the coming days as it looks now.

    Nothing of the coming days while the programme is paused or where there is none.
    """
    enrolment = own_enrolment(feed.runner)
    entries = _entries(feed, enrolment, now) if enrolment else ()
    return Sheet(
        name=gettext("Planned sessions"),
        link=settings.SITE_URL + reverse("today"),
        zone=feed.runner.zone,
        wall=feed.wall,
        entries=entries,
    )


def _entries(feed: CalendarFeed, enrolment: Enrolment, now: datetime.datetime) -> tuple[Entry, ...]:
    reading = read(enrolment, now)
    changed_at = _changed_at(feed, enrolment)
    stages = _stages_of_past(enrolment, reading.today)
    days = () if enrolment.is_paused else week_of(reading).days
    titles = {date: _title_of_stage(enrolment, stage) for date, stage in stages.items()}
    titles |= {day.date: day.title for day in days if day.has_session}
    minutes = _minutes(reading)
    return tuple(
        Entry(
            uid=f"{enrolment.public_id}-{date:%Y%m%d}@{settings.SITE_DOMAIN}",
            date=date,
            title=titles[date] if feed.says_what and titles[date] else gettext("Planned session"),
            words=_words(),
            minutes=minutes,
            # It only grows, moves with every change of the plan, and outlives an address.
            sequence=max(0, (changed_at - enrolment.created_at) // MINUTE),
            changed_at=changed_at.replace(microsecond=0),
        )
        for date in sorted(titles)
    )


def _words() -> str:
    return gettext(
        "As it looked when this calendar was fetched. Open Today before you go: your plan follows your step "
        "and your scores, and nothing here asks for more than that page."
    )


def _stages_of_past(enrolment: Enrolment, today: datetime.date) -> dict[datetime.date, str]:
    first = today - datetime.timedelta(days=DAYS_BACK)
    planned = PlannedSession.objects.filter(enrolment=enrolment, date__gte=first, date__lt=today)
    return dict(planned.values_list("date", "stage"))


def _title_of_stage(enrolment: Enrolment, stage: str) -> str:
    document = enrolment.version.stage_documents.get(stage)
    return said(document["title"]) if document else ""


def _minutes(reading: Reading) -> int:
    """How long the session of her stage takes, to the next five minutes."""
    key = reading.snapshot.programme.stages[reading.plan().stage].key
    sessions = reading.enrolment.version.stage_documents[key]["sessions"]
    outings = [session["run_walk"] for session in sessions if session["counts"] and "run_walk" in session]
    return -(-total_seconds(outings[0]) // 300) * 5 if outings else MINUTES_OF_A_SET


def _changed_at(feed: CalendarFeed, enrolment: Enrolment) -> datetime.datetime:
    """When anything that the plan rests on was last written: never earlier than before."""
    newest = [
        Decision.objects.filter(enrolment=enrolment).aggregate(at=Max("decided_at"))["at"],
        Override.objects.filter(enrolment=enrolment).aggregate(at=Max("made_at"))["at"],
        Adjustment.objects.filter(enrolment=enrolment).aggregate(at=Max("made_at"))["at"],
        DiaryEntry.objects.filter(enrolment=enrolment).aggregate(at=Max("recorded_at"))["at"],
        PainNote.objects.filter(entry__enrolment=enrolment).aggregate(at=Max("recorded_at"))["at"],
    ]
    return max([feed.plan_changed_at, enrolment.created_at, *(at for at in newest if at)])
