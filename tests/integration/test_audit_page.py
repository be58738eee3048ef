"""“Who saw my data”: the runner reads her own audit."""

import datetime
import uuid

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, Act, User
from accounts.selectors import records_page
from accounts.selectors.records import PER_PAGE, shortened
from accounts.services import grant_consent
from accounts.services.audit import record_access
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def rosa() -> User:
    return a_runner(time_zone="Pacific/Auckland")  # 13 hours ahead in November


@pytest.fixture
def petra() -> User:
    return a_clinician()


def seen(runner: User, actor: User | None, *, at=NOON, act=Act.VIEW, detail="a page", origin="203.0.113.77"):
    record_access(runner_ids=[runner.pk], actor=actor, act=act, detail=detail, now=at, origin=origin)


def page_of(runner: User, **asked) -> str:
    return signed_in(runner).get(reverse("records"), asked).content.decode()


@pytest.mark.parametrize("rows", [1, 3 * PER_PAGE])
def test_a_page_takes_three_queries_however_much_there_is(rosa, petra, rows, django_assert_num_queries):
    paul = a_clinician("paul@example.org", "Paul")
    for number in range(rows):
        seen(rosa, paul if number % 2 else petra, at=NOON + number * MINUTE)
    with django_assert_num_queries(3):
        page = records_page(runner=rosa)
    assert page.total == rows
    assert sum(len(look.times) for day in page.days for look in day.looks) == min(rows, PER_PAGE)


def test_it_says_who_what_when_and_from_where(rosa, petra):
    seen(rosa, petra, at=NOON, detail="the page with your diary")
    page = page_of(rosa)
    assert "<b>Petra Physio</b> opened: the page with your diary" in page
    assert "Saturday 21 November 2026" in page  # one in the morning where she is
    assert "01:00, from 203.0.113.x" in page


def test_the_newest_stands_first_and_dates_are_hers(rosa, petra):
    for hours in range(0, 30, 10):  # 01:00, 11:00 and 21:00 of the 21st in Auckland
        seen(rosa, petra, at=NOON + hours * HOUR, detail=f"page {hours}")
    (day,) = records_page(runner=rosa).days
    assert day.date == datetime.date(2026, 11, 21)
    assert [look.detail for look in day.looks] == ["page 20", "page 10", "page 0"]


def test_the_same_again_is_one_line_with_all_its_times(rosa, petra):
    for minutes in (0, 5, 9):
        seen(rosa, petra, at=NOON + minutes * MINUTE)
    seen(rosa, petra, at=NOON + 10 * MINUTE, act=Act.OVERRIDE, detail="hold until a date")
    seen(rosa, petra, at=NOON + 11 * MINUTE)
    (day,) = records_page(runner=rosa).days
    assert [len(look.times) for look in day.looks] == [1, 1, 3]
    assert "3 times: 01:00, 01:05, 01:09" in page_of(rosa)


def test_nothing_of_somebody_else_is_there(rosa, petra):
    ruth = a_runner("ruth@example.org")
    seen(ruth, petra, detail="the page of Ruth")
    assert "the page of Ruth" not in page_of(rosa)
    assert "Nobody but you" in page_of(rosa)
    assert "Petra" not in page_of(rosa)


@pytest.mark.parametrize(
    ("act", "detail", "words"),
    [
        (Act.LIST, "caseload", "<b>Petra Physio</b> saw you in a list: caseload"),
        (Act.OVERRIDE, "clear the pause", "<b>Petra Physio</b> acted on your programme: clear the pause"),
        (Act.EXPORT, "letter", "<b>Petra Physio</b> took a copy of your data: letter"),
        (Act.MAIL, "a pause", "<b>Petra Physio</b> was told by e-mail: a pause"),
        (Act.ADMIN, "decision", "<b>Petra Physio</b> looked into the administration: decision"),
        (Act.CONSENT, "cover ended", "<b>Petra Physio</b> changed who has access: cover ended"),
    ],
)
def test_every_act_has_its_words(rosa, petra, act, detail, words):
    seen(rosa, petra, act=act, detail=detail)
    assert words in page_of(rosa)


def test_what_she_gave_herself_says_you_and_what_a_job_did_says_so(rosa, petra):
    grant_consent(runner=rosa, clinician=petra, now=NOON)
    seen(rosa, None, act=Act.EXPORT, detail="a copy for the operator", origin="")
    page = page_of(rosa)
    assert "<b>You</b> changed who has access: access given to Petra Physio" in page
    assert "<b>This site, without a person</b> took a copy of your data" in page


def test_a_copy_that_she_took_herself_says_you(rosa, petra):
    AccessRecord.objects.create(
        runner=rosa, actor=rosa, act=Act.EXPORT, detail="a copy of everything", at=NOON, origin="203.0.113.77"
    )
    seen(rosa, petra)
    page = page_of(rosa)
    assert "<b>You</b> took a copy of your data: a copy of everything" in page
    assert [person.name for person in records_page(runner=rosa).people] == ["Petra Physio", "You"]
    assert "Petra" not in page_of(rosa, who=str(rosa.public_id)).partition("</form>")[2].partition("<nav")[0]


# --- looking for one person ---------------------------------------------------------
def test_she_asks_for_one_person(rosa, petra):
    paul = a_clinician("paul@example.org", "Paul Physio")
    seen(rosa, petra, detail="seen by Petra")
    seen(rosa, paul, detail="seen by Paul")
    seen(rosa, None, act=Act.EXPORT, detail="done by a job")
    page = records_page(runner=rosa)
    assert [person.name for person in page.people][:2] == ["Paul Physio", "Petra Physio"]
    for person, detail in zip(page.people, ["seen by Paul", "seen by Petra", "done by a job"], strict=True):
        words = page_of(rosa, who=person.key)
        found = [d for d in ("seen by Paul", "seen by Petra", "done by a job") if d in words]
        assert found == [detail]
        assert f'<option value="{person.key}" selected>' in words


@pytest.mark.parametrize("who", ["x", "0", "' OR 1=1", "é" * 300, "nobody"])
def test_who_is_nobody_finds_nothing(rosa, petra, who):
    seen(rosa, petra)
    answer = signed_in(rosa).get(reverse("records"), {"who": who})
    assert answer.status_code == 200
    assert "Nothing of that person" in answer.content.decode()


def test_somebody_who_never_saw_her_is_not_named_by_asking(rosa, petra):
    stranger = a_clinician("paul@example.org", "Paul Physio")
    seen(rosa, petra)
    for who in (stranger.public_id, uuid.uuid4()):
        words = page_of(rosa, who=str(who))
        assert "Nothing of that person" in words and "Paul" not in words


# --- pages --------------------------------------------------------------------------
def test_older_ones_are_pages_away(rosa, petra):
    for number in range(2 * PER_PAGE + 1):
        seen(rosa, petra, at=NOON + number * MINUTE, detail=f"page {number}.")
    first, last = page_of(rosa), page_of(rosa, page="3")
    assert f"page {2 * PER_PAGE}." in first and "page 0." not in first
    assert "Page 1 of 3" in first and "Older" in first and "Newer" not in first
    assert "page 0." in last and "Newer" in last and "Older" not in last


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e9", "9" * 400, "2.5", ""])
def test_a_page_that_is_not_there_is_one_that_is(rosa, petra, number):
    seen(rosa, petra)
    answer = signed_in(rosa).get(reverse("records"), {"page": number})
    assert answer.status_code == 200
    assert "Petra Physio" in answer.content.decode()


def test_the_choice_stays_from_page_to_page(rosa, petra):
    for number in range(PER_PAGE + 1):
        seen(rosa, petra, at=NOON + number * MINUTE, detail=f"page {number}.")
    words = page_of(rosa, who=str(petra.public_id))
    assert f"?who={petra.public_id}&amp;page=2" in words


# --- where from ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.x"),
        ("::ffff:203.0.113.77", "203.0.113.x"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3:x"),
        ("::1", "0:0:0:x"),
        ("", ""),
        ("not an address", "an address that cannot be read"),
    ],
)
def test_a_network_address_is_shown_without_the_part_that_points_to_a_home(address, shown):
    assert shortened(address) == shown


# --- who may read it ----------------------------------------------------------------
@pytest.mark.parametrize("who", [a_clinician, a_manager])
def test_it_is_the_runners_page(who):
    assert signed_in(who()).get(reverse("records")).status_code == 403
    assert signed_in(None).get(reverse("records")).url.startswith(reverse("account_login"))


def test_a_name_is_text(rosa):
    seen(rosa, a_clinician(name="<script>alert(1)</script>"), detail="<b>bold</b>")
    words = page_of(rosa)
    assert "<script>alert" not in words and "<b>bold" not in words
