"""How the caseload reads: few queries whatever is on it, and the same days as the engine reads."""

import datetime
import random
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consent, Membership, User
from accounts.services.clinics import create_clinic, join_clinic
from programs.engine.decide import decide
from programs.engine.entry import Entry
from programs.engine.triage import NeedCode
from programs.models import (
    Adjustment,
    Decision,
    DiaryEntry,
    Enrolment,
    Override,
    PainNote,
    PlannedSession,
    RedFlagCase,
    SharedMessage,
    Snooze,
)
from programs.selectors.case_reading import read_cases
from programs.selectors.case_rows import history_of
from programs.selectors.caseload import caseload_page
from programs.selectors.cases import dates_of
from programs.services.overrides import hold_until
from programs.snapshots import History, histories_of, programmes_of, snapshot_of
from tests.builders import QUIET, an_enrolment, an_entry, live
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
#: Her own settings, covers, the list, unread messages, two of everything else, ended programmes.
QUERIES = 7
#: Those of the selector, and session, person, second factor, the records of the look.
OF_THE_REQUEST = QUERIES + 4
DAY = datetime.timedelta(days=1)


@pytest.fixture
def petra():
    return a_clinician()


def on_her_list(petra, name: str, *days) -> Enrolment:
    runner = a_runner(email=f"{name.split()[0].lower()}@example.org", name=name)
    return live(an_enrolment(runner, clinician=petra, days_ago=len(days)), *days)


def rows_of(petra, now=None):
    page = caseload_page(clinician=petra, now=now or timezone.now())
    return [*page.rows, *page.put_off]


# --- queries ----------------------------------------------------------------------------
def some_of_everything(enrolments: list[Enrolment], petra: User, now: datetime.datetime) -> None:
    """Entries, notes, plans, pauses with owners, snoozes and messages, on some of them each."""
    today = now.date()
    # Their days are closed, so that of some a rule asks for what lies before the window.
    whose = Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments])
    whose.update(decided_through=today - DAY)
    by = {"made_by": petra, "made_at": now - DAY}
    for number, enrolment in enumerate(enrolments):
        at = {"recorded_at": now, "recorded_by": enrolment.runner}
        entry = DiaryEntry.objects.create(
            enrolment=enrolment, date=today - (number % 30) * DAY, rest=1, stage_shown=enrolment.stage, **at
        )
        if number % 3 == 0:
            note = {"noted_at": now, "occasion": "rest", "site": "back", "score": 2, **at}
            PainNote.objects.create(entry=entry, key=uuid.uuid4(), **note)
            SharedMessage.objects.create(
                enrolment=enrolment, words="?", written_at=now, written_by=enrolment.runner
            )
        if number % 4 == 0:
            Snooze.objects.create(enrolment=enrolment, need="silent", until=today + DAY, note="Away", **by)
            PlannedSession.objects.create(enrolment=enrolment, date=today - DAY, stage=enrolment.stage)
        if number % 5 == 0:
            flag = Enrolment.objects.filter(pk=enrolment.pk)
            flag.update(refer="urgent", paused_at=now - DAY)
            RedFlagCase.objects.create(
                enrolment=enrolment, level="urgent", opened_at=now, owner=petra, owned_since=now
            )


def alike(first: Enrolment, count: int, petra: User) -> list[Enrolment]:
    """As many runners more on her list, written at once: services would take a minute."""
    people = [User(email=f"{uuid.uuid4()}@example.org", name="Runner") for _ in range(count)]
    runners = User.objects.bulk_create(people)
    granted = {"clinician": petra, "granted_at": first.created_at}
    Consent.objects.bulk_create([Consent(runner=runner, **granted) for runner in runners])
    names = {field.attname for field in Enrolment._meta.concrete_fields} - {"id", "public_id", "runner_id"}
    same = {name: getattr(first, name) for name in names}
    return Enrolment.objects.bulk_create([Enrolment(runner=runner, **same) for runner in runners])


def test_200_runners_take_as_many_queries_as_20(petra):
    now = timezone.now()

    first = an_enrolment(a_runner(name="Runner 0"), clinician=petra, now=now - 40 * DAY)

    def add(count: int) -> None:
        some_of_everything(alike(first, count, petra), petra, now)

    def queries(ask) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask()
        return len(captured)

    def selector() -> None:
        caseload_page(clinician=petra, now=now)

    browser = signed_in(petra)

    def request() -> None:
        assert browser.get("/caseload/").status_code == 200

    add(20)
    # Once beforehand, because parsed programmes are kept.
    selector()
    few = queries(selector), queries(request)
    add(179)
    # Once beforehand: a look that comes minutes after the last is noted in the session.
    request()
    assert (queries(selector), queries(request)) == few
    assert few == (QUERIES, OF_THE_REQUEST)
    html = browser.get("/caseload/").content.decode()
    assert html.count('class="case ') == 200


# --- the same days as the engine --------------------------------------------------------
def a_random_diary(draw: random.Random, enrolment: Enrolment, today: datetime.date) -> None:
    """Ninety days with gaps, sessions on several stages, notes and plans."""
    stages = (enrolment.stage, "S2_core")
    quiet = draw.choice((0, 0, 12, 30, 60))
    for back in range(90):
        if back < quiet or draw.random() < 0.4:
            continue
        ran = draw.random() < 0.3
        row = DiaryEntry.objects.create(
            enrolment=enrolment,
            date=today - back * DAY,
            morning=draw.choice((None, 0, 2, 5)),
            rest=draw.choice((None, 0, 2, 5)),
            session="done" if ran else draw.choice((None, "none")),
            during=draw.choice((None, 1, 4)) if ran else None,
            after=draw.choice((None, 1, 4)) if ran else None,
            leg=draw.choice(("none", "none", "none", "below_knee")),
            limp=ran and draw.random() < 0.5,
            warmup=draw.choice(("none", "resolved", "persisted")) if ran else "none",
            red_flags=draw.choice(([], [], ["FEVER_UNWELL"])),
            stage_shown=draw.choice(stages),
            recorded_at=timezone.now(),
            recorded_by=enrolment.runner,
        )
        if draw.random() < 0.2:
            at = {"noted_at": timezone.now(), "recorded_at": timezone.now(), "recorded_by": enrolment.runner}
            note = {"occasion": "flare", "site": draw.choice(("back", "below_knee")), "score": 7}
            first = PainNote.objects.create(entry=row, key=uuid.uuid4(), **note, **at)
            if draw.random() < 0.5:
                # Corrected, or taken back.
                note |= {"score": draw.choice((None, 1)), "replaces": first}
                PainNote.objects.create(entry=row, key=uuid.uuid4(), **note, **at)
        if draw.random() < 0.3:
            PlannedSession.objects.create(enrolment=enrolment, date=row.date, stage=enrolment.stage)


def said_of(history: History) -> dict[int, Entry]:
    """The days without what was planned: before the window that is asked of no day."""
    return {day: replace(entry, planned=False) for day, entry in history.entries.items()}


@pytest.mark.parametrize("seed", range(6))
def test_the_list_decides_tonight_as_the_day_close_will(petra, seed):
    draw, now = random.Random(seed), timezone.now()
    enrolments = []
    for number in range(12):
        began = now - 95 * DAY
        runner = a_runner(email=f"r{number}@example.org")
        enrolment = an_enrolment(runner, clinician=petra, now=began, stage="S3_run1_walk4")
        open_date = now.date() - draw.choice((0, 0, 0, 1, 9)) * DAY
        entered = open_date - draw.choice((3, 15, 40, 80)) * DAY
        moved = {"decided_through": open_date - DAY, "stage_entered_on": entered}
        Enrolment.objects.filter(pk=enrolment.pk).update(**moved)
        a_random_diary(draw, enrolment, now.date())
        enrolments.append(Enrolment.objects.select_related("runner").get(pk=enrolment.pk))
    programmes = programmes_of([e.version_id for e in enrolments])
    rows, slow = read_cases(enrolments, dates_of(enrolments, now)), histories_of(enrolments)
    fast = {pk: history_of(of_her.since, dict(of_her.texts)) for pk, of_her in rows.items()}
    for enrolment in enrolments:
        quickly, usually = (said_of(read[enrolment.pk]) for read in (fast, slow))
        shared = quickly.keys() & usually.keys()
        assert shared and all(quickly[day] == usually[day] for day in shared)
        decided = []
        for history in (fast[enrolment.pk], slow[enrolment.pk]):
            programme = programmes[enrolment.version_id]
            outlook = decide(snapshot_of(enrolment, programme, history, enrolment.open_date))
            decided.append((outlook.rule, outlook.reason, outlook.stage_after_key))
        assert decided[0] == decided[1]


def test_what_somebody_wrote_may_hold_any_letter(petra):
    fay = on_her_list(petra, "Fay Fine", QUIET, QUIET)
    today, now = timezone.now().date(), timezone.now()
    words = 'She said "wait"\x1e\x1f\\ – 等等'
    hold = {"kind": "hold_until", "date": today, "until": today, "review_on": today, "reason": words}
    for at in (now, now - DAY):
        Override.objects.create(
            enrolment=fay, made_at=at, made_by=petra, assessed_by=words, assessed_on=today, **hold
        )
    rows = read_cases([fay], dates_of([fay], now))[fay.pk]
    acts = history_of(rows.since, dict(rows.texts)).overrides
    kept = list(Override.objects.order_by("made_at"))
    columns = [field.attname for field in Override._meta.concrete_fields]
    assert [[getattr(act, name) for name in columns] for act in acts] == [
        [getattr(act, name) for name in columns] for act in kept
    ]
    assert [str(act.made_by) for act in acts] == ["Petra Physio"] * 2


# --- what clinics and physiotherapists set ----------------------------------------------
def test_the_clinic_says_from_when_a_runner_is_silent(petra):
    on_her_list(petra, "Sil Silent", QUIET, None, None, None)
    assert rows_of(petra)[0].need.code is NeedCode.SILENT
    clinic = create_clinic(name="Riverside", by=a_manager(), now=timezone.now())
    join_clinic(clinic=clinic, clinician=petra, now=timezone.now())
    clinic.silent_from_days = 5
    clinic.save()
    assert rows_of(petra)[0].need.code is NeedCode.FINE
    Membership.objects.update(left_at=timezone.now(), left_by=petra)
    assert rows_of(petra)[0].need.code is NeedCode.SILENT


def test_a_changed_exercise_is_due_for_review_until_it_is_taken_back(petra):
    fay = on_her_list(petra, "Fay Fine", QUIET, QUIET)
    today, now = timezone.now().date(), timezone.now()
    common = {"enrolment": fay, "exercise": "bird_dog", "date": today - 2 * DAY, "reason": "Sore knee"}
    common |= {"reason_code": "other", "made_by": petra}
    Adjustment.objects.create(kind="leave_out", review_on=today - DAY, made_at=now - 2 * DAY, **common)
    (row,) = rows_of(petra)
    assert (row.need.code, row.need.since_days) == (NeedCode.REVIEW_DUE, 1)
    assert "Petra Physio changed an exercise" in row.words.reason
    hold_until(enrolment=fay, by=petra, now=now, until=today, reason="Settle first")
    assert rows_of(petra)[0].need.since_days == 1
    Adjustment.objects.create(kind="restore", made_at=now, **common)
    assert "The hold by Petra Physio ends today" in rows_of(petra)[0].words.reason


def test_who_waits_for_a_confirmation_stands_there_until_it_is_given(petra):
    fay = on_her_list(petra, "Fay Fine", QUIET, QUIET, QUIET)
    newest = fay.decisions.newest_first().first()
    fields = {f.attname: getattr(newest, f.attname) for f in Decision._meta.concrete_fields if f.name != "id"}
    Decision.objects.create(**fields | {"rule": "D8P_SIGN_OFF", "trigger": "clinician"} | _act(fay, petra))
    (row,) = rows_of(petra)
    assert (row.need.code, row.need.since_days) == (NeedCode.SIGN_OFF, 1)
    assert "moves on once you confirm it" in row.words.reason
    fay.overrides.create(
        kind="sign_off",
        stage=fay.stage,
        date=timezone.now().date(),
        reason="Fine",
        made_at=timezone.now(),
        made_by=petra,
    )
    assert rows_of(petra)[0].need.code is NeedCode.FINE


def _act(enrolment: Enrolment, petra: User) -> dict:
    """A decision of a day close can be written only once a day; this one stands beside it."""
    act = enrolment.overrides.create(
        kind="clear_pause", date=enrolment.decided_through, reason="x", made_at=timezone.now(), made_by=petra
    )
    return {"override_id": act.pk, "decided_by_id": petra.pk, "job": ""}


# --- red flags and messages -------------------------------------------------------------
def test_a_red_flag_says_who_has_seen_it_or_to_whom_it_falls(petra):
    flagged = {"morning": 2, "rest": 2, "red_flags": ("FEVER_UNWELL",)}
    uma = on_her_list(petra, "Uma Urgent", QUIET)
    an_entry(uma, now=timezone.now(), **flagged)
    RedFlagCase.objects.filter(enrolment=uma).update(owner=None, owned_since=None)
    assert [mark.words for mark in rows_of(petra)[0].marks] == ["Not seen yet; falls to nobody so far"]
    RedFlagCase.objects.filter(enrolment=uma).update(owner=petra, owned_since=timezone.now())
    assert [mark.words for mark in rows_of(petra)[0].marks] == ["Not seen yet; falls to Petra Physio"]
    page = reverse("runner", args=[uma.public_id])
    browser = signed_in(petra)
    assert "Not seen yet; falls to you." in browser.get(page).content.decode()
    User.objects.filter(pk=petra.pk).update(time_zone="Asia/Tokyo")
    petra.refresh_from_db()
    paul = a_clinician("paul@example.org", "Paul Physio")
    seen = datetime.datetime(2026, 3, 4, 5, 6, tzinfo=datetime.UTC)
    RedFlagCase.objects.filter(enrolment=uma).update(seen_at=seen, seen_by=paul)
    assert [mark.words for mark in rows_of(petra)[0].marks] == ["Seen by Paul Physio, 4 March, 14:06"]
    html = browser.get(page).content.decode()
    assert "Seen by Paul Physio, 4 March, 14:06." in html and "It falls to Petra Physio now." in html


def test_words_of_people_are_shown_as_text(petra):
    runner = a_runner(email="x@example.org", name='<b>"{name}"</b>')
    sil = live(an_enrolment(runner, clinician=petra, days_ago=4), QUIET, None, None, None)
    note = "<script>{reason}</script>"
    Snooze.objects.create(
        enrolment=sil,
        need="silent",
        until=timezone.now().date() + DAY,
        note=note,
        made_at=timezone.now(),
        made_by=petra,
    )
    html = signed_in(petra).get("/caseload/").content.decode()
    assert "&lt;b&gt;&quot;{name}&quot;&lt;/b&gt;" in html and "<b>" not in html
    assert "&lt;script&gt;{reason}&lt;/script&gt;" in html and "<script>{" not in html
