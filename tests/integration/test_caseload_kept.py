"""What a process keeps of a caseload changes no page: whatever is written is on the next one."""

import datetime
import random
import re
import uuid

import pytest
import time_machine
from django.utils import timezone

from accounts import kept
from accounts.kept import forget_all
from accounts.models import AccessRecord, Consent, User
from accounts.services import grant_consent, revoke_consent
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
from programs.selectors import kept_cases
from programs.services.days import close_due
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
STEPS = 20
#: What differs between two pages of the same: tokens, and keys of forms.
_OWN = re.compile(r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|nonce="[^"]*"')


def page_of(browser) -> str:
    answer = browser.get("/caseload/")
    assert answer.status_code == 200
    return _OWN.sub("", answer.content.decode())


# --- writes, each of one sort; whichever way a row changes, also past every service -------------
def _says(draw: random.Random, enrolment: Enrolment, **more) -> None:
    """A day is written, or written anew, without anything else that a service would touch."""
    at = {"recorded_at": timezone.now(), "recorded_by": enrolment.runner, "stage_shown": enrolment.stage}
    ran = draw.random() < 0.3
    session = (
        {"session": "done", "during": draw.choice((1, 4, 8)), "after": 1} if ran else {"session": "none"}
    )
    scores = {name: draw.choice((None, 0, 2, 3, 6)) for name in ("morning", "rest")}
    date = timezone.now().date() - draw.choice((0, 0, 1, 2, 5, 20, 23)) * DAY
    defaults = {"during": None, "after": None, **scores, **session, **at, **more}
    DiaryEntry.objects.update_or_create(enrolment=enrolment, date=date, defaults=defaults)


def _leg(draw, enrolment, petra) -> None:
    _says(draw, enrolment, leg="below_knee")


def _red_flag(draw, enrolment, petra) -> None:
    level = draw.choice(("emergency", "urgent"))
    Enrolment.objects.filter(pk=enrolment.pk).update(refer=level, paused_at=timezone.now())
    of_her = {"level": level, "opened_at": timezone.now(), "owner": petra, "owned_since": timezone.now()}
    if not RedFlagCase.objects.filter(enrolment=enrolment, closed_at=None).exists():
        RedFlagCase.objects.create(enrolment=enrolment, **of_her)


def _seen(draw, enrolment, petra) -> None:
    RedFlagCase.objects.filter(closed_at=None).update(seen_at=timezone.now(), seen_by=petra)


def _note(draw, enrolment, petra) -> None:
    entry = DiaryEntry.objects.filter(enrolment=enrolment).order_by("-date").first()
    at = {"noted_at": timezone.now(), "recorded_at": timezone.now(), "recorded_by": enrolment.runner}
    said = {"occasion": "flare", "site": draw.choice(("back", "below_knee")), "score": draw.choice((3, 8))}
    PainNote.objects.create(entry=entry, key=uuid.uuid4(), **said, **at)


def _hold(draw, enrolment, petra) -> None:
    today = timezone.now().date()
    until = today + draw.choice((0, 1, 4)) * DAY
    by = {"made_at": timezone.now(), "made_by": petra, "date": today, "reason": "Settle first"}
    Override.objects.create(enrolment=enrolment, kind="hold_until", until=until, review_on=until, **by)
    Enrolment.objects.filter(pk=enrolment.pk).update(hold_until=until)


def _adjusted(draw, enrolment, petra) -> None:
    today = timezone.now().date()
    by = {
        "made_at": timezone.now(),
        "made_by": petra,
        "date": today,
        "reason": "Sore",
        "reason_code": "other",
    }
    review = today + draw.choice((0, 1)) * DAY
    Adjustment.objects.create(
        enrolment=enrolment, exercise="bird_dog", kind="leave_out", review_on=review, **by
    )


def _message(draw, enrolment, petra) -> None:
    SharedMessage.objects.create(
        enrolment=enrolment, words="?", written_at=timezone.now(), written_by=enrolment.runner
    )


def _put_off(draw, enrolment, petra) -> None:
    by = {"made_at": timezone.now(), "made_by": petra}
    if Snooze.objects.filter(enrolment=enrolment, ended_at=None).update(ended_at=timezone.now()):
        return
    until = timezone.now().date() + 2 * DAY
    Snooze.objects.create(enrolment=enrolment, need="silent", until=until, note="Away", **by)


def _consent(draw, enrolment, petra) -> None:
    about = {"runner": enrolment.runner, "clinician": petra, "now": timezone.now()}
    if Consent.objects.in_force(timezone.now()).filter(runner=enrolment.runner).exists():
        revoke_consent(**about)
    else:
        grant_consent(**about)


def _name(draw, enrolment, petra) -> None:
    User.objects.filter(pk=enrolment.runner_id).update(name=f"New <{draw.randrange(99)}>")


def _language(draw, enrolment, petra) -> None:
    User.objects.filter(pk=petra.pk).update(language=draw.choice(("", "en-gb", "zh-hans")))


def _zone(draw, enrolment, petra) -> None:
    whose = draw.choice((petra.pk, enrolment.runner_id))
    User.objects.filter(pk=whose).update(time_zone=draw.choice(("Asia/Tokyo", "UTC", "America/Lima")))


def _stage(draw, enrolment, petra) -> None:
    stage = draw.choice(("S2_core", "S3_run1_walk4"))
    Enrolment.objects.filter(pk=enrolment.pk).update(stage=stage, failures=draw.choice((0, 0, 3)))


def _planned(draw, enrolment, petra) -> None:
    date = timezone.now().date() - draw.randrange(12) * DAY
    PlannedSession.objects.get_or_create(enrolment=enrolment, date=date, defaults={"stage": enrolment.stage})


def _ledger(draw, enrolment, petra) -> None:
    """Another decision in the ledger, as a correction writes it."""
    newest = enrolment.decisions.filter(superseded_by=None, decision="hold", trigger="day_close").last()
    if newest is None:
        return
    fields = {f.attname: getattr(newest, f.attname) for f in Decision._meta.concrete_fields if f.name != "id"}
    waits = draw.choice(({"rule": "D8P_SIGN_OFF"}, {"refer": "routine"}, {"rule": "D8M_QUIET_DAYS"}))
    Decision.objects.create(**fields | {"trigger": "correction", "supersedes_id": newest.pk} | waits)


def _entry(draw, enrolment, petra) -> None:
    _says(draw, enrolment)


WRITES = (
    *(_entry, _entry, _leg, _red_flag, _seen, _note, _hold, _adjusted, _message, _put_off, _consent, _name),
    *(_language, _zone, _stage, _planned, _ledger),
)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_written_stands_on_the_next_page(seed):
    draw = random.Random(seed)
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as clock:
        petra = a_clinician()
        lived = ([QUIET, COMFORTABLE], [QUIET, None, None, None], [COMFORTABLE] * 3)
        runners = [
            live(
                an_enrolment(a_runner(f"r{n}@example.org", f"Rae {n}"), clinician=petra, days_ago=len(days)),
                *days,
            )
            for n, days in enumerate(lived)
        ]
        browser, pages = signed_in(petra), set()
        page_of(browser)
        for _ in range(STEPS):
            write = draw.choice(WRITES)
            write(draw, draw.choice(runners), petra)
            if draw.random() < 0.3:
                clock.shift(draw.choice((1, 60, 5 * 3600, 13 * 3600)))
                browser = signed_in(petra)
            if draw.random() < 0.1:
                close_due(now=timezone.now(), job="test")
            shown = page_of(browser)
            forget_all()
            assert shown == page_of(browser), write.__name__
            pages.add(shown)
    # The writes were seen at all.
    assert len(pages) > STEPS // 3


# --- what is kept -----------------------------------------------------------------------
@pytest.fixture
def three():
    petra = a_clinician()
    for n in range(3):
        live(an_enrolment(a_runner(f"r{n}@example.org", f"Rae {n}"), clinician=petra, days_ago=1), QUIET)
    return petra


def test_an_unchanged_runner_is_worked_out_once(three, monkeypatch):
    forget_all()
    made = []
    work = kept_cases.case_of
    monkeypatch.setattr(kept_cases, "case_of", lambda *given: made.append(1) or work(*given))
    browser = signed_in(three)
    page_of(browser), page_of(browser)
    assert len(made) == 3
    DiaryEntry.objects.filter(enrolment__runner__name="Rae 1").update(rest=2)
    page_of(browser)
    assert len(made) == 4


def test_every_look_is_written_down_also_of_what_is_kept(three):
    browser = signed_in(three)
    page_of(browser), page_of(browser)
    assert AccessRecord.objects.filter(act="list", actor=three).count() == 6


def test_who_could_not_be_read_is_not_kept(three, monkeypatch):
    forget_all()
    monkeypatch.setattr(kept_cases, "programmes_known", lambda enrolments: {})
    page_of(signed_in(three))
    assert len(kept_cases._kept) == 0


def test_on_another_day_nothing_of_before_is_kept(three):
    with time_machine.travel(timezone.now()) as clock:
        page_of(signed_in(three))
        assert len(kept_cases._kept) == 3
        clock.shift(DAY)
        kept.forget_yesterday(timezone.now().date())
        assert len(kept_cases._kept) == 0


def test_no_more_is_kept_than_said_and_nothing_that_failed():
    one = kept.Kept(most=2)
    assert [one.of(key, lambda key=key: key * 2) for key in (1, 2, 3)] == [2, 4, 6]
    assert len(one) == 2 and one.of(3, lambda: "anew") == 6 and one.of(1, lambda: "anew") == "anew"
    with pytest.raises(ZeroDivisionError):
        one.of(4, lambda: 1 // 0)
    assert one.of(4, lambda: "made") == "made"
