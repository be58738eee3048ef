"""The letter to a clinician: one page with the facts, for the runner and for whoever she let in."""

import datetime
import io
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import AccessRecord, Act
from accounts.services.clinics import create_clinic, join_clinic
from programs.models import Enrolment, PainNote
from programs.papers.letter import Day, Decided, Letter, Sender, Sign, letter_pdf
from programs.presentation import LEGS
from programs.selectors.letter import letter_of
from programs.services.diary import EntryValues
from programs.services.overrides import clear_pause
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, reloaded, the_library
from tests.integration.story import RUN, Story
from tests.integration.test_notes import counted, note
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
FLAGGED = EntryValues(morning=2, rest=3, red_flags=("CE_SADDLE", "FEVER_UNWELL"))


def paused(name: str = "Rosa Runner", **fields) -> Enrolment:
    """Three days of diary, one of them empty; then two warning signs."""
    the_library()
    enrolment = an_enrolment(a_runner(name=name), days_ago=4, **fields)
    return live(enrolment, COMFORTABLE, None, QUIET, FLAGGED)


def pdf_of(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words_of(content: bytes) -> str:
    """The text of all pages, with its line breaks as spaces."""
    return " ".join(" ".join(page.extract_text() for page in pdf_of(content).pages).split())


def a_letter(**changes) -> Letter:
    day = datetime.date(2026, 3, 2)
    facts = {
        "name": "Rosa Runner",
        "email": "rosa@example.org",
        "written_on": day,
        "programme": "Back to running",
        "programme_day": 30,
        "stage": "Walking",
        "since": day,
        "until": None,
        "level": "Urgent: be seen today",
        "reason": "Your answer “fever” should be checked soon.",
        "signs": (Sign(day, "fever"),),
        "days": tuple(
            Day(day + datetime.timedelta(days=n), "2/10", "3/10", "done", "1/10", "2/10", "none")
            for n in range(14)
        ),
        "decisions": (Decided(day, "Stay", "D8J_MIN_DAYS", "Day 3 of at least 7."),),
        "advice": ("Be seen today.",),
        "emergency_number": "999",
        "urgent_service": "NHS 111 or your GP",
    }
    return Letter(**{**facts, **changes})


# --- what it says ------------------------------------------------------------------------
def test_it_is_one_page_that_says_who_why_and_what_was_answered():
    enrolment = paused()
    content = letter_pdf(letter_of(enrolment=enrolment, now=timezone.now()))
    assert len(pdf_of(content).pages) == 1
    text = words_of(content)
    for fact in (
        "Rosa Runner",
        enrolment.version.document["title"],
        enrolment.version.stage_title(enrolment.stage),
        "Emergency: call now",
        "numbness or changed feeling between the legs",
        "fever, chills, night sweats or feeling very unwell",
        "D1_EMERGENCY",
        "not recorded",
        "no diagnosis",
        "not a medical device",
        "999",
        "NHS 111 or your GP",
    ):
        assert fact in text, fact


def test_a_day_without_an_entry_is_a_gap_and_never_a_zero():
    letter = letter_of(enrolment=paused(), now=timezone.now())
    gap = letter.days[1]
    assert (gap.morning, gap.rest, gap.session) == ("not recorded", "not recorded", "no entry")
    assert [day.rest for day in letter.days] == [
        "1/10",
        "not recorded",
        "1/10",
        "3/10",
        "not recorded",
    ]
    assert "0/10" not in words_of(letter_pdf(letter))


def test_a_day_says_what_it_counts_as_and_marks_what_extra_notes_add():
    """The same values as the decision that paused her, or the letter and its reason disagree."""
    story = Story(stage="S3_run1_walk4")
    the_library()
    story.log(1, **RUN)
    note(story, 1, "during", 4)
    for day in (1, 2):
        if day == 2:
            story.log(2, morning=1, rest=1)
        note(story, day, "flare", 9, site="below_knee")
        story.close(day)
    assert story.decision(2).rule == "D4A_LEG_PAIN"
    note(story, 3, "flare", 6)
    letter = letter_of(enrolment=story.enrolment, now=story.at(3))
    first, second, third = letter.days
    assert (first.rest, first.during, first.after) == ("5/10*", "4/10*", "1/10")
    assert (second.rest, second.leg) == ("5/10*", first.leg) and second.leg.endswith("*")
    assert second.leg.startswith(str(LEGS["below_knee"]))
    for day, shown in ((1, first), (2, second)):
        assert shown.rest == f"{counted(story, day).rest}/10*"
    assert (third.session, third.rest, third.leg) == ("only pain notes", "not recorded", "not recorded")
    text = words_of(letter_pdf(letter))
    assert "* counts extra pain notes of that day" in text and "in a flare, leg, below the knee 9/10" in text


def test_a_day_that_contradicts_its_notes_still_has_a_letter():
    enrolment = paused()
    row = enrolment.entries.get(date=enrolment.started_on + datetime.timedelta(days=2))
    PainNote.objects.create(
        entry=row,
        key=uuid.uuid4(),
        noted_at=row.recorded_at,
        occasion="during",
        site="back",
        score=8,
        recorded_at=row.recorded_at,
        recorded_by=enrolment.runner,
    )
    letter = letter_of(enrolment=enrolment, now=timezone.now())
    assert letter.days[2].rest == "1/10" and "8/10" in letter.days[2].notes


def test_after_the_pause_it_says_until_when_and_no_longer_what_to_do():
    petra = a_clinician()
    enrolment = paused(clinician=petra)
    now = timezone.now()
    seen = {"assessed_by": "Dr Ada Ames", "assessed_on": now.date()}
    clear_pause(enrolment=enrolment, by=petra, now=now, reason="Seen and well", **seen)
    letter = letter_of(enrolment=reloaded(enrolment), now=now)
    assert (letter.until, letter.advice) == (now.date(), ())
    assert letter.reason.startswith("Your answer “numbness")


def test_who_was_never_paused_has_no_letter():
    the_library()
    enrolment = an_enrolment(a_runner())
    assert letter_of(enrolment=enrolment, now=timezone.now()) is None
    assert signed_in(enrolment.runner).get(reverse("letter")).url == reverse("today")


def test_it_costs_five_queries_whatever_the_diary_holds(django_assert_max_num_queries):
    enrolment = paused()
    with django_assert_max_num_queries(5):
        letter_of(enrolment=enrolment, now=timezone.now())


# --- whatever it is given ------------------------------------------------------------------
def test_long_texts_never_reach_a_second_page():
    day = datetime.date(2026, 3, 2)
    long = a_letter(
        name="Wolfeschlegelsteinhausenbergerdorff " * 20,
        programme="Programme " * 60,
        stage="Stage " * 60,
        reason="because " * 400,
        signs=tuple(Sign(day, "numbness " * 40) for _ in range(40)),
        decisions=tuple(Decided(day, "Paused – get advice", "D1_EMERGENCY", "x" * 2000) for _ in range(5)),
        advice=("call somebody " * 100,) * 3,
        days=tuple(replace(row, notes="in a flare, back 9/10; " * 50) for row in a_letter().days),
        urgent_service="the doctor " * 30,
    )
    pages = pdf_of(letter_pdf(long)).pages
    assert len(pages) == 1
    assert "Your answer" in pages[0].extract_text()


@pytest.mark.parametrize("name", ["王小明", "Zoë Müller-Łukasz", "Анна Иванова", "陈 Zoë", "<b>&amp;", "ابن"])
def test_names_of_all_kinds_come_out(name):
    content = letter_pdf(a_letter(name=name))
    assert len(pdf_of(content).pages) == 1
    if name != "ابن":
        assert name.replace("ё", "е") in words_of(content)


def test_in_chinese_it_is_still_one_page():
    with translation.override("zh-hans"):
        content = letter_pdf(letter_of(enrolment=paused("王小明"), now=timezone.now()))
    assert len(pdf_of(content).pages) == 1


def test_it_can_be_asked_for_in_the_language_of_whoever_sees_her():
    enrolment = paused()
    client = signed_in(enrolment.runner)
    chinese = words_of(client.get(reverse("letter"), {"language": "zh-hans"}).content)
    english = words_of(client.get(reverse("letter"), {"language": "en-gb"}).content)
    unknown = words_of(client.get(reverse("letter"), {"language": "xx"}).content)
    assert "To the clinician who sees this runner" in english and english == unknown
    assert "2/10" in chinese and "Rosa Runner" in chinese


# --- who gets it -----------------------------------------------------------------------------
def test_the_file_is_private_and_its_name_tells_nothing():
    enrolment = paused()
    answer = signed_in(enrolment.runner).get(reverse("letter"))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="letter-20')
    assert "Rosa" not in str(pdf_of(answer.content).metadata)


def test_her_physiotherapist_gets_it_and_that_is_written_down():
    petra = a_clinician()
    enrolment = paused(clinician=petra)
    url = reverse("runner_letter", args=[enrolment.public_id])
    browser = signed_in(petra)
    assert url in browser.get(reverse("runner", args=[enrolment.public_id])).content.decode()
    answer = browser.get(url)
    text = words_of(answer.content)
    assert "Rosa Runner" in text and "by Petra Physio, physiotherapist" in text
    assert "What I ask you to look at" in text and "petra@example.org. Signature:" in text
    record = AccessRecord.objects.get(actor=petra, detail="the letter to a clinician")
    assert record.act == Act.EXPORT


def test_a_physiotherapist_refers_a_runner_on_who_was_never_paused():
    petra = a_clinician()
    join_clinic(
        clinic=create_clinic(name="Riverside", by=a_manager(), now=timezone.now()),
        clinician=petra,
        now=timezone.now(),
    )
    the_library()
    enrolment = live(an_enrolment(a_runner(), clinician=petra, days_ago=3), COMFORTABLE, QUIET)
    letter = letter_of(enrolment=enrolment, now=timezone.now(), by=petra)
    assert (letter.since, letter.reason, letter.advice) == (None, "", ())
    content = letter_pdf(letter)
    text = words_of(content)
    assert len(pdf_of(content).pages) == 1
    assert "Paused no" in text and "Petra Physio, physiotherapist, Riverside" in text


def test_her_letter_is_one_page_too_however_long_its_texts():
    sender = Sender("Wolfeschlegelsteinhausenbergerdorff " * 9, "p@example.org", "The clinic of " * 30)
    day = datetime.date(2026, 3, 2)
    signs = tuple(Sign(day, "numbness " * 40) for _ in range(40))
    content = letter_pdf(a_letter(sender=sender, reason="because " * 400, signs=signs))
    assert len(pdf_of(content).pages) == 1 and "Your answer" in words_of(content)


def test_a_pause_that_is_over_began_on_the_date_that_the_pages_said():
    """A day that pauses is decided in the night after it; she reads of the date on which she was told."""
    the_library()
    petra = a_clinician()
    enrolment = an_enrolment(a_runner(), clinician=petra, days_ago=8)
    leg = EntryValues(morning=1, rest=1, leg="below_knee")
    enrolment = live(enrolment, leg, leg)
    assert enrolment.is_paused
    since = letter_of(enrolment=enrolment, now=timezone.now()).since
    assert since == enrolment.paused_at.astimezone(enrolment.runner.zone).date()
    enrolment = live(enrolment, QUIET)
    clear_pause(enrolment=enrolment, by=petra, now=timezone.now(), reason="Seen at the practice.")
    assert letter_of(enrolment=reloaded(enrolment), now=timezone.now()).since == since


def test_files_of_two_runners_differ_in_their_names():
    petra = a_clinician()
    one, two = paused(clinician=petra), an_enrolment(a_runner("b@example.org"), clinician=petra)
    browser = signed_in(petra)
    for page, kind in (("runner_letter", "letter"), ("runner_report", "report"), ("runner_csv", "diary")):
        names = [
            browser.get(reverse(page, args=[row.public_id]))["Content-Disposition"] for row in (one, two)
        ]
        assert names[0] != names[1] and all(f'filename="{kind}-20' in name for name in names)
        assert "Rosa" not in names[0]


def test_somebody_elses_physiotherapist_gets_nothing():
    enrolment = paused()
    stranger = a_clinician("other@example.org")
    assert signed_in(stranger).get(reverse("runner_letter", args=[enrolment.public_id])).status_code == 404
