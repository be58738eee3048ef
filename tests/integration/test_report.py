"""The report of progress: one page with the picture, for the runner and for whoever she let in."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import AccessRecord, Act
from accounts.services import revoke_consent
from programs.models import Adjustment, ClinicalNote, Decision, DiaryEntry, Enrolment, Override, SharedMessage
from programs.papers.report import report_pdf
from programs.selectors.report import report_of
from programs.services.overrides import hold_until
from tests.builders import COMFORTABLE, QUIET, a_published_version, an_enrolment, live, reloaded, the_library
from tests.integration.story import RUN, Story
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def pdf_of(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf_of(content).pages).split())


def report(enrolment: Enrolment, **asked) -> bytes:
    asked = {"by": enrolment.runner, "now": timezone.now(), **asked}
    return report_pdf(report_of(enrolment=enrolment, **asked))


def a_runner_on_her_way(**fields) -> Enrolment:
    """Eight days with a gap and a move."""
    the_library()
    enrolment = an_enrolment(a_runner(name="Rosa Runner"), days_ago=8, **fields)
    return live(enrolment, COMFORTABLE, COMFORTABLE, None, *[COMFORTABLE] * 5)


def a_long_life(days: int, name: str = "Lena Long") -> Enrolment:
    """Rows without their services: what a page makes of a long time is what is asked here."""
    the_library()
    enrolment = an_enrolment(a_runner(f"{name.split()[0]}@example.org", name=name), days_ago=days)
    template = live(enrolment, COMFORTABLE).decisions.get()
    keys = list(enrolment.version.stage_documents)[1:]
    step = max(days // len(keys), 1)
    entries, decisions = [], []
    for day in range(1, days):
        date = enrolment.started_on + day * DAY
        before, after = (keys[min(at // step, len(keys) - 1)] for at in (day - 1, day))
        decisions.append(a_decision(template, date, before, after))
        if day % 9:
            entries.append(an_entry_row(enrolment, date, before, day % 5))
    DiaryEntry.objects.bulk_create(entries)
    Decision.objects.bulk_create(decisions)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        stage=decisions[-1].stage_after, decided_through=date, stage_entered_on=date
    )
    return reloaded(enrolment)


def a_decision(template: Decision, date: datetime.date, before: str, after: str) -> Decision:
    moves = before != after
    fields = {field.attname: getattr(template, field.attname) for field in Decision._meta.concrete_fields}
    return Decision(
        **{
            **fields,
            "id": None,
            "date": date,
            "takes_effect_on": date + DAY,
            "decision": "advance" if moves else "hold",
            "rule": "D9A_ADVANCE" if moves else "D8J_MIN_DAYS",
            "stage_before": before,
            "stage_after": after,
            "stage_change": int(moves),
        }
    )


def an_entry_row(enrolment: Enrolment, date: datetime.date, stage: str, score: int) -> DiaryEntry:
    return DiaryEntry(
        enrolment=enrolment,
        date=date,
        rest=score,
        morning=score,
        session="done",
        during=score,
        after=score,
        stage_shown=stage,
        recorded_at=timezone.now(),
        recorded_by=enrolment.runner,
    )


# --- what it says ---------------------------------------------------------------------------
def test_it_is_one_page_with_steps_sessions_decisions_and_the_present_plan():
    enrolment = a_runner_on_her_way()
    content = report(enrolment)
    assert len(pdf_of(content).pages) == 1
    text = words_of(content)
    version = enrolment.version
    for fact in (
        "Report of progress",
        "Rosa Runner",
        version.document["title"],
        version.stage_title(enrolment.stage),
        "Taken by the runner",
        "day 9",
        "on 7 of 9 days",
        "Move on",
        "Present plan",
        "Pain at rest, mean of a week",
        "Grey: no entry; the line breaks.",
        "not a medical device",
    ):
        assert fact in text, fact


def test_the_picture_has_every_score_and_every_mark():
    enrolment = a_runner_on_her_way()
    chart = report_of(enrolment=enrolment, by=enrolment.runner, now=timezone.now()).chart
    geometry = chart.geometry
    assert [series.scores for series in geometry.series][0] == "1 1 - 1 1 1 1 1 -"
    assert geometry.mark_days.endswith(":advance") and "advance" in chart.marks
    assert len(geometry.bands) == 2 and geometry.gaps[0].days == 1


def test_acts_stand_there_with_their_reasons():
    petra = a_clinician()
    enrolment = a_runner_on_her_way(clinician=petra)
    now = timezone.now()
    hold_until(
        enrolment=enrolment, by=petra, now=now, until=now.date() + 9 * DAY, reason="A long flight this week."
    )
    Adjustment.objects.create(
        enrolment=enrolment,
        exercise="cat_cow",
        kind="leave_out",
        date=now.date(),
        reason_code="assessment",
        reason="It pinches.",
        made_at=now,
        made_by=petra,
    )
    text = words_of(report(reloaded(enrolment), by=petra))
    for fact in (
        "Held until",
        "A long flight this week.",
        "left out",
        "It pinches.",
        "I examined the runner",
    ):
        assert fact in text, fact
    assert "Taken by Petra Physio" in text and "Held by a physiotherapist until" in text


def test_private_notes_and_messages_are_no_part_of_it():
    petra = a_clinician()
    enrolment = a_runner_on_her_way(clinician=petra)
    said = {"enrolment": enrolment, "written_at": timezone.now(), "written_by": petra}
    ClinicalNote.objects.create(words="Suspicion of something.", **said)
    SharedMessage.objects.create(words="See you on Monday.", **said)
    text = words_of(report(enrolment, by=petra))
    assert "Suspicion" not in text and "Monday" not in text


def test_a_paused_runner_is_asked_for_nothing():
    enrolment = a_runner_on_her_way()
    Enrolment.objects.filter(pk=enrolment.pk).update(refer="urgent", paused_at=timezone.now())
    text = words_of(report(reloaded(enrolment)))
    assert "Nothing until the pause has ended" in text and "Paused since" in text


def test_it_can_be_asked_for_the_last_days_only():
    enrolment = a_long_life(120)
    whole, last = (
        report_of(enrolment=enrolment, by=enrolment.runner, now=timezone.now(), days=days)
        for days in (None, 28)
    )
    assert len(last.stages) < len(whole.stages)
    assert len(last.chart.geometry.series[0].scores.split()) == 28
    assert len(last.decisions) <= len(whole.decisions)


# --- whatever it is given --------------------------------------------------------------------
def test_on_the_first_day_there_is_a_report_too():
    the_library()
    text = words_of(report(an_enrolment()))
    assert "No pain score was recorded in this time." in text and "on 0 of 1 days" in text


@pytest.mark.parametrize("days", [5, 90, 500])
def test_a_long_time_is_one_page_as_well(days):
    content = report(a_long_life(days))
    assert len(pdf_of(content).pages) == 1
    assert len(content) < 250_000


def test_its_queries_do_not_grow(django_assert_max_num_queries):
    for enrolment in (a_long_life(30), a_long_life(300, "Nora Next")):
        with django_assert_max_num_queries(18):
            report_of(enrolment=enrolment, by=enrolment.runner, now=timezone.now())


def test_a_runner_who_was_moved_has_the_steps_of_both_programmes():
    enrolment = a_long_life(40)
    other = a_published_version("lbp-chronic")
    key = next(stage["key"] for stage in other.document["stages"] if stage["kind"] != "rest")
    old = set(enrolment.version.stage_documents)
    Enrolment.objects.filter(pk=enrolment.pk).update(version=other, stage=key)
    last = enrolment.decisions.newest_first().first()
    act = Override.objects.create(
        enrolment=enrolment,
        kind="move_version",
        date=last.date + DAY,
        stage=key,
        version=other,
        reason="Long-standing pain.",
        made_at=timezone.now(),
        made_by=a_clinician(),
    )
    row = a_decision(last, last.date + DAY, last.stage_after, key)
    row.decision, row.stage_change, row.takes_effect_on = "hold", 0, last.date + DAY
    row.trigger, row.rule, row.override, row.job = "clinician", "D7B_PHYSIO_SET", act, ""
    row.decided_by = act.made_by
    row.save()
    text = words_of(report(reloaded(enrolment)))
    assert other.document["title"] in text and other.stage_title(key) in text
    assert not any(code in text for code in old)
    assert "Long-standing pain." in text


@pytest.mark.parametrize("name", ["王小明", "Zoë Müller-Łukasz", "<b>&amp;", "Wolfeschlegelstein " * 4])
def test_names_of_all_kinds_come_out(name):
    the_library()
    enrolment = live(an_enrolment(a_runner(name=name.strip()), days_ago=2), QUIET, QUIET)
    content = report(enrolment)
    assert len(pdf_of(content).pages) == 1 and name.split()[0] in words_of(content)


def test_long_reasons_never_reach_a_second_page():
    story = Story(stage="S3_run1_walk4")
    the_library()
    petra = story.seen_by()
    for day in range(1, 15):
        story.live(day, [RUN])
        Override.objects.create(
            enrolment=story.enrolment,
            kind="hold_until",
            date=story.date(day),
            until=story.date(day),
            reason="because of this and that " * 80,
            made_at=story.at(day),
            made_by=petra,
        )
    content = report(story.enrolment, by=petra, now=story.at(16))
    text = words_of(content)
    assert len(pdf_of(content).pages) == 1
    assert "8 older acts" in text and "not a medical device" in text


def test_in_chinese_it_is_still_one_page_and_says_its_language():
    enrolment = a_runner_on_her_way()
    with translation.override("zh-hans"):
        found = pdf_of(report(enrolment))
    assert len(found.pages) == 1
    assert found.trailer["/Root"]["/Lang"] == "zh-hans"


def test_its_title_tells_nobodys_name():
    found = pdf_of(report(a_runner_on_her_way()))
    assert found.metadata.title == "Report of progress"
    assert "Rosa" not in str(found.metadata)


# --- who gets it -------------------------------------------------------------------------------
def test_her_physiotherapist_takes_a_copy_and_that_is_written_down():
    petra = a_clinician()
    enrolment = a_runner_on_her_way(clinician=petra)
    answer = signed_in(petra).get(reverse("runner_report", args=[enrolment.public_id]), {"days": "28"})
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="report-20')
    assert "Rosa Runner" in words_of(answer.content)
    record = AccessRecord.objects.get(actor=petra, detail="the report of your progress")
    assert record.act == Act.EXPORT


def test_once_access_has_ended_there_is_none():
    petra = a_clinician()
    enrolment = a_runner_on_her_way(clinician=petra)
    url = reverse("runner_report", args=[enrolment.public_id])
    assert signed_in(a_clinician("other@example.org")).get(url).status_code == 404
    revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    assert signed_in(petra).get(url).status_code == 404


def test_a_runner_takes_her_own_and_nothing_is_written_down():
    enrolment = a_runner_on_her_way()
    answer = signed_in(enrolment.runner).get(reverse("my_report"), {"days": "a lot"})
    assert "Taken by the runner" in words_of(answer.content)
    assert not AccessRecord.objects.exists()
    newcomer = a_runner("new@example.org")
    assert signed_in(newcomer).get(reverse("my_report")).url == reverse("intake")
