"""The delivery log: every mail once, found by what is known of it, and nothing of anybody's health."""

import datetime
import re
from dataclasses import asdict

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessRecord, Act
from programs.admin import MessageOwedAdmin
from programs.models import MessageKind, MessageOwed, MessageStatus
from programs.selectors import delivery_log as selector
from programs.selectors.delivery_log import Asked, State, delivery_log
from programs.selectors.mail_metrics import mail_metrics
from programs.selectors.mail_sorts import KINDS, SORT_OF, SORTS, Sort, reason_of, technical
from tests.builders import an_enrolment
from tests.support.mail_rows import a_message, an_account_mail
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/site/mails/"
MINUTE, HOUR, DAY = (datetime.timedelta(**{name: 1}) for name in ("minutes", "hours", "days"))
#: What would tell of a pause, of how pressing it is, or of a diary.
HEALTH = re.compile(
    r"paused|emergency|urgent|routine|red flag|the day is logged|consent|physiotherapist no more", re.I
)


@pytest.fixture
def mara():
    return a_manager()


@pytest.fixture
def rosa():
    return an_enrolment(a_runner(), clinician=a_clinician())


def log(mara, now=None, **asked):
    return delivery_log(viewer=mara, asked=Asked(**asked), now=now or timezone.now())


def addresses(mara, **asked) -> list[str]:
    return [row.address for row in log(mara, **asked).rows]


def main_of(answer) -> str:
    """What the page says of mails, without the words that explain the states."""
    whole = " ".join(answer.content.decode().split())
    return whole[whole.index('id="mails"') : whole.index("How to read this list")]


def test_every_kind_of_message_is_of_one_sort():
    assert set(SORT_OF) == set(MessageKind)
    assert sum(map(len, KINDS.values())) == len(MessageKind)
    assert set(SORTS) == set(Sort)


def test_messages_and_account_mails_stand_in_one_list_the_newest_first(mara, rosa):
    now = timezone.now()
    a_message(rosa.runner, rosa, now - 3 * MINUTE)
    an_account_mail("rosa@example.org", now - 2 * MINUTE, rosa.runner)
    a_message(rosa.runner, rosa, now - MINUTE, MessageKind.ADVANCE)
    assert [row.sort for row in log(mara).rows] == ["About the programme", "Account", "Reminder"]


@pytest.mark.parametrize("kind", MessageKind.values)
@pytest.mark.parametrize("status", MessageStatus.values)
def test_nothing_of_anybodys_health_is_on_the_page(mara, rosa, kind, status):
    petra = a_clinician("pia@example.org", "Pia Physio")
    why = "" if status in ("owed", "sent") else "the programme is paused: urgent, the day is logged"
    a_message(petra, rosa, timezone.now(), kind, status=status, outcome=why, level="urgent")
    shown = main_of(signed_in(mara).get(PAGE))
    assert "pia@example.org" in shown
    assert not HEALTH.search(shown)
    assert "rosa" not in shown.lower()


@pytest.mark.parametrize(
    ("outcome", "is_skipped", "said"),
    [
        ("the day is logged", True, "not wanted any more"),
        ("the programme is paused", True, "not wanted any more"),
        ("somebody turned it off at 550 Error Street", True, "not wanted any more"),
        ("its day was over", True, "its time was over"),
        (
            "its day ended before it could be sent: SMTPDataError 451",
            False,
            "its time was over: SMTPDataError 451",
        ),
        ("SMTPRecipientsRefused 550", False, "SMTPRecipientsRefused 550"),
        ("SMTPDataError 552 5.2.2 rosa@example.org is paused", False, "SMTPDataError 552 5.2.2"),
        ("AnymailRecipientsRefused HTTP 422", False, "AnymailRecipientsRefused HTTP 422"),
    ],
)
def test_a_reason_is_a_code_or_says_nothing(outcome, is_skipped, said):
    assert reason_of(outcome, is_skipped=is_skipped) == said


def test_what_is_technical_holds_no_address():
    assert technical("Refused: <ann@example.org> said 550 5.1.1 no such Ann") == "Refused 550 5.1.1"


def test_a_mail_is_found_by_address_part_of_it_and_message_id(mara, rosa):
    ruth = an_enrolment(a_runner("ruth@example.org", "Ruth Runner"))
    now = timezone.now()
    hers, mail = a_message(ruth.runner, ruth, now), an_account_mail("rosa@example.org", now, rosa.runner)
    a_message(rosa.runner, rosa, now - HOUR)
    assert addresses(mara, query="RUTH@example.org") == ["ruth@example.org"]
    assert addresses(mara, query="rosa") == ["rosa@example.org", "rosa@example.org"]
    assert addresses(mara, query=hers.message_id) == ["ruth@example.org"]
    assert addresses(mara, query=mail.message_id.strip("<>")) == ["rosa@example.org"]
    assert addresses(mara, query="nobody@example.org") == []


def test_an_address_without_an_account_is_shown_to_whoever_asks_for_it_only(mara):
    """Whom a physiotherapist invited is between the two."""
    an_account_mail("friend@example.org", timezone.now())
    assert addresses(mara) == [""]
    assert addresses(mara, query="friend") == []
    assert addresses(mara, query="Friend@example.org") == ["friend@example.org"]
    assert "an address without an account" in main_of(signed_in(mara).get(PAGE))


def test_a_pause_of_a_runner_is_told_from_a_step_forward_by_nothing(mara, rosa):
    """A runner has no safety notices: that one was hers would say that she was paused."""
    now = timezone.now()
    row = a_message(rosa.runner, rosa, now - 20 * MINUTE, MessageKind.PAUSE, level="urgent")
    pause = asdict(log(mara).rows[0])
    assert log(mara, sort=Sort.SAFETY).rows == () and log(mara, state=State.LATE).rows == ()
    waiting = log(mara).metrics.waiting
    assert waiting.safety is None and waiting.late == 0
    assert MessageOwedAdmin(MessageOwed, site).sort(row) == "About the programme"
    MessageOwed.objects.update(kind=MessageKind.ADVANCE, level="")
    assert asdict(log(mara).rows[0]) == pause
    assert mail_metrics(now=now).waiting.safety is None
    MessageOwed.objects.update(kind=MessageKind.PAUSE, level="urgent")
    assert mail_metrics(now=now).waiting.safety, "monitors, who know of nobody, still hear of it"


def test_states(mara, rosa):
    now = timezone.now()
    for status in ("sent", "uncertain", "skipped", "dead"):
        a_message(rosa.runner, rosa, now - HOUR, status=status, outcome="" if status == "sent" else "550")
    a_message(rosa.runner, rosa, now - 2 * HOUR)
    a_message(rosa.runner, rosa, now - 20 * MINUTE)
    a_message(rosa.runner, rosa, now - 20 * MINUTE, MessageKind.PAUSE)
    a_message(
        a_clinician("pia@example.org", "Pia Physio"), rosa, now - 20 * MINUTE, MessageKind.CLINICIAN_PAUSE
    )
    an_account_mail("rosa@example.org", now - 6 * MINUTE, rosa.runner)
    an_account_mail("rosa@example.org", now - DAY, rosa.runner, status="expired", outcome="its time was over")
    found = {state: [row.state for row in log(mara, state=state).rows] for state in State}
    assert found.pop(State.WAITING) == [
        State.LATE,
        State.LATE,
        State.WAITING,
        State.WAITING,
        State.LATE,
    ], "a pause that waits looks like any other news to a runner"
    assert found.pop(State.LATE) == [State.LATE] * 3
    assert found.pop(State.SKIPPED) == [State.SKIPPED] * 2
    assert found == {state: [state] for state in (State.SENT, State.UNCERTAIN, State.DEAD)}


def test_a_sort_is_chosen(mara, rosa):
    now = timezone.now()
    for kind in MessageKind:
        a_message(rosa.runner, rosa, now, kind)
    an_account_mail("rosa@example.org", now, rosa.runner)
    assert {sort: len(log(mara, sort=sort).rows) for sort in KINDS} == {
        sort: len(kinds) for sort, kinds in KINDS.items()
    }
    assert len(log(mara, sort=Sort.ACCOUNT).rows) == 1


def test_a_date_is_the_viewers(mara, rosa):
    mara.time_zone = "Pacific/Auckland"
    late_evening = datetime.datetime(2026, 3, 1, 22, tzinfo=datetime.UTC)
    a_message(rosa.runner, rosa, late_evening, status="sent")
    a_message(rosa.runner, rosa, late_evening)
    an_account_mail("rosa@example.org", late_evening, rosa.runner, status="sent")
    assert len(addresses(mara, date=datetime.date(2026, 3, 2))) == 3
    assert addresses(mara, date=datetime.date(2026, 3, 1)) == []


def test_older_pages_go_on_where_the_newer_ended(mara, rosa, monkeypatch):
    """Whatever was written meanwhile, and however the two tables lie within each other."""
    monkeypatch.setattr(selector, "PER_PAGE", 3)
    now = timezone.now()
    for minute in range(4):
        a_message(rosa.runner, rosa, now - minute * HOUR)
    mails = [a_message(rosa.runner, rosa, now - DAY + minute * MINUTE).message_id for minute in range(5)]
    mails += [an_account_mail("rosa@example.org", now + minute * MINUTE).message_id for minute in range(4)]
    client, seen, address = signed_in(mara), [], PAGE
    while address:
        answer = client.get(address)
        page = answer.context["page"]
        seen += [row.message_id for row in page.rows]
        assert len(page.rows) <= 3
        a_message(rosa.runner, rosa, now + DAY)
        address = f"{PAGE}?before={page.older}" if page.older else ""
    assert len(seen) == len(set(seen)) == 13
    assert set(mails) <= set(seen)


@pytest.mark.parametrize(
    "query",
    [
        "state=paused&sort=pause&date=yesterday&before=x",
        "date=0001-01-01",
        "date=9999-12-31",
        "before=99999999999999999999-1",
        "before=-",
        "before=1",
        "q=" + "x" * 3000,
    ],
)
def test_what_is_none_of_ours_in_the_address_is_no_error(mara, query):
    assert signed_in(mara).get(f"{PAGE}?{query}").status_code == 200


def test_whoever_is_shown_reads_that_it_was_seen(mara, rosa):
    """Of whom a physiotherapist was told is not shown, so it is no look at her data."""
    ruth = an_enrolment(a_runner("ruth@example.org", "Ruth Runner"))
    a_message(a_clinician("pia@example.org"), ruth, timezone.now(), MessageKind.CLINICIAN_PAUSE)
    a_message(rosa.runner, rosa, timezone.now())
    signed_in(mara).get(PAGE)
    (record,) = AccessRecord.objects.filter(act=Act.ADMIN)
    assert (record.runner, record.actor) == (rosa.runner, mara)
    assert "mails" in record.detail


def test_the_page_takes_as_many_queries_for_one_mail_as_for_many(mara, rosa):
    client, counts = signed_in(mara), []
    for number in (1, 40):
        for _ in range(number):
            a_message(rosa.runner, rosa, timezone.now())
            an_account_mail("rosa@example.org", timezone.now(), rosa.runner)
        with CaptureQueriesContext(connection) as counted:
            client.get(PAGE, {"q": "rosa"})
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 14


def test_the_log_itself_takes_nine_queries(mara, rosa, django_assert_max_num_queries):
    a_message(rosa.runner, rosa, timezone.now() - DAY)
    with django_assert_max_num_queries(9):
        log(mara, query="rosa")


def test_numbers_stand_above_the_list(mara, rosa):
    now = timezone.now()
    a_message(rosa.runner, rosa, now - 2 * HOUR, MessageKind.PAUSE)
    text = " ".join(signed_in(mara).get(PAGE).content.decode().split())
    assert "Mails are late" in text
    assert "2 hours" in text


def test_markup_in_an_address_stays_text(mara):
    a_message(a_clinician("x'><b>@example.org"), None, timezone.now(), MessageKind.DIGEST)
    assert "<b>@" not in signed_in(mara).get(PAGE).content.decode()
