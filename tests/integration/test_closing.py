"""A batch by plain columns comes to the same rows as each enrolment closed the long way, to the letter."""

import datetime
import random
import uuid

import pytest
from django.db import connection, transaction

from accounts.models import Clinic
from programs.engine.calendar import closing_instant
from programs.engine.values import Occasion, Site
from programs.models import (
    DayChoice,
    Decision,
    DiaryEntry,
    Enrolment,
    MessageOwed,
    Override,
    PainNote,
    PlannedSession,
    RedFlagCase,
)
from programs.services import days
from programs.services.closing.reading import READ_DAYS, windows
from programs.services.closing.windows import window_of
from programs.services.verification import LedgerReport, verify_ledger
from programs.snapshots import entry_of
from tests.integration.story import Story
from tests.support.clinics import a_clinic
from tests.support.people import a_clinician

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL closes by plain columns"),
]

STAGES = ("S0_relative_rest", "S1_walking", "S2_core", "S3_run1_walk4", "S5_run3_walk2", "S8_run20_30")
OPEN = datetime.date(2026, 5, 4)
NOW = datetime.datetime(2026, 5, 5, 13, tzinfo=datetime.UTC)
EARLY = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)


def a_day_before(back: int) -> datetime.date:
    return OPEN - datetime.timedelta(days=back)


def a_life(draw: random.Random, number: int, clinician) -> Story:
    """Somebody anywhere in a programme, with up to 60 days of diary and whatever may stand in it."""
    entered = draw.choice((0, 1, 3, 8, 15, 40))
    story = Story(number, zone=draw.choice(("Europe/London", "Asia/Kathmandu", "Pacific/Honolulu")))
    refer = draw.choice(("none",) * 8 + ("routine", "urgent"))
    Enrolment.objects.filter(pk=story.pk).update(
        stage=draw.choice(STAGES),
        stage_entered_on=a_day_before(entered),
        baseline_morning=draw.choice((None, 1, 2)),
        refer=refer,
        paused_at=None if refer == "none" else EARLY,
        step_backs=[a_day_before(back).isoformat() for back in draw.choice(((), (), (9,), (15, 4)))],
        cooldown_until=draw.choice((None, None, None, OPEN, a_day_before(3))),
        decided_through=a_day_before(1),
        closes_at=closing_instant(OPEN, story.zone, 3),
        run_days=draw.choice(([], [], [1, 3, 6])),
    )
    if draw.random() < 0.4:
        story.seen_by(clinician)
    _write_diary(draw, story, draw.choice((10, 24, 60)))
    _act(draw, story, clinician)
    return story


def _write_diary(draw: random.Random, story: Story, days_back: int) -> None:
    silent = draw.choice((0.05, 0.3, 0.9))
    for back in range(-1, days_back):
        date = a_day_before(back)
        if draw.random() < 0.5:
            PlannedSession.objects.create(enrolment_id=story.pk, date=date, stage="S1_walking")
        if draw.random() < silent:
            continue
        entry = DiaryEntry.objects.create(enrolment_id=story.pk, date=date, **_answers(draw, story))
        if draw.random() < 0.15:
            _write_notes(draw, entry)
    if draw.random() < 0.5:
        DayChoice.objects.create(
            enrolment_id=story.pk, date=a_day_before(-1), wants_session=draw.random() < 0.5, chosen_at=EARLY
        )


def _answers(draw: random.Random, story: Story) -> dict:
    score = (None, 0, 1, 1, 1, 2, 2, 3, 7, 10)
    values = {
        "morning": draw.choice(score),
        "rest": draw.choice(score),
        "session": draw.choice((None, "none", "done", "done", "partial", "stopped_pain", "skipped_pain")),
        "leg": draw.choice(("none",) * 12 + ("above_knee", "below_knee")),
        "sites": draw.choice(([], [], ["back"])),
        "red_flags": draw.choice(([],) * 40 + (["LEG_WEAK_ONE"], ["CE_SADDLE", "FEVER_UNWELL"])),
        "stage_shown": draw.choice(STAGES),
        "recorded_at": EARLY,
        "recorded_by": story.runner,
    }
    if values["session"] in ("done", "partial", "stopped_pain"):
        values |= {"during": draw.choice((None, 0, 1, 2, 3)), "after": draw.choice((None, 0, 1, 2, 6))}
        values |= {"warmup": draw.choice(("none",) * 9 + ("resolved",)), "limp": draw.random() < 0.03}
    return values


def _write_notes(draw: random.Random, entry: DiaryEntry) -> None:
    common = {"entry": entry, "noted_at": EARLY, "recorded_at": EARLY, "recorded_by_id": entry.recorded_by_id}
    first = PainNote.objects.create(
        key=uuid.uuid4(), occasion="rest", site="back", score=draw.choice((1, 2, 8)), **common
    )
    PainNote.objects.create(
        key=uuid.uuid4(), occasion="flare", site=draw.choice(("back", "below_knee")), score=2, **common
    )
    if draw.random() < 0.5:
        again = draw.choice((None, 4))
        PainNote.objects.create(
            key=uuid.uuid4(), occasion="rest", site="back", score=again, replaces=first, **common
        )


def _act(draw: random.Random, story: Story, clinician) -> None:
    stage = Enrolment.objects.get(pk=story.pk).stage
    common = {"enrolment_id": story.pk, "reason": "As we\tsaid: “rest” \\ wait", "made_by": clinician}
    acts = {
        "hold_until": {"date": a_day_before(2), "until": a_day_before(draw.choice((-4, 1)))},
        "sign_off": {"date": a_day_before(0), "stage": stage},
        "set_stage": {"date": a_day_before(draw.choice((0, 4))), "stage": stage},
        "clear_pause": {"date": a_day_before(0)},
        "move_version": {"date": a_day_before(3), "stage": stage, "version_id": story.enrolment.version_id},
    }
    for kind, fields in acts.items():
        if draw.random() < 0.12:
            Override.objects.create(kind=kind, made_at=NOW, **common, **fields)


class _TakenBack(Exception):
    pass


def _told(rows, *without: str) -> list[dict]:
    return [{name: value for name, value in row.items() if name not in without} for row in rows]


def _left_by(close) -> dict[str, list]:
    """What a close leaves in every table that it writes; all is taken back."""
    left = {}
    try:
        with transaction.atomic():
            report = close()
            left["days"] = [(row.enrolment_id, row.date, row.decision, row.rule) for row in report.decisions]
            left["aside"] = sorted(report.set_aside)
            left["decisions"] = _told(Decision.objects.order_by("enrolment").values(), "id")
            left["enrolments"] = _told(Enrolment.objects.order_by("pk").values())
            left["planned"] = _told(PlannedSession.objects.order_by("enrolment", "date").values(), "id")
            owed = MessageOwed.objects.order_by("recipient", "enrolment", "kind")
            left["owed"] = _told(owed.values(), "id", "message_id", "decision_id", "public_id")
            left["cases"] = _told(RedFlagCase.objects.order_by("enrolment").values(), "id", "public_id")
            left["differences"] = [str(one) for one in verify_ledger(LedgerReport())]
            raise _TakenBack
    except _TakenBack:
        return left


@pytest.mark.parametrize(("seed", "lives"), [(7, 60), (20, 25), (301, 25), (4000, 25)])
def test_a_batch_leaves_what_closing_each_the_long_way_leaves(seed, lives):
    draw = random.Random(seed)
    clinician = a_clinician()
    clinic = a_clinic(clinician)
    Clinic.objects.filter(pk=clinic.pk).update(close_hour=5, emergency_number="112")
    for number in range(lives):
        a_life(draw, number, clinician)
    plainly = _left_by(lambda: days.close_batch(now=NOW, job="j\\ob", first=None, last=None, batch_size=100))
    the_long_way = _left_by(
        lambda: days._close_locked(days._locked_due(NOW, None, None, 100), NOW, "j\\ob")  # noqa: SLF001
    )
    assert len(plainly["days"]) > 0.8 * lives
    assert len({rule for *_, rule in plainly["days"]}) > 5
    for name in plainly:
        assert plainly[name] == the_long_way[name], name
    assert plainly["differences"] == []


def test_a_day_with_hundreds_of_notes_is_taken_and_counts_each_of_them():
    story = Story()
    common = {"recorded_at": EARLY, "recorded_by": story.runner}
    entry = DiaryEntry.objects.create(
        enrolment_id=story.pk, date=story.enrolment.open_date, rest=1, session="done", during=1, **common
    )
    places = [(occasion, site) for occasion in Occasion for site in Site]
    notes = [
        PainNote(entry=entry, key=uuid.uuid4(), noted_at=EARLY, score=n % 11, occasion=on, site=at, **common)
        for n, (on, at) in enumerate(places * 35)
    ]
    PainNote.objects.bulk_create(notes)
    (read,) = window_of(*windows([story.pk], READ_DAYS)[story.pk]).answers
    assert read.entry == entry_of(DiaryEntry.objects.get())
    assert read.entry.rest > 5


def test_notes_of_several_days_in_one_statement_count_on_their_own_day():
    story = Story()
    common = {"recorded_at": EARLY, "recorded_by": story.runner}
    entries = [
        DiaryEntry.objects.create(enrolment_id=story.pk, date=a_day_before(back), rest=1, **common)
        for back in range(3)
    ]
    rows = [{"entry": entry, "score": score} for score, entry in enumerate(entries, start=4)]
    more = common | {"noted_at": EARLY, "occasion": "rest", "site": "back"}
    PainNote.objects.bulk_create([PainNote(key=uuid.uuid4(), **row, **more) for row in rows])
    PainNote.objects.create(key=uuid.uuid4(), entry=entries[1], score=9, **more)
    with connection.cursor() as cursor:
        cursor.execute("SELECT noted FROM programs_diaryentry ORDER BY date DESC")
        assert cursor.fetchall() == [("rest back 4 1",), ("rest back 5 1,rest back 9 1",), ("rest back 6 1",)]
