"""Outcome measures through the database: naming, answering, what is due, what the pages say."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from programs.access import own_enrolment
from programs.engine.calendar import local_date
from programs.library.loader import QUESTIONNAIRE
from programs.models import Decision, Enrolment, LibraryItem, MeasureResponse, NamedActivity
from programs.selectors.measures import Asked, measures_due, measures_page
from programs.services.errors import Refused
from programs.services.measures import answer_questionnaire, name_activities
from tests.builders import COMFORTABLE, an_enrolment, live, reloaded, the_library
from tests.support.people import a_clinician, a_runner, signed_in

NOON = datetime.datetime(2025, 6, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
PSFS = Asked("psfs", "What you can do again")

SLEEP = {
    "key": "sleep",
    "title": "Sleep",
    "language": "en-GB",
    "intro": "How it was.",
    "recall": "Last night",
    "items": [
        {"key": "hours", "text": "Hours", "kind": "number", "min": 0, "max": 24},
        {
            "key": "rested",
            "text": "Rested?",
            "kind": "number",
            "min": 0,
            "max": 4,
            "low": "no",
            "high": "yes",
        },
        {
            "key": "woke",
            "text": "What woke you?",
            "kind": "ticks",
            "statements": [{"key": "pain", "text": "Pain"}, {"key": "noise", "text": "Noise"}],
        },
        {
            "key": "partner",
            "text": "Your partner slept",
            "kind": "choice",
            "may_not_apply": True,
            "options": [{"value": 0, "text": "well"}, {"value": 1, "text": "badly"}],
        },
    ],
    "scoring": {"method": "percent", "higher_is": "worse", "min_answered": 2},
    "licence": {"text": "Ours, free to use.", "may_be_shipped": False, "seen": "copy"},
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library():
    the_library()


def a_year_ago(**changes) -> Enrolment:
    return an_enrolment(now=NOON, **changes)


def named(enrolment: Enrolment, *words: str, now=NOON) -> tuple[NamedActivity, ...]:
    words = words or ("Run 5 km", "Sit through a film")
    return name_activities(enrolment=enrolment, by=enrolment.runner, now=now, words=words)


def answered(enrolment: Enrolment, *values, now=NOON, **changes) -> MeasureResponse:
    answers = {str(number): value for number, value in enumerate(values, start=1)}
    given = {"key": "psfs", "edition": 1, "answers": answers, "by": enrolment.runner} | changes
    return answer_questionnaire(enrolment=enrolment, now=now, **given)


def today(after: int = 0) -> datetime.date:
    return local_date(NOON + after * DAY, datetime.UTC)


def another_questionnaire(**changes) -> LibraryItem:
    number = LibraryItem.objects.filter(kind=QUESTIONNAIRE, key="sleep").count() + 1
    return LibraryItem.objects.create(
        kind=QUESTIONNAIRE,
        key="sleep",
        number=number,
        document=SLEEP | changes,
        content_hash=str(number) * 64,
        published_at=NOON,
    )


# --- naming --------------------------------------------------------------------------------
def test_activities_are_added_and_never_changed():
    enrolment = a_year_ago()
    named(enrolment, "  Run   5 km ", "", "Sit through a film")
    named(enrolment, "run 5 KM", "Lift my son", now=NOON + DAY)
    rows = NamedActivity.objects.order_by("position").values_list("position", "words", "named_at")
    assert list(rows) == [
        (1, "Run 5 km", NOON),
        (2, "Sit through a film", NOON),
        (3, "Lift my son", NOON + DAY),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("", "  "), "Write at least one, or leave it for now."),
        (tuple("abcdef"), "Five is the most. You can add 5 more."),
        (("x" * 121,), "Keep each to 120 letters or fewer."),
    ],
)
def test_what_cannot_be_named(words, message):
    enrolment = a_year_ago()
    with pytest.raises(Refused) as refused:
        named(enrolment, *words)
    assert refused.value.message == message
    assert not NamedActivity.objects.exists()


def test_a_sixth_activity_is_refused_and_the_five_stay():
    enrolment = a_year_ago()
    named(enrolment, *"abcde")
    with pytest.raises(Refused, match="You can add 0 more"):
        named(enrolment, "f")
    assert NamedActivity.objects.count() == 5


@pytest.mark.parametrize("service", ["name", "answer"])
def test_nobody_else_names_or_answers(service):
    enrolment, other = a_year_ago(), a_runner("other@example.org")
    named(enrolment)
    with pytest.raises(Refused, match="Only the runner"):
        if service == "name":
            name_activities(enrolment=enrolment, by=other, now=NOON, words=("Hers",))
        else:
            answered(enrolment, 3, by=other)


def test_an_ended_programme_takes_nothing_more():
    enrolment = a_year_ago()
    Enrolment.objects.update(status="completed")
    with pytest.raises(Refused, match="has ended"):
        named(enrolment)


# --- answering -----------------------------------------------------------------------------
def test_answers_are_kept_with_the_words_that_were_shown_and_missing_is_null():
    enrolment = a_year_ago()
    named(enrolment)
    row = answered(enrolment, 3, None)
    assert row.answers == [
        {"item": "1", "words": "Run 5 km", "answer": 3},
        {"item": "2", "words": "Sit through a film", "answer": None},
    ]
    assert (row.score_hundredths, row.occasion, row.edition, row.date) == (300, "intake", 1, today())
    assert row.answered_by == enrolment.runner


def test_the_first_answers_of_a_day_count():
    enrolment = a_year_ago()
    named(enrolment)
    answered(enrolment, 3, 4)
    with pytest.raises(Refused, match="The first answers count"):
        answered(enrolment, 9, 9)
    assert MeasureResponse.objects.get().score_hundredths == 350
    assert answered(enrolment, 5, 5, now=NOON + DAY).occasion == "fortnight"


@pytest.mark.parametrize(
    ("values", "changes", "message"),
    [
        ((None, None), {}, "Answer at least one"),
        ((), {}, "Answer at least one"),
        ((11,), {}, "Choose one of the answers"),
        ((1, 2, 3), {}, "Choose one of the answers"),
        ((1,), {"edition": 2}, "no longer asked"),
        ((1,), {"key": "rmdq"}, "no longer asked"),
    ],
)
def test_what_is_refused_leaves_nothing(values, changes, message):
    enrolment = a_year_ago()
    named(enrolment)
    with pytest.raises(Refused, match=message):
        answered(enrolment, *values, **changes)
    assert not MeasureResponse.objects.exists()


def test_at_the_last_step_it_is_the_end():
    enrolment = a_year_ago(stage="S8_run20_30")
    named(enrolment)
    assert [answered(enrolment, 3, now=NOON + n * DAY).occasion for n in (0, 14)] == ["intake", "end"]


@pytest.mark.parametrize("model", [NamedActivity, MeasureResponse])
def test_rows_are_append_only(model):
    enrolment = a_year_ago()
    named(enrolment)
    answered(enrolment, 3)
    for act in (lambda: model.objects.update(enrolment=enrolment), lambda: model.objects.all().delete()):
        with pytest.raises(Exception, match="append-only|never"), transaction.atomic():
            act()


def test_the_database_holds_one_response_a_day():
    enrolment = a_year_ago()
    named(enrolment)
    row = answered(enrolment, 3)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureResponse.objects.bulk_create([row])


# --- due -----------------------------------------------------------------------------------
def test_a_new_runner_is_invited_to_name_activities_for_two_weeks():
    enrolment = a_year_ago()
    assert measures_due(enrolment, today()).invites
    assert measures_due(enrolment, today(13)).invites
    assert measures_due(enrolment, today(14)) is None


def test_it_is_due_at_the_start_every_fortnight_and_at_the_end(django_assert_num_queries):
    enrolment = a_year_ago()
    named(enrolment)
    assert measures_due(enrolment, today()).asked == (PSFS,)
    answered(enrolment, 3)
    assert measures_due(enrolment, today(13)) is None
    known = own_enrolment(enrolment.runner)
    with django_assert_num_queries(1):
        assert measures_due(known, today(14)).asked == (PSFS,)
    Enrolment.objects.update(stage="S8_run20_30", stage_entered_on=today(3))
    enrolment = reloaded(enrolment)
    assert measures_due(enrolment, today(3)).asked == (PSFS,)
    answered(enrolment, 8, now=NOON + 3 * DAY)
    assert measures_due(enrolment, today(60)) is None


def test_nothing_is_asked_in_a_pause(django_assert_num_queries):
    enrolment = a_year_ago()
    named(enrolment)
    Enrolment.objects.update(refer="urgent", paused_at=NOON)
    enrolment = reloaded(enrolment)
    with django_assert_num_queries(0):
        assert measures_due(enrolment, today()) is None
    assert measures_page(enrolment, today()).due is None


def test_a_questionnaire_of_the_clinic_is_asked_too_until_it_is_ended():
    enrolment = a_year_ago()
    another_questionnaire()
    assert measures_due(enrolment, today()).asked == (Asked("sleep", "Sleep"),)
    another_questionnaire(is_asked=False)
    assert measures_due(enrolment, today()).asked == ()


# --- what it says --------------------------------------------------------------------------
def result_of(enrolment: Enrolment, after: int = 0):
    return measures_page(enrolment, today(after)).results[0]


def test_the_change_is_told_on_what_was_answered_both_times():
    enrolment = a_year_ago()
    named(enrolment)
    answered(enrolment, 3, 4)
    assert result_of(enrolment).change.tag.label == "Too early to tell"
    named(enrolment, "Lift my son", now=NOON + DAY)
    answered(enrolment, 6, 5, 0, now=NOON + 14 * DAY)
    result = result_of(enrolment, 14)
    assert [row.score for row in result.rows] == ["3.67", "3.5"]
    assert result.change.tag.label == "Better"
    assert result.change.text == (
        "From 3.5 to 5.5, a change of 2. That is more than the usual ups and downs. "
        "A real change is 2 or more. Compared on the 2 items that were scored both times."
    )
    assert "from memory" in result.change.basis.lower()
    assert "Stratford" in result.change.basis
    assert [item.change and item.change.tag.label for item in result.activities] == [
        "Better",
        "No clear change",
        None,
    ]


def test_a_worse_score_says_so_and_too_little_in_common_cannot_be_told():
    enrolment = a_year_ago()
    named(enrolment)
    answered(enrolment, 6, None)
    answered(enrolment, 3, 2, now=NOON + 14 * DAY)
    assert result_of(enrolment, 14).change.tag.label == "Worse"
    answered(enrolment, None, 9, now=NOON + 28 * DAY)
    result = result_of(enrolment, 28)
    assert result.change.tag.label == "Cannot be told yet"
    assert "Too few answers" in result.change.text


def test_the_table_holds_every_number_of_the_line_and_missing_is_said():
    enrolment = a_year_ago()
    named(enrolment)
    for number, values in enumerate([(0, None), (3, 4), (10, 10)]):
        answered(enrolment, *values, now=NOON + number * 14 * DAY)
    result = result_of(enrolment, 28)
    assert [row.score for row in result.rows] == ["10", "3.5", "0"]
    assert result.rows[-1].cells == ("0", "not answered")
    assert len(result.line.dots) == 3
    assert result.summary == "3 scores, the first 0, the newest 10. The table holds every number."


def test_pain_is_told_by_week_with_the_number_of_days():
    enrolment = live(an_enrolment(days_ago=15, now=NOON), *[COMFORTABLE] * 7, None, None, *[COMFORTABLE] * 5)
    page = measures_page(enrolment, today())
    assert [row.rest for row in page.pain.weeks] == [
        "not recorded",
        "1 (5 of 7 days)",
        "1 (7 of 7 days)",
    ]
    assert page.pain.rest.tag.label == "No clear change"
    assert page.pain.rest.text == "1 both times. The first week compared with the last seven days."
    assert "Ostelo" in page.pain.basis


def test_the_page_takes_three_queries_however_long_it_goes(django_assert_num_queries):
    enrolment = a_year_ago()
    named(enrolment)
    for number in range(12):
        answered(enrolment, number % 11, 3, now=NOON + number * 14 * DAY)
    enrolment = own_enrolment(enrolment.runner)
    measures_page(enrolment, today(300))
    with django_assert_num_queries(3):
        page = measures_page(enrolment, today(300))
    assert len(page.pain.weeks) == 12
    html = render_to_string("programs/measures/results.html", {"page": page})
    assert "Answer now" not in html
    assert "style=" not in html


# --- the pages -----------------------------------------------------------------------------
@pytest.fixture
def rosa():
    return an_enrolment(a_runner("rosa@example.org"))


def test_from_naming_to_the_scores(rosa):
    client = signed_in(rosa.runner)
    response = client.post(reverse("name_activities"), {"activity_1": "Run 5 km", "activity_2": ""})
    assert response.url == reverse("measure", args=["psfs"])
    page = client.get(response.url)
    assert "checked" not in page.content.decode()
    response = client.post(response.url, {"edition": "1", "item_1": "4"}, follow=True)
    assert response.redirect_chain == [(reverse("measures"), 302)]
    assert b"Your answers are saved." in response.content
    assert MeasureResponse.objects.get().score_hundredths == 400
    again = client.get(reverse("measure", args=["psfs"]))
    assert b"The first answers of a day count" in again.content
    refused = client.post(reverse("measure", args=["psfs"]), {"edition": "1", "item_1": "9"})
    assert b"The first answers count" in refused.content


@pytest.mark.parametrize("edition", ["0", "9", "9999999999", "x", ""])
def test_answers_to_words_that_nobody_was_shown_are_kept_under_no_others(rosa, edition):
    client = signed_in(rosa.runner)
    client.post(reverse("name_activities"), {"activity_1": "Run 5 km", "activity_2": ""})
    client.post(reverse("measure", args=["psfs"]), {"edition": edition, "item_1": "4"})
    assert not MeasureResponse.objects.exists()


def test_without_activities_the_scale_leads_to_naming_them(rosa):
    client = signed_in(rosa.runner)
    assert client.get(reverse("measure", args=["psfs"])).url == reverse("name_activities")
    assert client.get(reverse("measure", args=["rmdq"])).status_code == 404
    assert b"Name your activities" in client.get(reverse("measures")).content


def test_an_empty_form_comes_back_and_words_that_are_there_stay(rosa):
    client = signed_in(rosa.runner)
    assert b"Write at least one" in client.post(reverse("name_activities"), {"activity_1": " "}).content
    named(rosa, *"abcd")
    page = client.get(reverse("name_activities"))
    assert list(page.context["form"].fields) == ["activity_5"]
    client.post(reverse("name_activities"), {"activity_5": "e", "activity_1": "other words"})
    assert list(NamedActivity.objects.values_list("words", flat=True)) == list("abcde")
    assert b"All five are named" in client.get(reverse("name_activities")).content


def test_a_clinics_questionnaire_with_every_kind_of_item(rosa):
    another_questionnaire()
    client, url = signed_in(rosa.runner), reverse("measure", args=["sleep"])
    page = client.get(url).content.decode()
    assert "Ours, free to use." in page
    both = {"edition": "1", "item_woke": ["pain", "-none-"]}
    assert "also that none applies" in client.post(url, both).content.decode()
    bad = {"edition": "1", "item_hours": "25", "item_rested": "5", "item_partner": "7"}
    assert len(client.post(url, bad).context["form"].errors) == 3
    sound = {"edition": "1", "item_rested": "3", "item_woke": ["-none-"], "item_partner": "not_applicable"}
    assert client.post(url, sound).status_code == 302
    row = MeasureResponse.objects.get()
    assert [given["answer"] for given in row.answers] == [None, 3, [], "not_applicable"]
    assert row.score_hundredths == 5000


def test_the_edition_that_was_shown_is_the_one_that_is_kept(rosa):
    another_questionnaire()
    another_questionnaire(intro="Other words.")
    client = signed_in(rosa.runner)
    sound = {"edition": "1", "item_rested": "3", "item_hours": "8"}
    client.post(reverse("measure", args=["sleep"]), sound)
    assert MeasureResponse.objects.get().edition == 1
    for edition in ("9", "x", "9" * 30):
        answer = client.post(reverse("measure", args=["sleep"]), {**sound, "edition": edition})
        assert answer.status_code in (200, 404)


@pytest.mark.parametrize("days", [5, 200])
def test_a_page_takes_eight_queries_in_all_at_most(rosa, django_assert_max_num_queries, days):
    enrolment = an_enrolment(a_runner("rita@example.org"), days_ago=days)
    began = timezone.now() - days * DAY
    named(enrolment, now=began)
    for number in range(days // 14 + 1):
        answered(enrolment, 3, 4, now=began + number * 14 * DAY)
    client = signed_in(enrolment.runner)
    for name, args in (("measures", ()), ("name_activities", ()), ("measure", ("psfs",))):
        with django_assert_max_num_queries(8):
            assert client.get(reverse(name, args=args)).status_code == 200


# --- it never steers -----------------------------------------------------------------------
def test_no_decision_knows_of_it():
    """The same diary with and without measures leads to the same rows."""

    def lived(with_measures: bool) -> list:
        enrolment = an_enrolment(days_ago=12, now=NOON)
        if with_measures:
            named(enrolment)
            answered(enrolment, 0, 0, now=NOON - 12 * DAY)
            answered(enrolment, 0, 0, now=NOON - 2 * DAY)
        live(enrolment, *[COMFORTABLE] * 11)
        columns = ("date", "decision", "rule", "stage_after", "inputs", "reason")
        return list(Decision.objects.filter(enrolment=enrolment).order_by("pk").values_list(*columns))

    assert lived(with_measures=True) == lived(with_measures=False)


# --- her physiotherapist -------------------------------------------------------------------
def test_her_physiotherapist_reads_the_same_and_answers_nothing():
    petra = a_clinician("petra@example.org")
    enrolment = an_enrolment(a_runner("rosa@example.org"), clinician=petra, days_ago=20)
    began = timezone.now() - 20 * DAY
    named(enrolment, now=began)
    answered(enrolment, 3, 4, now=began)
    answered(enrolment, 6, 6, now=began + 14 * DAY)
    html = signed_in(petra).get(reverse("runner", args=[enrolment.public_id])).content.decode()
    hers = signed_in(enrolment.runner).get(reverse("measures")).content.decode()
    for words in (
        "Sit through a film",
        "From 3.5 to 6, a change of 2.5.",
        "The last seven days have 0 scores",
    ):
        assert words in html
        assert words in hers
    assert "Answer now" in hers
    assert "Answer now" not in html


def test_in_another_language_the_scores_and_the_activities_stay_the_same():
    enrolment = a_year_ago()
    named(enrolment)
    answered(enrolment, 3, 4)
    answered(enrolment, 6, 5, now=NOON + 14 * DAY)
    english = result_of(enrolment, 14)
    with translation.override("zh-hans"):
        chinese = result_of(enrolment, 14)
    assert [row.cells for row in chinese.rows] == [row.cells for row in english.rows]
    assert [row.score for row in chinese.rows] == ["5.5", "3.5"]
    assert [item.words for item in chinese.activities] == ["Run 5 km", "Sit through a film"]
    assert chinese.change.tag.tone == english.change.tag.tone == "advance"
