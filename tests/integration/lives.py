"""A person of whom the site knows everything that it can know: for tests of rights."""

import datetime
import uuid

from accounts.models import Act, Clinic, Consent, HandOver, User, ZoneChange
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import accept_ask
from accounts.services.audit import record_access
from accounts.services.clinics import join_clinic
from accounts.services.covers import start_cover
from accounts.services.delivery import deliver_account_mails
from accounts.services.hand_overs import agree_to_hand_over, propose_hand_over, refuse_hand_over
from accounts.services.invitations import issue, link_secret
from accounts.services.offers import accept_offer, make_offer
from programs.models import (
    Adjustment,
    CalendarFeed,
    ClinicalNote,
    DayChoice,
    DiaryEntry,
    Discharge,
    Enrolment,
    MeasureResponse,
    NamedActivity,
    PainNote,
    ReadMark,
    RedFlagCase,
    SharedMessage,
    Snooze,
)
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.delivery import deliver_due
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.overrides import clear_pause, hold_until, set_stage
from tests.builders import a_published_version
from tests.integration.story import NOON, QUIET, RUN, Story
from tests.support.mail_choices import remind_at
from tests.support.people import a_clinician, a_manager

NAME, EMAIL = "Zinaida Quetzalcoatl", "zinaida.quetzalcoatl@canary.example"


class Life(Story):
    """A runner with two programmes and everything that can happen to her; 40 days from START on."""

    def __init__(self):
        super().__init__()
        self.hers = a_clinician("hers@example.org", "Petra Physio")
        self.colleague = a_clinician("colleague@example.org", "Carla Colleague")
        self.former = a_clinician("former@example.org", "Fritz Former")
        self.manager = a_manager()
        User.objects.filter(pk=self.runner.pk).update(name=NAME, email=EMAIL, last_login=self.at(3))
        self.runner.refresh_from_db()
        self.runner.emailaddress_set.update(email=EMAIL)
        self._clinic()
        self._first_programme()
        self._access()
        self._beside_the_check_in()
        self._beside_the_acts()
        self._beside_the_mails()
        self._second_programme()
        self._mail()

    def _clinic(self) -> None:
        self.clinic = Clinic.objects.create(name="The clinic", created_at=self.at(1), created_by=self.manager)
        for member in (self.hers, self.colleague):
            join_clinic(clinic=self.clinic, clinician=member, now=self.at(1), is_lead=member == self.hers)

    def _first_programme(self) -> None:
        """A referral, then days with and without reports, a correction, a red flag, three kinds of acts."""
        referred = IntakeAnswers(exclusions=("EX_SURGERY",), notes={"duration": "fresh"})
        enrol(runner=self.runner, version=None, stage="", answers=referred, now=self.at(1))
        grant_consent(runner=self.runner, clinician=self.former, now=self.at(1))
        self.live(1, [RUN, QUIET, None])
        revoke_consent(runner=self.runner, clinician=self.former, now=self.at(4))
        remind_at(self.runner, datetime.time(18), now=self.at(4))
        owe_by_the_clock(now=self.at(5, datetime.time(18, 1)))
        self._ask()
        self.live(4, [RUN, QUIET, RUN])
        self.log(5, now=self.at(7), **QUIET | {"rest": 3})
        self.log(6, now=self.at(7), **RUN | {"during": 6})
        common = {"enrolment": self.enrolment, "by": self.hers}
        hold = f"{NAME} asked for a rest; write to {EMAIL}"
        hold_until(**common, now=self.at(8, NOON), until=self.date(10), reason=hold, origin="192.0.2.7")
        self.live(7, [QUIET, RUN])
        self.log(9, rest=4, red_flags=["CE_SADDLE"])
        deliver_due(now=self.at(9, datetime.time(21)))
        self.close(9)
        seen = {"assessed_by": "Dr Who", "assessed_on": self.date(10)}
        clear_pause(**common, now=self.at(11, NOON), reason="Zinaida was examined and is fine", **seen)
        set_stage(**common, now=self.at(12, NOON), stage="S3_run1_walk4", reason="Runs already, says ZINAIDA")
        self.live(10, [QUIET, RUN, RUN])

    def _ask(self) -> None:
        secret = link_secret()
        life = datetime.timedelta(days=14)
        issue(kind="ask", by=self.hers, now=self.at(4), life=life, secret=secret, email=EMAIL)
        accept_ask(secret=secret, runner=self.runner, now=self.at(5))

    def _access(self) -> None:
        for who, act in ((self.hers, Act.VIEW), (self.manager, Act.ADMIN), (None, Act.EXPORT)):
            record_access(
                runner_ids=[self.runner.pk],
                actor=who,
                act=act,
                detail="diary and decisions",
                now=self.at(13),
                origin="2001:db8::1",
            )
        code = make_offer(runner=self.runner, now=self.at(13))
        accept_offer(code=code, clinician=self.former, now=self.at(14))
        revoke_consent(runner=self.runner, clinician=self.former, now=self.at(15))
        make_offer(runner=self.runner, now=self.at(16))
        cover = {"begins_at": self.at(16), "ends_at": self.at(20)}
        start_cover(clinician=self.hers, colleague=self.colleague, now=self.at(16), **cover)
        deliver_account_mails(now=self.at(16))
        own = Consent.objects.in_force(self.at(17)).filter(clinician=self.hers)
        another = a_clinician("another@example.org", "Anna Another")
        join_clinic(clinic=self.clinic, clinician=another, now=self.at(17))
        (proposed,) = propose_hand_over(consents=own, to=another, by=self.hers, now=self.at(17))
        refuse_hand_over(hand_over=proposed, runner=self.runner, now=self.at(18))
        (proposed,) = propose_hand_over(consents=own, to=self.colleague, by=self.hers, now=self.at(21))
        agree_to_hand_over(
            hand_over=HandOver.objects.get(pk=proposed.pk), runner=self.runner, now=self.at(22)
        )

    def _beside_the_check_in(self) -> None:
        """Extra notes, her own days, her own activities; in words that may name somebody."""
        entry = DiaryEntry.objects.get(enrolment=self.enrolment, date=self.date(12))
        common = {"entry": entry, "occasion": "flare", "recorded_at": self.at(12), "recorded_by": self.runner}
        first = PainNote.objects.create(
            **common, key=uuid.uuid4(), noted_at=self.at(12), site="back", score=4, words=f"{NAME} sneezed"
        )
        PainNote.objects.create(
            **common, key=uuid.uuid4(), noted_at=self.at(12), site="back", score=None, replaces=first
        )
        DayChoice.objects.create(
            enrolment=self.enrolment, date=self.date(14), wants_session=False, chosen_at=self.at(13)
        )
        NamedActivity.objects.create(
            enrolment=self.enrolment, position=1, words=f"Running with {NAME}", named_at=self.at(1)
        )
        answers = [{"item": "1", "words": f"Running with {NAME}", "answer": 4}]
        MeasureResponse.objects.create(
            enrolment=self.enrolment,
            questionnaire="psfs",
            edition=1,
            date=self.date(13),
            occasion="fortnight",
            answers=answers,
            score_hundredths=400,
            answered_at=self.at(13),
            answered_by=self.runner,
        )

    def _beside_the_acts(self) -> None:
        """Notes, messages and changes of exercises, in words that name her."""
        about = {"enrolment": self.enrolment, "written_by": self.hers}
        first = ClinicalNote.objects.create(**about, words=f"{NAME} worries", written_at=self.at(13))
        ClinicalNote.objects.create(**about, words="Worries less", written_at=self.at(14), replaces=first)
        SharedMessage.objects.create(**about, words="How is it, Zinaida?", written_at=self.at(14))
        SharedMessage.objects.create(
            enrolment=self.enrolment, written_by=self.runner, words=f"Well. {NAME}", written_at=self.at(14)
        )
        made = {"enrolment": self.enrolment, "made_at": self.at(14), "made_by": self.hers}
        words = {"reason_code": "assessment", "reason": f"Too much for {NAME}"}
        Adjustment.objects.create(**made, **words, exercise="bridge", kind="leave_out", date=self.date(14))
        Snooze.objects.create(**made, need="silent", until=self.date(16), note=f"{NAME} is on holiday")
        ReadMark.objects.create(enrolment=self.enrolment, reader=self.hers, read_through=self.at(14))
        RedFlagCase.objects.create(
            enrolment=self.enrolment,
            level="urgent",
            opened_at=self.at(9),
            owner=self.hers,
            owned_since=self.at(9),
            seen_at=self.at(10),
            seen_by=self.hers,
            closed_at=self.at(11),
            closed_by=self.hers,
        )
        Discharge.objects.create(**made, outcome="completed", summary=f"{NAME} runs", date=self.date(14))

    def _beside_the_mails(self) -> None:
        ZoneChange.objects.create(person=self.runner, before="UTC", after="Europe/Vienna", at=self.at(2))
        CalendarFeed.objects.create(
            runner=self.runner,
            wall=datetime.time(18),
            made_at=self.at(2),
            plan_changed_at=self.at(2),
            ended_at=self.at(3),
        )

    def _second_programme(self) -> None:
        """The first has ended; in the second she is paused."""
        Enrolment.objects.filter(pk=self.pk).update(status="completed")
        self.first_pk = self.pk
        answers = IntakeAnswers(
            intake_pain=3, baseline_morning=2, pattern="both", reminder_time=datetime.time(7)
        )
        version = a_published_version("couch-to-5k")
        first = version.start_stages[-1]
        intake = enrol(runner=self.runner, version=version, stage=first, answers=answers, now=self.at(30))
        self.pk = intake.enrolment_id
        self.live(30, [QUIET, None, QUIET])
        self.log(33, rest=5, red_flags=["FX_TRAUMA"])

    def _mail(self) -> None:
        deliver_account_mails(now=self.at(33, datetime.time(22)))
        owe_by_the_clock(now=self.at(34, datetime.time(7, 5)))
