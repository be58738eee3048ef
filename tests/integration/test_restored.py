"""After a restore: what is skipped, what may come twice, and that no day closes before somebody says so."""

import datetime
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from accounts.emails import Words
from accounts.models import AccountMail
from accounts.services.mail import owe_mail
from programs import tasks
from programs.mailing.reasons import BEFORE_RESTORE
from programs.models import Decision, JobHeartbeat, MailChoice, MessageOwed
from programs.services import holds
from programs.services.erasure import erase, log
from programs.services.restored import settle_what_was_owed
from rehab import diagnosis
from rehab.backups.restoring import Restored, _erase_again, _is_empty
from rehab.management.commands.restore import Command as Restore
from tests.integration.story import QUIET, RUN, Story
from tests.support.mail_choices import choice_of, remind_at
from tests.support.people import a_runner

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def rosa() -> Story:
    story = Story()
    story.seen_by()
    return story


def a_hold(now: datetime.datetime, note: str = holds.HELD) -> None:
    holds.hold(note=note, now=now)


def owed(rosa: Story, kind: str, now: datetime.datetime, **more) -> MessageOwed:
    facts = {
        "recipient": rosa.runner,
        "enrolment": rosa.enrolment,
        "kind": kind,
        "local_date": now.date(),
        "created_at": now - HOUR,
        "wanted_at": now - HOUR,
        "due_at": now - HOUR,
        "message_id": f"<{uuid.uuid4()}@rehab.example>",
    }
    return MessageOwed.objects.create(**facts | more)


def test_what_was_due_is_skipped_with_its_reason_and_safety_stays_owed(rosa):
    now = rosa.at(5)
    news = owed(rosa, "written", now)
    later = owed(rosa, "again", now, due_at=now + HOUR)
    pause = owed(rosa, "pause", now, level="urgent", leased_until=now + HOUR)
    done = settle_what_was_owed(backup_of=now - HOUR, now=now)
    for row in (news, later, pause):
        row.refresh_from_db()
    assert (news.status, news.outcome) == ("skipped", BEFORE_RESTORE)
    assert (later.status, pause.status, pause.leased_until) == ("owed", "owed", None)
    assert done["mails that were due are skipped"] == 1
    assert done["notices about safety stay owed and may come twice"] == 1


def test_what_the_clock_struck_since_the_backup_is_not_sent_again(rosa):
    remind_at(rosa.runner, datetime.time(18), now=rosa.at(2, datetime.time(9)))
    now = rosa.at(3, datetime.time(21))
    assert choice_of(rosa.runner).next_at <= now
    settle_what_was_owed(backup_of=rosa.at(2), now=now)
    assert not MailChoice.objects.due(now).exists()
    assert set(MessageOwed.objects.values_list("status", flat=True)) == {"skipped"}
    assert choice_of(rosa.runner).next_at > now


def test_codes_are_wiped_and_everybody_is_signed_out(rosa, client):
    now = timezone.now()
    words = Words(subject="A code", text="Your code is 123456", html="<p>123456</p>")
    owe_mail(email="rosa@example.org", kind="login_code", words=words, now=now)
    client.force_login(rosa.runner)
    settle_what_was_owed(backup_of=now - HOUR, now=now)
    mail = AccountMail.objects.get(kind="login_code")
    assert (mail.status, mail.text, mail.html, mail.outcome) == ("expired", "", "", BEFORE_RESTORE)
    assert not Session.objects.exists()


def test_news_of_a_day_that_is_closed_once_more_are_not_told_once_more(rosa):
    for day in range(1, 5):
        rosa.log(day, **RUN)
    # The backup is of the first evening; the restore comes when the site had closed all of them.
    settle_what_was_owed(backup_of=rosa.at(1), now=rosa.at(6))
    rosa.close(5)
    told = MessageOwed.objects.filter(kind="advance")
    assert Decision.objects.filter(decision="advance").exists() and told.exists()
    MessageOwed.objects.update(created_at=rosa.at(6) + HOUR, due_at=rosa.at(6) + HOUR)
    tasks.deliver_due(now=rosa.at(7))
    assert set(told.values_list("status", "outcome")) == {("skipped", BEFORE_RESTORE)}


def test_no_day_is_closed_while_it_is_held(rosa):
    rosa.log(1, **QUIET)
    a_hold(timezone.now())
    tasks.tick()
    tasks.close_range(first=rosa.pk, last=rosa.pk)
    with pytest.raises(CommandError, match="restored"):
        call_command("close_days")
    assert not Decision.objects.exists()
    assert JobHeartbeat.objects.get(name="tick").note == holds.HELD
    assert diagnosis.hold(timezone.now()).grade == "WRONG"
    call_command("resume", "--yes")
    tasks.tick()
    assert Decision.objects.exists()
    assert diagnosis.hold(timezone.now()).grade == "good"


def test_a_red_flag_is_taken_and_told_while_it_is_held(rosa):
    a_hold(rosa.at(1))
    recorded = rosa.log(2, **QUIET, red_flags=("saddle_numbness",))
    assert recorded.pause is not None
    tasks.deliver_due(now=rosa.at(2) + HOUR)
    assert MessageOwed.objects.filter(kind="clinician_pause", status="sent").exists()


def test_nothing_happens_while_rows_come_back(rosa):
    a_hold(timezone.now(), holds.BEING_RESTORED)
    row = owed(rosa, "pause", rosa.at(2), level="urgent")
    tasks.send_due()
    row.refresh_from_db()
    assert row.status == "owed"
    for command in (["resume", "--yes"], ["deliver"]):
        with pytest.raises(CommandError, match="--replace"):
            call_command(*command)


def test_resume_says_first_what_would_happen(rosa, capsys):
    a_hold(rosa.at(5))
    call_command("resume")
    assert "1 programmes have days to be closed" in capsys.readouterr().out
    assert holds.held_because()


# --- whoever was erased since ----------------------------------------------------------------------------
@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_an_erasure_is_listed_by_a_reference_alone(rosa, var):
    reference, name = rosa.runner.public_id, rosa.runner.name
    erase(user=rosa.runner, now=rosa.at(3))
    text = (var / log.NAME).read_text()
    assert name not in text and rosa.runner.email not in text
    assert [(one.reference, one.is_done) for one in log.read(var / log.NAME)] == [(reference, True)]
    assert (var / log.NAME).stat().st_mode & 0o077 == 0


def test_an_erasure_that_cannot_be_listed_does_not_begin(rosa, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "absent"
    with pytest.raises(OSError, match=r"erasures\.log"):
        erase(user=rosa.runner, now=rosa.at(3))
    rosa.runner.refresh_from_db()
    assert rosa.runner.erased_at is None


def test_half_a_line_on_a_full_disk_is_no_line(rosa, var, monkeypatch):
    monkeypatch.setattr(log.os, "write", lambda descriptor, line: len(line) // 2)
    with pytest.raises(OSError, match="half a line"):
        erase(user=rosa.runner, now=rosa.at(3))
    rosa.runner.refresh_from_db()
    assert rosa.runner.erased_at is None


def test_who_is_listed_is_erased_again_and_who_was_only_begun_is_named(rosa, var):
    anna, bela = a_runner("anna@example.org", "Anna"), a_runner("bela@example.org", "Bela")
    listed = [
        log.Logged(anna.public_id, rosa.at(1), is_done=True),
        log.Logged(bela.public_id, rosa.at(1), is_done=False),
        log.Logged(uuid.uuid4(), rosa.at(1), is_done=True),
    ]
    done = Restored()
    assert list(_erase_again(done, listed, rosa.at(3))) == [str(anna.public_id)]
    assert done.erased == [str(anna.public_id)]
    assert len(done.not_erased) == 1 and str(bela.public_id) in done.not_erased[0]
    assert type(bela).objects.filter(pk__in=[anna.pk, bela.pk]).get() == bela


CUT_OFF = [
    "2026-03-02T12:00:00.123456+00:00 done 0f8fad5b-d9cb-469f-a165-70867728",
    "2026-03-02T12:00:00+00:00 begun ",
    "2026-03-02T12:00:00.5",
    "2026-1",
    "2",
]


@pytest.mark.parametrize("part", CUT_OFF)
def test_a_last_line_that_was_cut_off_loses_none_before_it_and_is_said(part, rosa, var, capsys):
    reference = rosa.runner.public_id
    file = var / log.NAME
    file.write_text(f"2026-03-02T12:00:00+00:00 begun {reference}\n{part}")
    assert log.read(file) == [log.Logged(reference, rosa.at(1, datetime.time(12)), is_done=False)]
    assert log.cut_off(file) == [f"{file}, line 2: “{part.strip()}”"]
    assert len(Restore()._erasures([file], nobody=False)) == 1
    assert f"line 2: “{part.strip()}”" in capsys.readouterr().out


def test_what_is_listed_after_a_crash_does_not_grow_out_of_the_line_that_it_left(rosa, var):
    reference, file = rosa.runner.public_id, var / log.NAME
    file.write_text(CUT_OFF[0])
    erase(user=rosa.runner, now=rosa.at(3))
    assert [(one.reference, one.is_done) for one in log.read(file)] == [(reference, True)]
    assert len(log.cut_off(file)) == 1


def test_a_line_that_lacks_nothing_but_its_end_is_whole(var):
    reference, file = uuid.uuid4(), var / log.NAME
    file.write_text(f"2026-03-02T12:00:00+00:00 done {reference}")
    assert [(one.reference, one.is_done) for one in log.read(file)] == [(reference, True)]
    assert not log.cut_off(file)


def test_zeros_that_a_failing_disk_left_are_nothing(var):
    reference, file = uuid.uuid4(), var / log.NAME
    file.write_bytes(f"2026-03-02T12:00:00+00:00 done {reference}\n".encode() + bytes(40))
    assert [one.reference for one in log.read(file)] == [reference]


def test_a_list_that_is_none_is_refused(tmp_path):
    file = tmp_path / "erasures.log"
    file.write_text("2026-03-02T12:00:00+00:00 done somebody\n")
    with pytest.raises(ValueError, match="line 1"):
        log.read(file)


# --- what is there already ------------------------------------------------------------------------------
def test_a_database_that_is_damaged_is_replaced_only_by_who_says_so_and_one_that_is_away_by_nobody(
    monkeypatch,
):
    def broken(error: Exception) -> None:
        def refuse() -> bool:
            raise error

        monkeypatch.setattr("rehab.backups.restoring.tables.is_empty", refuse)

    broken(DatabaseError("file is not a database"))
    assert _is_empty() is False
    broken(OperationalError("connection refused"))
    with pytest.raises(OperationalError):
        _is_empty()
