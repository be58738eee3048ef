"""The printable programme sheet: complete, small, quick, and not there while a programme is paused."""

import datetime
import io
import time
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from accounts.models import AccessRecord
from programs.access import own_enrolment
from programs.library.loader import EXERCISE
from programs.models import Enrolment, PainPattern
from programs.papers.sheet import sheet_pdf
from programs.papers.svg import Picture, path_pieces, read_picture
from programs.selectors.drawings import picture_of
from programs.selectors.ladder import ladder_of_runner
from programs.selectors.sheet import sheet_of
from tests.builders import a_published_version, an_enrolment, reloaded, shipped, the_library
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
TODAY = NOON.date()
MOST_BYTES = 500_000
MOST_SECONDS = 1.0
STAGES = ("S0_relative_rest", "S1_walking", "S2_core", "S3_run1_walk4", "S7_run20", "S8_run20_30")


@pytest.fixture(autouse=True)
def library() -> None:
    the_library()
    a_published_version()


def on(stage: str, **answers) -> Enrolment:
    return an_enrolment(stage=stage, now=NOON, **answers)


def words_of(pdf: bytes) -> str:
    """The words of a paper; a line that is broken reads like one that is not."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def paused(enrolment: Enrolment) -> Enrolment:
    Enrolment.objects.filter(pk=enrolment.pk).update(refer="urgent", paused_at=NOON)
    return reloaded(enrolment)


@pytest.mark.parametrize("stage", STAGES)
def test_the_sheet_says_everything_of_the_step(stage):
    enrolment = on(stage)
    step = ladder_of_runner(enrolment).current
    began = time.process_time()
    pdf = sheet_pdf(sheet_of(enrolment=enrolment, today=TODAY))
    seconds = time.process_time() - began
    pages, words = len(PdfReader(io.BytesIO(pdf)).pages), words_of(pdf)
    print(f"{stage}: {pages} pages, {len(pdf)} bytes, {seconds:.2f} s")
    assert 1 <= pages <= 4
    assert len(pdf) < MOST_BYTES
    assert seconds < MOST_SECONDS
    library = {document.key: document.content for document in shipped().documents}
    for session in step.sessions:
        assert session.title in words
        for line in (*session.advice, *(session.run_walk.lines if session.run_walk else ())):
            assert line in words
        for exercise in session.exercises:
            assert exercise.title in words and exercise.dose in words
            assert all(cue in words for cue in exercise.steps[:3])
            assert library[exercise.key]["stop_if"][0] in words
    assert all(line in words for line in (*step.stop_if, *(one.words for one in step.criteria)))
    assert "999" in words and "Version 1" in words and "20 Nov 2026" in words
    assert "not a medical device" in words and f"Page {pages} of {pages}" in words


def test_what_a_pattern_leaves_out_is_not_on_the_sheet_as_an_exercise():
    enrolment = on("S1_walking", pattern=PainPattern.FLEXION_INTOLERANT)
    words = words_of(sheet_pdf(sheet_of(enrolment=enrolment, today=TODAY)))
    assert "Left out for you. Child's pose" in words
    assert "Rest your forehead" not in words


def test_an_exercise_is_drawn_once():
    sheet = sheet_of(enrolment=on("S2_core"), today=TODAY)
    drawn = [one.title for part in sheet.parts for one in part.exercises if one.drawing]
    assert len(drawn) == len(set(drawn)) == 9


def test_the_same_step_prints_the_same_bytes():
    sheet = sheet_of(enrolment=on("S2_core"), today=TODAY)
    assert sheet_pdf(sheet) == sheet_pdf(sheet)


def test_few_queries_make_a_sheet(django_assert_max_num_queries):
    enrolment = own_enrolment(on("S2_core").runner)
    with django_assert_max_num_queries(5):
        sheet_of(enrolment=enrolment, today=TODAY)


def test_the_page_gives_a_private_paper(django_assert_max_num_queries):
    browser = signed_in(on("S2_core").runner)
    with django_assert_max_num_queries(8):
        answer = browser.get(reverse("programme_sheet"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")


def test_a_paused_programme_has_no_sheet():
    enrolment = paused(on("S2_core"))
    answer = signed_in(enrolment.runner).get(reverse("programme_sheet"))
    assert answer.status_code == 200
    assert "text/html" in answer["Content-Type"]
    assert "paused" in answer.content.decode()
    assert b"%PDF" not in answer.content


def test_a_paused_programme_shows_no_exercises():
    browser = signed_in(paused(on("S2_core")).runner)
    page = browser.get(reverse("exercise", args=["bird_dog"])).content.decode()
    assert "Reach the opposite arm" not in page and "moving/" not in page
    assert reverse("exercise", args=["bird_dog"]) not in browser.get(reverse("exercises")).content.decode()


def test_a_physiotherapist_prints_the_sheet_and_the_look_is_kept():
    petra = a_clinician()
    enrolment = on("S2_core", clinician=petra)
    address = reverse("runner_sheet", args=[enrolment.public_id])
    answer = signed_in(petra).get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert AccessRecord.objects.filter(runner=enrolment.runner, detail__contains="sheet").count() == 1
    paused(enrolment)
    assert "text/html" in signed_in(petra).get(address)["Content-Type"]


def test_an_exercise_moves_only_when_it_is_asked_to():
    page = signed_in(on("S2_core").runner).get(reverse("exercise", args=["bird_dog"])).content.decode()
    details = page[page.index('<details class="moving') : page.index("</picture>")]
    assert "exercises/moving/bird_dog.svg" in details and 'loading="lazy"' in details
    assert "(prefers-reduced-motion: reduce)" in details and "<details open" not in details


# --- our drawings on a page ----------------------------------------------------------
@pytest.mark.parametrize("folder", ["", "zh-hans/"])
def test_every_drawing_can_be_printed(folder):
    pictures = [read_picture_of(folder + key) for key in shipped().of_kind(EXERCISE)]
    assert len(pictures) == 18
    assert all(any(shape.words for shape in picture.shapes) for picture in pictures)


def test_a_page_and_a_sheet_show_labels_in_their_language():
    enrolment = on("S2_core")
    with translation.override("zh-hans"):
        assert picture_of("bird_dog") == "exercises/zh-hans/bird_dog.svg"
        sheet = sheet_of(enrolment=enrolment, today=TODAY)
        assert "开始" in words_of(sheet_pdf(sheet))
    assert picture_of("bird_dog") == "exercises/bird_dog.svg"
    assert picture_of("an_exercise_of_a_clinic") == ""


def read_picture_of(key: str) -> Picture:
    return read_picture(Path(finders.find(f"exercises/{key}.svg")))


def test_an_arc_ends_where_it_should_and_stays_on_its_circle():
    pieces = list(path_pieces("M10 0A10 10 0 1 1 -10 0Z"))
    curves = [points for kind, points in pieces if kind == "curve"]
    assert len(curves) == 2 and curves[-1][-1] == pytest.approx((-10, 0))
    assert curves[0][-1] == pytest.approx((0, 10))


@pytest.mark.parametrize("data", ["M0 0S1 1 2 2", "M0 0A5 9 0 0 1 9 9", "m0 0l1 1"])
def test_a_path_that_our_drawings_do_not_have_is_refused(data):
    with pytest.raises(ValueError):
        list(path_pieces(data))
