"""From the moment on which access ends, a physiotherapist is a stranger: pages, acts, mails and jobs.

Every way of being one is tried, also those of not being one yet.
"""

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Consent, User
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import ask_runner
from accounts.services.clinics import create_clinic, join_clinic, leave_clinic
from accounts.services.covers import end_cover, start_cover
from accounts.services.hand_overs import agree_to_hand_over, propose_hand_over
from programs.library.loader import PROGRAMME
from programs.models import (
    Adjustment,
    ClinicalNote,
    Decision,
    Discharge,
    Enrolment,
    MessageKind,
    MessageOwed,
    Override,
    ProgrammeVersion,
    SharedMessage,
)
from programs.services.days import close_due
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues
from programs.services.errors import Refused
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.urls import urlpatterns
from tests.builders import (
    DEFAULT,
    QUIET,
    a_published_version,
    an_enrolment,
    an_entry,
    live,
    reloaded,
    shipped,
    the_library,
)
from tests.support.people import a_clinician, a_manager, a_runner, signed_in
from tests.support.standing import standing

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
#: These change a physiotherapist's own list and nothing of the runner; test_caseload_acts.py has them.
OF_HER_LIST = {"snooze", "snooze_end"}
OF_A_RUNNER = [
    pattern.name
    for pattern in urlpatterns
    if "public_id" in str(pattern.pattern) and pattern.name not in OF_HER_LIST
]
#: What an address needs besides the runner.
MORE = {"adjust": ("bird_dog",)}
#: These answer no POST.
ONLY_READ = {"adjustments", "runner", "runner_csv", "runner_letter", "runner_report", "runner_sheet"}


def another_version() -> ProgrammeVersion:
    """A second edition of the shipped programme, to move somebody to."""
    document = {**shipped().content(PROGRAMME, DEFAULT), "summary": "Another edition."}
    return a_published_version(document=document)


#: An act of any of these pages writes a row in one of them.
WRITTEN_BY_ACTS = (Adjustment, Override, Discharge, ClinicalNote, SharedMessage)


@dataclass
class Scene:
    """A runner of ``hers``; ``stranger`` is about to be, or to stay, a stranger."""

    enrolment: Enrolment
    hers: User
    stranger: User
    now: datetime.datetime

    @property
    def runner(self) -> User:
        return self.enrolment.runner

    @property
    def sound(self) -> dict[str, str]:
        """What each of the forms would take from somebody with access."""
        today = self.now.date().isoformat()
        dates = dict.fromkeys(("until", "review_on", "assessed_on"), today)
        return {
            "stage": "S2_core",
            "kind": "dose",
            "level": "B",
            "assessed_by": "P. Physio",
            "reason_code": "assessment",
            "words": "How did it go?",
            "key": str(uuid.uuid4()),
            "reason": "Seen in clinic.",
            "version": str(another_version().pk),
            "outcome": "referred_on",
            "handed_to": "Dr Ada Ames",
            "summary": "Seen in clinic.",
            **dates,
        }


@pytest.fixture(scope="module")
def scene_of_all(django_db_setup, django_db_blocker) -> Iterator[Scene]:
    with standing(django_db_blocker):
        yield set_up()


@pytest.fixture
def scene(scene_of_all, db) -> Scene:
    """Of this moment, however long the tests before it took."""
    people = (User.objects.get(pk=person.pk) for person in (scene_of_all.hers, scene_of_all.stranger))
    return Scene(reloaded(scene_of_all.enrolment), *people, timezone.now())


def set_up() -> Scene:
    the_library()
    hers, stranger = a_clinician("hers@example.org", "Hers"), a_clinician("strange@example.org", "Strange")
    now = timezone.now()
    clinic = create_clinic(name="Riverside", by=a_manager(), now=now - 9 * DAY)
    for person in (hers, stranger):
        join_clinic(clinic=clinic, clinician=person, now=now - 9 * DAY)
    enrolment = an_enrolment(a_runner(name="Carla Kestrel"), clinician=hers, days_ago=5)
    return Scene(live(enrolment, QUIET, QUIET, QUIET, QUIET), hers, stranger, now)


def cover(scene: Scene, first: float, last: float, said: float = 0) -> None:
    start_cover(
        clinician=scene.hers,
        colleague=scene.stranger,
        begins_at=scene.now + first * DAY,
        ends_at=scene.now + last * DAY,
        now=scene.now + said * DAY,
    )


# --- the ways of being a stranger ---------------------------------------------------
def never_let_in(scene: Scene) -> None:
    """A colleague of the same clinic is a stranger like any other."""


def asked_and_waits(scene: Scene) -> None:
    ask_runner(clinician=scene.stranger, email=scene.runner.email, now=scene.now)


def revoked(scene: Scene) -> None:
    grant_consent(runner=scene.runner, clinician=scene.stranger, now=scene.now - DAY)
    revoke_consent(runner=scene.runner, clinician=scene.stranger, now=scene.now)


def cover_ran_out(scene: Scene) -> None:
    cover(scene, -2, -1, said=-3)


def cover_has_not_begun(scene: Scene) -> None:
    cover(scene, 1, 2)


def cover_was_ended(scene: Scene) -> None:
    cover(scene, -1, 2, said=-1)
    end_cover(clinician=scene.hers, colleague=scene.stranger, by=scene.hers, now=scene.now)


def cover_of_a_revoked_grant(scene: Scene) -> None:
    cover(scene, -1, 2, said=-1)
    revoke_consent(runner=scene.runner, clinician=scene.hers, now=scene.now)


def cover_was_refused_by_the_runner(scene: Scene) -> None:
    cover(scene, -1, 2, said=-1)
    revoke_consent(runner=scene.runner, clinician=scene.stranger, now=scene.now)


def left_the_clinic_while_covering(scene: Scene) -> None:
    cover(scene, -1, 2, said=-1)
    membership = scene.stranger.memberships.get()
    leave_clinic(membership=membership, by=scene.stranger, now=scene.now)


def handed_her_over(scene: Scene) -> None:
    """Here it is she who had access: the other one has it now."""
    scene.hers, scene.stranger = scene.stranger, scene.hers
    consent = Consent.objects.get()
    (hand_over,) = propose_hand_over(
        consents=[consent], to=scene.hers, by=scene.stranger, now=scene.now - MINUTE
    )
    agree_to_hand_over(hand_over=hand_over, runner=scene.runner, now=scene.now)


WAYS = [
    never_let_in,
    asked_and_waits,
    revoked,
    cover_ran_out,
    cover_has_not_begun,
    cover_was_ended,
    cover_of_a_revoked_grant,
    cover_was_refused_by_the_runner,
    left_the_clinic_while_covering,
    handed_her_over,
]
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
Way = Callable[[Scene], None]


def written() -> list[int]:
    """Acts, decisions, and lines that say that somebody has looked."""
    return [model.objects.count() for model in (Adjustment, Override, Decision, AccessRecord)]


@every_way
def test_every_page_and_every_act_is_not_there(scene, way):
    way(scene)
    before = written()
    browser = signed_in(scene.stranger)
    assert len(OF_A_RUNNER) >= 4
    for name in OF_A_RUNNER:
        address = reverse(name, args=[scene.enrolment.public_id, *MORE.get(name, ())])
        answers = [browser.get(address), browser.head(address), browser.get(address, {"show": "all"})]
        if name not in ONLY_READ:
            answers.append(browser.post(address, scene.sound))
        for answer in answers:
            assert answer.status_code == 404
            assert "Kestrel" not in answer.content.decode()
    assert written() == before


@every_way
def test_the_caseload_does_not_name_her(scene, way):
    way(scene)
    before = AccessRecord.objects.count()
    browser = signed_in(scene.stranger)
    for asked in ({}, {"q": "kestrel"}, {"need": "fine"}):
        answer = browser.get(reverse("caseload"), asked)
        assert answer.status_code == 200
        said = answer.content.decode().replace('value="kestrel"', "")
        assert "Kestrel" not in said and "kestrel" not in said
    assert AccessRecord.objects.count() == before


@every_way
def test_no_service_acts_for_her(scene, way):
    way(scene)
    said = {"enrolment": scene.enrolment, "by": scene.stranger, "now": scene.now, "reason": "Seen in clinic."}
    with pytest.raises(Refused, match="consent"):
        hold_until(until=scene.now.date(), **said)
    with pytest.raises(Refused, match="consent"):
        set_stage(stage="S2_core", **said)
    with pytest.raises(Refused, match="consent"):
        clear_pause(**said)
    assert not Override.objects.exists()


@every_way
def test_no_job_writes_to_her(scene, way, mailoutbox):
    """Neither the check-in that pauses at once, nor the night that closes the day."""
    way(scene)
    now = timezone.now()
    an_entry(scene.enrolment, rest=2, red_flags=("FEVER_UNWELL",), now=now)
    enrolment = reloaded(scene.enrolment)
    assert enrolment.is_paused
    close_due(now=now, job="test", first=enrolment.pk, last=enrolment.pk)
    deliver_due(now=now + MINUTE)
    assert scene.stranger.email not in [to for mail in mailoutbox for to in mail.to]
    assert not MessageOwed.objects.filter(recipient=scene.stranger).exists()


@every_way
def test_a_mail_that_was_owed_already_does_not_go_out(scene, way, mailoutbox):
    """As if it had been written while she had access, and waited for the mail server since."""
    way(scene)
    now = timezone.now()
    an_entry(scene.enrolment, rest=2, red_flags=("FEVER_UNWELL",), now=now)
    MessageOwed.objects.filter(kind=MessageKind.CLINICIAN_PAUSE).delete()
    pause = MessageOwed.objects.get(kind=MessageKind.PAUSE)
    MessageOwed.objects.create(
        recipient=scene.stranger,
        enrolment=scene.enrolment,
        kind=MessageKind.CLINICIAN_PAUSE,
        local_date=pause.local_date,
        level=pause.level,
        decision=pause.decision,
        created_at=now,
        wanted_at=now,
        due_at=now,
        message_id="<owed@example.org>",
    )
    before = AccessRecord.objects.count()
    report = deliver_due(now=now + MINUTE)
    assert report.skipped == 1
    assert scene.stranger.email not in [to for mail in mailoutbox for to in mail.to]
    assert AccessRecord.objects.count() == before


# --- in the middle of something -----------------------------------------------------
def paused(scene: Scene) -> None:
    live(scene.enrolment, EntryValues(morning=2, rest=3, red_flags=("FEVER_UNWELL",)))


@pytest.mark.parametrize("name", [name for name in OF_A_RUNNER if name not in ONLY_READ])
def test_a_form_that_was_open_when_she_was_shown_out_does_nothing(scene, name):
    paused(scene)
    browser = signed_in(scene.hers)
    address = reverse(name, args=[scene.enrolment.public_id, *MORE.get(name, ())])
    assert browser.get(address).status_code == 200
    signed_in(scene.runner).post(reverse("access_revoke", args=[Consent.objects.get().public_id]))
    before = reloaded(scene.enrolment), Decision.objects.count(), AccessRecord.objects.count()
    answer = browser.post(address, scene.sound)
    assert answer.status_code == 404
    assert "Kestrel" not in answer.content.decode()
    after = reloaded(scene.enrolment)
    assert (after.stage, after.refer, after.hold_until) == (before[0].stage, before[0].refer, None)
    assert not Override.objects.exists()
    assert (Decision.objects.count(), AccessRecord.objects.count()) == before[1:]


def test_a_form_that_was_open_when_the_cover_ran_out_does_nothing(scene):
    cover(scene, -1, 1, said=-1)
    browser = signed_in(scene.stranger)
    address = reverse("override_hold", args=[scene.enrolment.public_id])
    assert browser.get(address).status_code == 200
    Consent.objects.filter(clinician=scene.stranger).update(expires_at=timezone.now())
    assert browser.post(address, scene.sound).status_code == 404
    assert not Override.objects.exists()


def test_access_that_ends_between_the_door_and_the_act_stops_the_act(scene, monkeypatch):
    """The service asks again inside its transaction, and the page that was to be shown is not."""
    address = reverse("override_hold", args=[scene.enrolment.public_id])

    def ends_meanwhile(*, now):
        revoke_consent(runner=scene.runner, clinician=scene.hers, now=now)

    monkeypatch.setattr("programs.views.acting.check_clocks", ends_meanwhile)
    until = scene.now.date().isoformat()
    answer = signed_in(scene.hers).post(address, scene.sound | {"until": until})
    assert answer.status_code == 404
    assert "Kestrel" not in answer.content.decode()
    assert not Override.objects.exists()


def test_a_cover_lets_her_in_while_it_lasts_and_not_a_second_longer(scene):
    cover(scene, 1, 2)
    begins, ends = scene.now + DAY, scene.now + 2 * DAY
    second = datetime.timedelta(seconds=1)
    at = {
        now: Enrolment.objects.visible_to(scene.stranger, now).exists() for now in (begins - second, begins)
    }
    at |= {now: Enrolment.objects.visible_to(scene.stranger, now).exists() for now in (ends - second, ends)}
    assert list(at.values()) == [False, True, True, False]


@pytest.mark.parametrize("name", [name for name in OF_A_RUNNER if name not in ONLY_READ])
def test_the_same_form_acts_while_she_has_access(scene, name):
    """Or the tests above would prove nothing."""
    paused(scene)
    address = reverse(name, args=[scene.enrolment.public_id, *MORE.get(name, ())])
    if name == "override_sign_off":
        pytest.skip("nothing is confirmed while she is paused; test_sign_off.py has the act")
    assert signed_in(scene.hers).post(address, scene.sound).status_code == 302
    assert sum(table.objects.count() for table in WRITTEN_BY_ACTS) == 1


def test_whoever_still_has_access_is_not_shut_out_with_the_other(scene):
    revoked(scene)
    answer = signed_in(scene.hers).get(reverse("runner", args=[scene.enrolment.public_id]))
    assert answer.status_code == 200
