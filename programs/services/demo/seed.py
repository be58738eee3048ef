"""Seeding the demonstration: whole or not at all, once, and nobody else's data touched."""

import datetime
from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Role, User
from accounts.services import create_account, grant_consent
from accounts.services.second_factor import add_authenticator_app
from programs.engine.calendar import instant_of, local_date
from programs.models import MessageKind, MessageOwed, MessageStatus, ProgrammeVersion
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.demo.care import care
from programs.services.demo.cast import OWN_PROGRAMME, DemoRunner
from programs.services.demo.clinic import begin_next_edition, found, publish_own
from programs.services.demo.in_need import IN_NEED
from programs.services.demo.measures import measure
from programs.services.demo.on_course import ON_COURSE
from programs.services.demo.people import PASSWORD, PETRA, STAFF, TOTP_SECRET
from programs.services.demo.timeline import Life, close_days, events_of, happen, life_of
from programs.services.errors import Refused
from programs.services.mail_choices import choose, reschedule

RUNNERS: tuple[DemoRunner, ...] = (*ON_COURSE, *IN_NEED)
#: Mails older than that are part of the story and go to nobody.
FRESH_MAIL = datetime.timedelta(hours=24)
#: Before anybody's diary begins.
CLINIC_AGE = datetime.timedelta(days=365)
Say = Callable[[str], None]


def is_seeded() -> bool:
    """True where any of the demonstration's addresses has an account."""
    addresses = [member.email for member in STAFF] + [runner.email for runner in RUNNERS]
    return User.objects.filter(email__in=addresses).exists()


def is_for_others() -> bool:
    """True where people have accounts, and none of the demonstration: its password is published."""
    return not is_seeded() and User.objects.exists()


@transaction.atomic
def seed_demo(*, now: datetime.datetime, say: Say = lambda line: None) -> int:
    """Create the demonstration's people and let their past happen; returns the number of runners.

    One transaction: a worker that runs meanwhile sees all of it or nothing.
    Does nothing and returns 0 where it is there already. Raises Refused where
    the library is not loaded.
    """
    if is_seeded():
        return 0
    versions = _versions()
    users = _people(now)
    found(users, now - CLINIC_AGE)
    versions = publish_own(users, versions, now - CLINIC_AGE)
    lives = [
        life_of(runner, users[runner.email], users.get(runner.clinician), now)
        for runner in RUNNERS
        if runner.diary
    ]
    _consents(users, lives, now)
    _live(lives, versions, say)
    measure(lives)
    care(lives, users, now)
    begin_next_edition(versions[OWN_PROGRAMME], users[PETRA], now)
    _settle_old_mail(lives, now)
    _reminders(lives, now)
    return len(RUNNERS)


def _versions() -> dict[str, ProgrammeVersion]:
    """Programme key -> newest published version."""
    published = ProgrammeVersion.objects.published().select_related("template").order_by("number")
    versions = {version.template.key: version for version in published}
    missing = {runner.programme for runner in RUNNERS} - {OWN_PROGRAMME} - versions.keys()
    if missing:
        raise Refused(f"Load the library first (manage.py load_library): no {', '.join(sorted(missing))}.")
    return versions


def _people(now: datetime.datetime) -> dict[str, User]:
    """Address -> account. One hash for all of them: the password is public, and hashing is slow."""
    users = [
        create_account(email=member.email, name=member.name, password=None, role=member.role, verified=True)
        for member in STAFF
    ]
    users += [
        create_account(
            email=runner.email, name=runner.name, password=None, time_zone=runner.zone, verified=True
        )
        for runner in RUNNERS
    ]
    password = make_password(PASSWORD)
    for user in users:
        user.password = password
        user.is_staff = user.is_superuser = user.role == Role.MANAGER
        user.save(update_fields=["password", "is_staff", "is_superuser"])
        if not user.is_runner:
            add_authenticator_app(user=user, secret=TOTP_SECRET, is_published=True)
    return {user.email: user for user in users}


def _consents(users: dict[str, User], lives: list[Life], now: datetime.datetime) -> None:
    for life in lives:
        if life.clinician:
            grant_consent(runner=life.user, clinician=life.clinician, now=min(_morning(life), now))


def _morning(life: Life) -> datetime.datetime:
    return instant_of(life.first, datetime.time(8), life.user.zone)


def _live(lives: list[Life], versions: dict[str, ProgrammeVersion], say: Say) -> None:
    shown = closed = None
    for event in events_of(lives):
        month = f"{event.at:%B %Y}"
        if month != shown:
            say(f"  living through {month} ...")
            shown = month
        life = lives[event.runner]
        if event.what is not None:
            happen(event, life, versions[life.cast.programme])
        elif event.at != closed:
            close_days(lives, event.at)
            closed = event.at


def _settle_old_mail(lives: list[Life], now: datetime.datetime) -> None:
    """Mails of the invented past are settled unsent; those of the last day are really owed."""
    old = MessageOwed.objects.filter(
        enrolment__in=[life.enrolment.pk for life in lives],
        status=MessageStatus.OWED,
        created_at__lte=now - FRESH_MAIL,
    )
    old.update(status=MessageStatus.SKIPPED, settled_at=now, outcome="demonstration: before it was seeded")


def _reminders(lives: list[Life], now: datetime.datetime) -> None:
    """Those who want one are reminded today as on any day."""
    for life in lives:
        midnight = instant_of(local_date(now, life.user.zone), datetime.time(0), life.user.zone)
        # In the invented past no clock struck.
        reschedule(person=life.user, now=midnight)
        if life.cast.reminder:
            wall = life.cast.reminder
            choose(person=life.user, kind=MessageKind.REMINDER, is_on=True, wall=wall, now=midnight)
    owe_by_the_clock(now=now)
