"""What was kept long enough goes, what was not stays, and a second run finds nothing."""

import datetime
import os

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command

from accounts.emails import Words
from accounts.models import AccessRecord, AccountMail, CacheEntry, Erasure, HandOver, Invitation, User
from accounts.services.mail import owe_mail
from programs import tasks
from programs.models import Decision, Enrolment, JobHeartbeat, MessageOwed
from programs.services import health
from programs.services.erasure import erase
from programs.services.retention import apply_retention, is_due, steps
from tests.builders import an_enrolment
from tests.integration.lives import Life
from tests.support.people import a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2034, 3, 15, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch):
    """The database's clock is real and the tests' is not."""
    monkeypatch.setattr(health, "database_now", lambda: None)


def ago(**parts) -> datetime.datetime:
    return NOW - datetime.timedelta(**parts)


def a_record(at: datetime.datetime) -> AccessRecord:
    runner = User.objects.filter(role="runner").first() or a_runner()
    return AccessRecord.objects.create(runner=runner, act="view", detail="a page", at=at)


def a_mail(settled_at: datetime.datetime | None) -> AccountMail:
    mail = owe_mail(email="x@example.org", kind="other", words=Words("a", "b"), now=ago(days=400))
    if settled_at:
        AccountMail.objects.filter(pk=mail.pk).update(status="sent", settled_at=settled_at, text="", html="")
    return mail


def a_message(enrolment: Enrolment, number: int, settled_at: datetime.datetime | None) -> MessageOwed:
    return MessageOwed.objects.create(
        recipient=enrolment.runner,
        enrolment=enrolment,
        kind="reminder",
        local_date=datetime.date(2033, 1, number),
        created_at=ago(days=400),
        wanted_at=ago(days=400),
        due_at=ago(days=400),
        status="sent" if settled_at else "owed",
        settled_at=settled_at,
        message_id=f"<{enrolment.pk}.{number}>",
    )


def an_invitation(number: int, expires_at: datetime.datetime, settled_at=None) -> Invitation:
    by = User.objects.filter(role="manager").first() or a_manager()
    return Invitation.objects.create(
        kind="join",
        secret_digest=f"{number:064}",
        email=f"{number}@example.org",
        invited_by=by,
        invited_at=ago(days=500),
        expires_at=expires_at,
        outcome="declined" if settled_at else "open",
        settled_at=settled_at,
    )


def test_records_of_who_saw_what_go_after_their_years():
    old, young = (
        a_record(datetime.datetime(2026, 3, 14, 23, 59, tzinfo=datetime.UTC)),
        a_record(ago(days=8 * 365)),
    )
    apply_retention(now=NOW)
    assert list(AccessRecord.objects.all()) == [young]
    assert old.pk != young.pk


def test_settled_mails_go_and_owed_ones_stay():
    a_mail(settled_at=ago(days=91))
    kept = [a_mail(settled_at=ago(days=89)), a_mail(settled_at=None)]
    apply_retention(now=NOW)
    assert sorted(AccountMail.objects.values_list("pk", flat=True)) == [mail.pk for mail in kept]


def test_the_notice_of_an_open_hand_over_stays_and_that_of_a_settled_one_goes():
    life = Life()
    notice, other = a_mail(ago(days=91)), a_mail(ago(days=91))
    hand_overs = list(HandOver.objects.order_by("pk"))
    HandOver.objects.filter(pk=hand_overs[0].pk).update(notice=notice, outcome="open", settled_at=None)
    HandOver.objects.filter(pk=hand_overs[1].pk).update(notice=other)
    apply_retention(now=NOW)
    assert AccountMail.objects.filter(pk=notice.pk).exists()
    assert not AccountMail.objects.filter(pk=other.pk).exists()
    assert HandOver.objects.get(pk=hand_overs[1].pk).notice is None
    assert life.runner.is_active


def test_messages_of_a_pause_that_lasts_stay_so_that_nobody_is_told_twice():
    calm, paused = an_enrolment(), an_enrolment()
    Enrolment.objects.filter(pk=paused.pk).update(refer="urgent", paused_at=ago(days=401))
    for enrolment in (calm, paused):
        a_message(enrolment, 1, ago(days=91))
        a_message(enrolment, 2, ago(days=89))
        a_message(enrolment, 3, None)
    apply_retention(now=NOW)
    assert MessageOwed.objects.filter(enrolment=calm).count() == 2
    assert MessageOwed.objects.filter(enrolment=paused).count() == 3


def test_invitations_go_when_they_are_settled_or_over():
    an_invitation(1, ago(days=400), settled_at=ago(days=91))
    an_invitation(2, ago(days=91))
    kept = [
        an_invitation(3, ago(days=400), settled_at=ago(days=89)),
        an_invitation(4, ago(days=89)),
        an_invitation(5, NOW + DAY),
    ]
    apply_retention(now=NOW)
    assert sorted(Invitation.objects.values_list("pk", flat=True)) == [row.pk for row in kept]


def test_a_sign_up_that_was_never_proved_goes():
    never, young, proved, entered = (a_runner(f"{name}@example.org") for name in ("a", "b", "c", "d"))
    for user in (never, young, entered):
        user.emailaddress_set.update(verified=False)
    User.objects.filter(pk__in=[never.pk, proved.pk, entered.pk]).update(date_joined=ago(days=91))
    User.objects.filter(pk=young.pk).update(date_joined=ago(days=89))
    User.objects.filter(pk=entered.pk).update(last_login=ago(days=90))
    apply_retention(now=NOW)
    assert set(User.objects.all()) == {young, proved, entered}


def test_what_was_kept_of_an_erased_runner_goes_after_its_last_day():
    life = Life()
    erasure = erase(user=life.runner, now=life.at(35))
    last_day = datetime.datetime.combine(erasure.kept_until, datetime.time(23, 59), datetime.UTC)
    apply_retention(now=last_day)
    assert Decision.objects.exists()
    counts = apply_retention(now=last_day + DAY)
    assert counts["records of erased runners whose time is over"] == 1
    assert not Decision.objects.exists() and not Enrolment.objects.exists()
    assert not User.objects.filter(public_id=erasure.pseudonym).exists()
    assert [row.kind for row in Erasure.objects.order_by("pk")] == ["pseudonym", "retention"]


def test_a_promise_holds_whatever_is_set_later(settings):
    life = Life()
    erasure = erase(user=life.runner, now=life.at(35))
    settings.REHAB_KEEP_RECORD_YEARS = 1
    apply_retention(now=life.at(35) + 2 * 365 * DAY)
    assert User.objects.filter(public_id=erasure.pseudonym).exists()


def test_a_closed_account_goes_with_the_last_record_that_names_it():
    life = Life()
    erase(user=life.runner, now=life.at(35))
    for clinician in (life.hers, life.colleague):
        erase(user=clinician, now=life.at(36))
    apply_retention(now=life.at(37))
    assert User.objects.filter(name="Petra Physio").exists()
    apply_retention(now=NOW + 400 * DAY)
    assert set(User.objects.values_list("name", flat=True)) == {
        "Fritz Former",
        "Mara Manager",
        "Anna Another",
    }


def test_sessions_that_ended_go_with_where_they_were():
    ended, alive = (signed_in(a_runner(f"{name}@example.org")).session for name in ("ended", "alive"))
    for session in (ended, alive):
        user = User.objects.get(pk=session["_auth_user_id"])
        UserSession.objects.create(user=user, ip="192.0.2.1", user_agent="x", session_key=session.session_key)
    Session.objects.filter(pk=ended.session_key).update(expire_date=ago(days=1))
    Session.objects.filter(pk=alive.session_key).update(expire_date=NOW + DAY)
    CacheEntry.objects.create(cache_key="old", value="x", expires=ago(days=1))
    apply_retention(now=NOW)
    assert UserSession.objects.get().session_key == Session.objects.get().pk == alive.session_key
    assert not CacheEntry.objects.filter(cache_key="old").exists()


def test_lines_of_the_log_and_files_of_mails_go(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    manager = a_manager()
    for action_time in (ago(days=9 * 365), ago(days=7 * 365)):
        row = LogEntry.objects.create(user=manager, object_repr="x", action_flag=CHANGE)
        LogEntry.objects.filter(pk=row.pk).update(action_time=action_time)
    for name, age in (("old.log", 91), ("young.log", 89)):
        (tmp_path / name).write_text("To: x")
        os.utime(tmp_path / name, (ago(days=age).timestamp(),) * 2)
    counts = apply_retention(now=NOW)
    assert LogEntry.objects.count() == 1
    assert [file.name for file in tmp_path.iterdir()] == ["young.log"]
    assert counts["files of mails"] == 1


def test_a_second_run_finds_nothing():
    a_record(ago(days=9 * 365))
    assert apply_retention(now=NOW)
    assert apply_retention(now=NOW) == {}


def test_many_rows_go_in_batches(monkeypatch):
    monkeypatch.setattr("programs.services.retention.BATCH", 3)
    for number in range(8):
        a_record(ago(days=9 * 365 + number))
    assert apply_retention(now=NOW) == {"records of who saw what": 8}


def test_a_dry_run_says_what_would_go_and_deletes_nothing(capsys):
    with time_machine.travel(NOW, tick=False):
        a_record(ago(days=9 * 365))
        call_command("apply_retention", "--dry-run")
        assert "records of who saw what: 1\n1 would go (dry run, nothing deleted)." in capsys.readouterr().out
        assert AccessRecord.objects.count() == 1
        call_command("apply_retention")
        assert "1 deleted." in capsys.readouterr().out
        assert not AccessRecord.objects.exists()


def test_the_job_runs_once_a_day_however_often_it_is_asked():
    with time_machine.travel(NOW, tick=False) as clock:
        assert is_due(now=NOW)
        tasks.keep_no_longer()
        assert JobHeartbeat.objects.get(name="apply_retention").beat_at == NOW
        a_record(ago(days=9 * 365))
        clock.shift(datetime.timedelta(hours=1))
        tasks.keep_no_longer()
        assert AccessRecord.objects.count() == 1
        clock.shift(datetime.timedelta(hours=23))
        tasks.keep_no_longer()
        assert not AccessRecord.objects.exists()


def test_every_step_is_named_once():
    words = [step.words for step in steps(NOW)]
    assert len(set(words)) == len(words) == 12
