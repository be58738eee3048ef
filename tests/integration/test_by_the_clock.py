"""When each mail of the clock is owed, and when it is wanted no more: one condition at a time."""

import datetime
import zoneinfo

import pytest

from accounts.models import Role, User
from accounts.services import grant_consent, revoke_consent
from programs.engine.calendar import instant_of
from programs.mailing import reasons
from programs.models import DiaryEntry, Enrolment, EnrolmentStatus, MailChoice, MessageKind, MessageOwed
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.mail_choices import choose
from programs.services.wanted import why_unwanted
from tests.builders import an_enrolment, an_entry
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

LONDON = zoneinfo.ZoneInfo("Europe/London")
THURSDAY, MONDAY = datetime.date(2026, 11, 12), datetime.date(2026, 11, 16)
ONE_DAY = datetime.timedelta(days=1)
TUESDAY, SATURDAY = MONDAY + ONE_DAY, MONDAY + 5 * ONE_DAY
EIGHT, MORNING, EVENING, NIGHT = (
    datetime.time(7, 30),
    datetime.time(9),
    datetime.time(18),
    datetime.time(20, 30),
)
#: Kind -> at what time on Tuesday (the summary: on Monday) it is due.
OF_RUNNERS = {
    MessageKind.REMINDER: (TUESDAY, EVENING),
    MessageKind.NUDGE: (TUESDAY, NIGHT),
    MessageKind.MORNING_AFTER: (TUESDAY, datetime.time(8)),
    MessageKind.WEEKLY: (MONDAY, MORNING),
}
OWED = ""
NOTHING = None


def at(date: datetime.date, wall: datetime.time) -> datetime.datetime:
    return instant_of(date, wall, LONDON)


class Scene:
    """A runner since Thursday who ran on Monday, wants every mail, and logged nothing since."""

    def __init__(self, kind: str):
        self.kind = kind
        self.date, self.wall = OF_RUNNERS.get(kind, (TUESDAY, EIGHT))
        self.runner = a_runner(time_zone="Europe/London")
        self.enrolment = an_enrolment(self.runner, now=at(THURSDAY, MORNING), reminder_time=EVENING)
        choose(person=self.runner, kind=MessageKind.NUDGE, is_on=True, now=at(THURSDAY, MORNING))
        last = self.date - ONE_DAY
        an_entry(self.enrolment, last, now=at(last, EVENING), rest=1, session="done", during=1, after=1)

    def sweep(self) -> None:
        owe_by_the_clock(now=self.now)

    @property
    def now(self) -> datetime.datetime:
        return at(self.date, self.wall)

    @property
    def person(self) -> User:
        return self.runner

    def mail(self) -> MessageOwed | None:
        rows = MessageOwed.objects.filter(kind=self.kind, local_date=self.date)
        return rows.select_related("recipient", "enrolment__runner").first()

    # --- conditions ---
    def nothing(self): ...

    def logged(self):
        DiaryEntry.objects.update_or_create(
            enrolment=self.enrolment,
            date=self.date,
            defaults={"rest": 1, "recorded_at": self.now, "recorded_by": self.runner, "stage_shown": "x"},
        )

    def woken(self):
        DiaryEntry.objects.update_or_create(
            enrolment=self.enrolment,
            date=self.date,
            defaults={"morning": 1, "recorded_at": self.now, "recorded_by": self.runner, "stage_shown": "x"},
        )

    def did_not_run(self):
        DiaryEntry.objects.update(session="none", during=None, after=None)

    def paused(self):
        Enrolment.objects.update(refer="urgent", paused_at=self.now)

    def off(self):
        choose(person=self.person, kind=self.kind, is_on=False, now=self.now - ONE_DAY / 24)

    def ended(self):
        Enrolment.objects.update(status=EnrolmentStatus.COMPLETED)

    def closed(self):
        User.objects.filter(pk=self.person.pk).update(is_active=False)

    def bounces(self):
        User.objects.filter(pk=self.person.pk).update(bounced_at=self.now, bounce="550")

    def another_runner_logged(self):
        other = an_enrolment(now=at(THURSDAY, MORNING))
        an_entry(other, self.date, now=self.now, morning=1, rest=1)


class Morning(Scene):
    """The same, with a physiotherapist whom she let in."""

    def __init__(self, kind: str):
        self.hers = a_clinician(time_zone="Europe/London")
        super().__init__(kind)
        grant_consent(runner=self.runner, clinician=self.hers, now=at(THURSDAY, MORNING))
        owe_by_the_clock(now=at(THURSDAY, EVENING))

    @property
    def person(self) -> User:
        return self.hers

    def not_let_in(self):
        revoke_consent(runner=self.runner, clinician=self.hers, now=self.now - ONE_DAY / 24)

    def no_clinician(self):
        User.objects.filter(pk=self.hers.pk).update(role=Role.MANAGER)


ASKS_FOR_THE_DAY = [MessageKind.REMINDER, MessageKind.NUDGE]
EVERY = list(OF_RUNNERS)
#: Condition, of which kinds, what is owed where it comes before, why it is unwanted where it comes after.
TABLE = [
    (Scene.nothing, EVERY, OWED, OWED),
    (Scene.another_runner_logged, EVERY, OWED, OWED),
    (Scene.logged, ASKS_FOR_THE_DAY, reasons.LOGGED, reasons.LOGGED),
    (Scene.woken, ASKS_FOR_THE_DAY, OWED, OWED),
    (Scene.woken, [MessageKind.MORNING_AFTER], reasons.ANSWERED, reasons.ANSWERED),
    (Scene.logged, [MessageKind.MORNING_AFTER, MessageKind.WEEKLY], OWED, OWED),
    (Scene.did_not_run, [MessageKind.MORNING_AFTER], NOTHING, OWED),
    (Scene.did_not_run, [MessageKind.REMINDER], OWED, OWED),
    (Scene.paused, EVERY, reasons.PAUSED, reasons.PAUSED),
    (Scene.off, EVERY, NOTHING, reasons.TURNED_OFF),
    (Scene.ended, EVERY, NOTHING, reasons.ENDED),
    (Scene.closed, EVERY, NOTHING, reasons.CLOSED),
    (Scene.bounces, EVERY, reasons.BOUNCES, reasons.BOUNCES),
]
LISTS = [MessageKind.DIGEST, MessageKind.REVIEWS]
MORNINGS = [
    (Morning.nothing, OWED, OWED),
    (Morning.not_let_in, NOTHING, reasons.NO_RUNNERS),
    (Morning.off, NOTHING, reasons.TURNED_OFF),
    (Morning.closed, NOTHING, reasons.CLOSED),
    (Morning.bounces, reasons.BOUNCES, reasons.BOUNCES),
    (Morning.no_clinician, NOTHING, reasons.NO_CLINICIAN),
    (Morning.paused, OWED, OWED),
    (Morning.ended, OWED, OWED),
]
CASES = [
    pytest.param(Scene, kind, condition, *outcomes, id=f"{kind}-{condition.__name__}")
    for condition, kinds, *outcomes in TABLE
    for kind in kinds
] + [
    pytest.param(Morning, kind, condition, *outcomes, id=f"{kind}-{condition.__name__}")
    for condition, *outcomes in MORNINGS
    for kind in LISTS
]


@pytest.mark.parametrize(("stage", "kind", "condition", "owing", "later"), CASES)
def test_a_condition_that_holds_when_the_clock_strikes(stage, kind, condition, owing, later):
    scene = stage(kind)
    condition(scene)
    scene.sweep()
    mail = scene.mail()
    assert (mail.outcome if mail else NOTHING) == owing
    assert mail is None or mail.status == ("skipped" if owing else "owed")


@pytest.mark.parametrize(("stage", "kind", "condition", "owing", "later"), CASES)
def test_a_condition_that_comes_before_the_mail_goes_out(stage, kind, condition, owing, later):
    scene = stage(kind)
    scene.sweep()
    assert scene.mail().status == "owed"
    condition(scene)
    assert why_unwanted(scene.mail(), scene.now) == later


# --- which days, at which time ------------------------------------------------------------
def test_what_nobody_asked_for_is_off():
    scene = Scene(MessageKind.NUDGE)
    MailChoice.objects.filter(kind=MessageKind.NUDGE).delete()
    scene.sweep()
    assert scene.mail() is None


def test_the_first_monday_has_no_week_to_tell_of():
    enrolment = an_enrolment(now=at(MONDAY, EIGHT), reminder_time=EVENING)
    owe_by_the_clock(now=at(MONDAY, NIGHT))
    assert not MessageOwed.objects.filter(kind=MessageKind.WEEKLY).exists()
    owe_by_the_clock(now=at(MONDAY + 7 * ONE_DAY, EVENING))
    weekly = MessageOwed.objects.get(kind=MessageKind.WEEKLY)
    assert (weekly.enrolment, weekly.local_date) == (enrolment, MONDAY + 7 * ONE_DAY)


def test_nobody_who_works_on_weekdays_has_a_digest_at_the_weekend():
    Morning(MessageKind.DIGEST)
    for day in range(7):
        owe_by_the_clock(now=at(MONDAY + day * ONE_DAY, EVENING))
    digests = MessageOwed.objects.filter(kind=MessageKind.DIGEST, local_date__gte=MONDAY)
    assert [row.local_date.isoweekday() for row in digests.order_by("local_date")] == [1, 2, 3, 4, 5]


def test_the_mails_of_the_morning_come_into_being_once_and_leave_what_she_chose():
    hers = a_clinician(time_zone="Europe/London")
    choose(person=hers, kind=MessageKind.DIGEST, is_on=False, now=at(MONDAY, EIGHT))
    for _ in range(2):
        owe_by_the_clock(now=at(MONDAY, MORNING))
    rows = {row.kind: (row.is_on, row.next_at) for row in MailChoice.objects.filter(person=hers)}
    assert rows == {"digest": (False, None), "reviews": (True, at(TUESDAY, EIGHT))}


# --- silence ------------------------------------------------------------------------------
def days_of(first: int, last: int) -> list[tuple[str, int]]:
    """Kinds by the number of the day since she logged last, with the sweep of every evening."""
    runner = a_runner(time_zone="Europe/London")
    enrolment = an_enrolment(runner, now=at(MONDAY - ONE_DAY, MORNING), reminder_time=EVENING)
    choose(person=runner, kind=MessageKind.NUDGE, is_on=True, now=at(MONDAY - ONE_DAY, MORNING))
    an_entry(enrolment, MONDAY, now=at(MONDAY, MORNING), rest=1)
    for day in range(first, last + 1):
        owe_by_the_clock(now=at(MONDAY + day * ONE_DAY, NIGHT))
    rows = MessageOwed.objects.filter(local_date__gt=MONDAY).order_by("local_date", "kind")
    return [(row.kind, (row.local_date - MONDAY).days) for row in rows]


def test_after_seven_silent_dates_one_question_and_then_nothing():
    seen = days_of(1, 20)
    assert [day for kind, day in seen if kind == "reminder"] == [1, 2, 3, 4, 5, 6, 7]
    assert [day for kind, day in seen if kind == "nudge"] == [1, 2, 3, 4, 5, 6, 7]
    assert [day for kind, day in seen if kind == "silent"] == [8]
    assert [day for kind, day in seen if kind == "weekly"] == [7]


def test_whoever_logs_again_is_reminded_again_and_asked_again_after_another_silence():
    days_of(1, 12)
    enrolment = Enrolment.objects.get()
    back = MONDAY + 13 * ONE_DAY
    DiaryEntry.objects.create(
        enrolment=enrolment,
        date=back,
        rest=1,
        recorded_at=at(back, MORNING),
        recorded_by=enrolment.runner,
        stage_shown="x",
    )
    for day in range(14, 26):
        owe_by_the_clock(now=at(MONDAY + day * ONE_DAY, EVENING))
    late = MessageOwed.objects.filter(local_date__gt=back)
    days = {
        kind: [(row.local_date - back).days for row in late.filter(kind=kind).order_by("local_date")]
        for kind in ("reminder", "silent")
    }
    assert days == {"reminder": [1, 2, 3, 4, 5, 6, 7], "silent": [8]}


def test_a_question_that_never_left_is_asked_on_the_next_day():
    days_of(1, 8)
    MessageOwed.objects.filter(kind="silent").update(
        status="skipped", outcome="its day was over", settled_at=at(MONDAY, NIGHT)
    )
    owe_by_the_clock(now=at(MONDAY + 9 * ONE_DAY, NIGHT))
    assert MessageOwed.objects.filter(kind="silent", status="owed").count() == 1


def test_whoever_does_not_want_to_be_asked_is_reminded_on():
    runner = a_runner(time_zone="Europe/London")
    an_enrolment(runner, now=at(MONDAY, MORNING), reminder_time=EVENING)
    choose(person=runner, kind=MessageKind.SILENT, is_on=False, now=at(MONDAY, MORNING))
    for day in range(12):
        owe_by_the_clock(now=at(MONDAY + day * ONE_DAY, NIGHT))
    assert MessageOwed.objects.filter(kind="reminder", status="owed").count() == 12


def test_choosing_the_reminder_again_is_a_word_from_her():
    days_of(1, 12)
    runner = Enrolment.objects.get().runner
    choose(person=runner, kind=MessageKind.REMINDER, is_on=True, now=at(MONDAY + 13 * ONE_DAY, MORNING))
    owe_by_the_clock(now=at(MONDAY + 13 * ONE_DAY, NIGHT))
    dates = MessageOwed.objects.filter(local_date=MONDAY + 13 * ONE_DAY)
    assert [row.kind for row in dates] == ["reminder"]
