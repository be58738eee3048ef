"""F28: people are erased while the jobs run. Tasks in flight end quietly, and nothing is left over.

First one act at a time, each at the worst moment, on both databases; then all
at once, on PostgreSQL.
"""

import contextlib
import datetime
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.emails import Words
from accounts.models import AccessRecord, Consent, HandOver, OpenErasure, User
from accounts.services import grant_consent, lanes, outbox
from accounts.services.delivery import deliver_account_mails
from accounts.services.errors import Refused
from accounts.services.hand_overs import carry_out_hand_overs
from accounts.services.mail import owe_mail
from accounts.services.offers import accept_offer, make_offer
from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.days import claim_due, close_due
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues, record_entry
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.erasure import erase
from programs.services.overrides import hold_until
from programs.services.people import change_time_zone
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import a_published_version, an_enrolment
from tests.integration.lives import Life
from tests.integration.story import QUIET, RUN, Story
from tests.support.mail_choices import remind_at
from tests.support.people import a_clinician, a_runner, signed_in

#: Tables that refer to a runner or to her programme.
OF_RUNNERS = {
    "accounts_accessrecord": "runner_id",
    "accounts_accountmail": "recipient_id",
    "accounts_consent": "runner_id",
    "account_emailaddress": "user_id",
    "programs_enrolment": "runner_id",
    "programs_intake": "runner_id",
    "programs_messageowed": "recipient_id",
}


def orphans() -> list[str]:
    """Rows that refer to an account that is not there; the database would say so at the commit."""
    found = []
    with connection.cursor() as cursor:
        for table, column in OF_RUNNERS.items():
            cursor.execute(
                f"SELECT COUNT(*) FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608
                f"AND {column} NOT IN (SELECT id FROM accounts_user)"
            )
            found += [table] if cursor.fetchone()[0] else []
    return found


# --- one act at a time, at the worst moment ------------------------------------------------------
@pytest.mark.django_db
class TestOneAtATime:
    def test_a_range_that_was_claimed_is_closed_without_her(self):
        stories = [Story(number) for number in range(4)]
        now = stories[0].enrolment.closes_at
        ((first, last),) = claim_due(now=now, batch_size=10)
        erase(user=stories[1].runner, now=now)
        report = close_due(now=now, job="worker", first=first, last=last)
        assert {row.enrolment_id for row in report.decisions} == {s.pk for s in stories} - {stories[1].pk}
        assert report.set_aside == {}

    def test_a_day_that_was_over_is_not_closed_for_a_pseudonym(self):
        story = Story()
        story.seen_by()
        now = story.enrolment.closes_at
        erase(user=story.runner, now=now)
        assert not close_due(now=now + datetime.timedelta(days=3), job="worker").decisions
        assert not owe_by_the_clock(now=now + datetime.timedelta(days=3))

    def test_a_message_that_was_claimed_is_not_sent(self, monkeypatch, mailoutbox):
        story = Story()
        story.live(1, [RUN, RUN, RUN, RUN])
        now, claim = story.at(5), outbox.claim
        assert MessageOwed.objects.due(now).count() == 1

        def claim_and_erase(*arguments):
            claimed = claim(*arguments)
            # A run claims until nothing is due any more.
            with contextlib.suppress(Refused):
                erase(user=story.runner, now=now)
            return claimed

        monkeypatch.setattr(outbox, "claim", claim_and_erase)
        assert deliver_due(now=now).sent == 0
        assert mailoutbox == []

    @pytest.mark.parametrize("treated", [False, True])
    def test_a_message_that_is_just_going_out_leaves_no_record(self, monkeypatch, treated):
        story = Story()
        hers = story.seen_by() if treated else None
        story.log(1, rest=4, red_flags=["CE_SADDLE"])
        now = story.at(1, datetime.time(22))

        def send_and_erase(mail, server):
            if User.objects.filter(pk=story.runner.pk, erased_at__isnull=True).exists():
                erase(user=story.runner, now=now)

        monkeypatch.setattr(lanes, "send", send_and_erase)
        deliver_due(now=now)
        assert not MessageOwed.objects.exists()
        assert orphans() == []
        told = AccessRecord.objects.filter(act="mail").exclude(detail="account deleted")
        assert not told.exists() or hers is None

    def test_an_account_mail_that_was_claimed_is_not_sent(self, monkeypatch, mailoutbox):
        life = Life()
        now, claim = life.at(34), outbox.claim
        owe_mail(email=life.runner.email, kind="other", words=Words("a", "b"), now=now, recipient=life.runner)
        mailoutbox.clear()

        def claim_and_erase(*arguments):
            claimed = claim(*arguments)
            with contextlib.suppress(Refused):
                erase(user=life.runner, now=now)
            return claimed

        monkeypatch.setattr(outbox, "claim", claim_and_erase)
        deliver_account_mails(now=now)
        assert not [mail for mail in mailoutbox if life.runner.email in mail.to]

    def test_a_hand_over_that_was_due_is_off(self):
        life = Life()
        HandOver.objects.filter(outcome="done").update(outcome="open", settled_at=None)
        erase(user=life.runner, now=life.at(35))
        assert carry_out_hand_overs(now=life.at(60)) == 0
        assert not Consent.objects.unrevoked().exists()

    def test_a_form_that_was_still_open_is_refused_or_not_there(self):
        whole, treated = Story(1), Story(2)
        treated.seen_by()
        for story in (whole, treated):
            story.old = story.enrolment
            erase(user=story.runner, now=story.at(1))
        values = EntryValues(**QUIET)
        with pytest.raises(Refused):
            record_entry(
                enrolment=treated.old,
                by=treated.runner,
                now=treated.at(1),
                date=treated.date(1),
                values=values,
            )
        with pytest.raises(Enrolment.DoesNotExist):
            record_entry(
                enrolment=whole.old, by=whole.runner, now=whole.at(1), date=whole.date(1), values=values
            )
        assert not DiaryEntry.objects.exists()

    def test_the_page_of_a_form_that_was_still_open_is_404(self, monkeypatch):
        enrolment = an_enrolment()
        browser = signed_in(enrolment.runner)

        def gone(self, pk):
            raise Enrolment.DoesNotExist

        monkeypatch.setattr(type(Enrolment.objects.all()), "locked", gone)
        answer = browser.post(reverse("week"), {"run_days": ["1", "3", "5"]})
        assert answer.status_code == 404

    @pytest.mark.parametrize("treated", [False, True])
    def test_nothing_begins_for_somebody_who_is_gone(self, treated):
        runner = a_runner()
        if treated:
            grant_consent(runner=runner, clinician=a_clinician(), now=runner.date_joined)
        code = make_offer(runner=runner, now=runner.date_joined)
        now = runner.date_joined + datetime.timedelta(hours=1)
        erase(user=runner, now=now)
        answers = IntakeAnswers(intake_pain=4, baseline_morning=2)
        with pytest.raises(Refused):
            enrol(runner=runner, version=a_published_version(), stage="S1_walking", answers=answers, now=now)
        with pytest.raises(Refused):
            accept_offer(code=code, clinician=a_clinician("other@example.org"), now=now)
        with pytest.raises(Refused):
            grant_consent(runner=runner, clinician=a_clinician("third@example.org"), now=now)

    def test_a_physiotherapist_who_was_about_to_act_is_refused(self):
        story = Story()
        hers, before = story.seen_by(), story.enrolment
        erase(user=story.runner, now=story.at(1))
        with pytest.raises(Refused):
            hold_until(enrolment=before, by=hers, now=story.at(1), until=story.date(3), reason="was about to")


# --- all at once ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="needs several writers: runs in the PostgreSQL part of make test",
)
class TestAllAtOnce:
    def test_twenty_people_go_while_everything_runs(self):
        stories = a_full_house()
        now = stories[0].at(6, datetime.time(4))
        raised = while_everything_runs(stories, now)
        assert raised == []
        assert orphans() == []
        assert not OpenErasure.objects.exists()
        gone = [story for story in stories if story.number < 20]
        assert not User.objects.filter(email__in=[story.runner.email for story in gone]).exists()
        assert not Enrolment.objects.active().filter(runner__in=[story.runner.pk for story in gone]).exists()
        assert not Consent.objects.unrevoked().filter(runner__in=[story.runner.pk for story in gone]).exists()
        stayed = [story for story in stories if story.number >= 20]
        for story in stayed:
            assert Decision.objects.filter(enrolment=story.pk, trigger="day_close").count() == 5
        assert list(verify_ledger(LedgerReport())) == []


def a_full_house() -> list[Story]:
    """Two dozen runners, of whom twenty will go, every second of them treated; each with work that is due."""
    hers = a_clinician()
    stories = []
    for number in range(24):
        story = Story(number)
        remind_at(story.runner, datetime.time(18), now=story.at(5, datetime.time(9)))
        story.number = number
        if number % 2:
            story.seen_by(hers)
        for day in range(1, 6):
            story.log(day, **RUN)
        if number % 3 == 0:
            story.log(5, **RUN | {"red_flags": ["CE_SADDLE"]})
        stories.append(story)
    return stories


def while_everything_runs(stories: list[Story], now: datetime.datetime) -> list[Exception]:
    """Erase twenty in two threads, while six others do all that a site does, again and again."""
    done, raised = threading.Event(), []
    lock = threading.Lock()

    def erasing(part: list[Story]):
        for story in part:
            erase(user=story.runner, now=now)

    def working(act):
        while not done.is_set():
            act()

    def run(act, *arguments):
        try:
            act(*arguments)
        except Exception as error:  # noqa: BLE001 - handed to the test
            with lock:
                raised.append(error)
        finally:
            connection.close()

    leaving = [story for story in stories if story.number < 20]
    workers = [threading.Thread(target=run, args=(working, act)) for act in acts_of_a_site(stories, now)]
    erasers = [threading.Thread(target=run, args=(erasing, leaving[part::2])) for part in (0, 1)]
    for thread in (*workers, *erasers):
        thread.start()
    for thread in erasers:
        thread.join(90)
    done.set()
    for thread in workers:
        thread.join(30)
    close_due(now=now, job="worker")
    return raised


def acts_of_a_site(stories: list[Story], now: datetime.datetime) -> list:
    return [
        lambda: close_due(now=now, job="worker", batch_size=4),
        lambda: (owe_by_the_clock(now=stories[0].at(5, datetime.time(18, 1))), deliver_due(now=now)),
        lambda: deliver_account_mails(now=now),
        lambda: carry_out_hand_overs(now=now),
        lambda: [quietly(check_in, story, now) for story in stories],
        lambda: [quietly(let_in, story, now) for story in stories],
    ]


def quietly(act, story: Story, now: datetime.datetime) -> None:
    """What her own other window may meet: refused, or not there."""
    with contextlib.suppress(Refused, Enrolment.DoesNotExist, User.DoesNotExist):
        act(story, now)


def check_in(story: Story, now: datetime.datetime) -> None:
    enrolment = Enrolment.objects.select_related("runner").get(pk=story.pk)
    values = EntryValues(**QUIET | {"rest": now.microsecond % 4})
    record_entry(enrolment=enrolment, by=enrolment.runner, now=now, date=story.date(6), values=values)
    change_time_zone(user=enrolment.runner, time_zone="Europe/London", now=now)


def let_in(story: Story, now: datetime.datetime) -> None:
    """She gives a code, which is taken; and her physiotherapist looks, which is a write as well."""
    runner, hers = User.objects.get(pk=story.runner.pk), User.objects.get(email="petra@example.org")
    if not story.number % 2:
        return
    accept_offer(code=make_offer(runner=runner, now=now), clinician=hers, now=now)
    with transaction.atomic():
        if Consent.objects.in_force(now).filter(runner=runner, clinician=hers).exists():
            AccessRecord.objects.create(runner=runner, actor=hers, act="view", detail="page", at=now)
