"""Clinics with people in them, and the little that tests of colleagues need again and again."""

import datetime

from accounts.models import AccountMail, Clinic, Consent, HandOver, User
from accounts.services import grant_consent
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.hand_overs import propose_hand_over
from tests.support.people import a_clinician, a_manager, a_runner

NOW = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def the_manager() -> User:
    return User.objects.filter(role="manager").first() or a_manager()


def a_clinic(*members: User, name: str = "Riverside", leads: tuple[User, ...] = ()) -> Clinic:
    """With these colleagues; ``leads`` are among them."""
    clinic = create_clinic(name=name, by=the_manager(), now=NOW - 30 * DAY)
    for member in members:
        join_clinic(clinic=clinic, clinician=member, now=NOW - 30 * DAY, is_lead=member in leads)
    return clinic


def a_colleague(name: str = "Paul Physio") -> User:
    return a_clinician(f"{name.split()[0].lower()}@example.org", name)


def runners_of(clinician: User, count: int = 1) -> list[User]:
    """So many runners who let her in a month ago."""
    first = User.objects.filter(role="runner").count()
    runners = [a_runner(f"runner{first + n}@example.org", f"Rae {first + n}") for n in range(count)]
    for runner in runners:
        grant_consent(runner=runner, clinician=clinician, now=NOW - 20 * DAY)
    return runners


def consents_to(clinician: User, now: datetime.datetime = NOW) -> list[Consent]:
    """Those in force, by runner."""
    return list(Consent.objects.in_force(now).filter(clinician=clinician).order_by("runner"))


def seen_by(clinician: User, now: datetime.datetime = NOW) -> set[User]:
    """The runners whom she may see at that moment."""
    return {consent.runner for consent in Consent.objects.in_force(now).filter(clinician=clinician)}


def proposed(clinician: User, to: User, now: datetime.datetime = NOW, told: bool = True) -> list[HandOver]:
    """All her own runners proposed to a colleague; the mails are out at once unless it says otherwise."""
    hand_overs = propose_hand_over(consents=consents_to(clinician, now), to=to, by=clinician, now=now)
    if told:
        mails_are("sent", now)
    return hand_overs


def mails_are(status: str, now: datetime.datetime) -> None:
    """What became of every mail that is owed."""
    AccountMail.objects.filter(status="owed").update(status=status, settled_at=now, text="", html="")


def mails_to(person: User) -> list[str]:
    """The kinds, oldest first."""
    return list(AccountMail.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def outcome_of(hand_over: HandOver) -> str:
    return HandOver.objects.get(pk=hand_over.pk).outcome
