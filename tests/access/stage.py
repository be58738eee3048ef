"""The people of the access tests, and the things of theirs that an address can point at."""

import copy
import datetime
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMail, Consent, HandOver, Invitation, User
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import ask_runner
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.covers import start_cover
from accounts.services.hand_overs import propose_hand_over
from accounts.services.joins import invite_clinician
from accounts.services.offers import make_offer
from programs.library.loader import PROGRAMME
from programs.mail_links import Purpose, feed_token, token_of
from programs.models import Enrolment, RedFlagCase
from programs.services.calendar_feeds import make_feed
from programs.services.caseload import save_view
from programs.services.diary import EntryValues
from programs.services.drafts import begin_draft
from programs.services.editions import publish
from programs.services.notes import NoteValues, add_note
from programs.services.overrides import hold_until
from tests.builders import DEFAULT, an_enrolment, live, shipped, the_library
from tests.support.exercises import an_own_exercise, image_bytes
from tests.support.mail_links import a_mail
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

#: What stands in Carla's data and on no page of anybody who may not see it.
CANARIES = ("Kestrel", "canary@example.org", "canary-reason", "CE_SADDLE", "Numbness")
DAY = datetime.timedelta(days=1)

STRANGER = "a stranger"
RUNNER = "the runner"
OTHER_RUNNER = "another runner"
HERS = "her physiotherapist"
COVERING = "a colleague who covers"
REVOKED = "one whose consent was revoked"
EXPIRED = "one whose cover ran out"
NOT_YET = "one whose cover has not begun"
PENDING = "one who asked and waits"
COLLEAGUE = "a colleague of the same clinic"
ELSEWHERE = "one of another clinic"
MANAGER = "a site manager"
CLOSED = "one whose account was closed while signed in"

RUNNERS = (RUNNER, OTHER_RUNNER)
#: Physiotherapists to whom Carla is a stranger.
SHUT_OUT = (REVOKED, EXPIRED, NOT_YET, PENDING, COLLEAGUE, ELSEWHERE)
LET_IN = (HERS, COVERING)
CLINICIANS = (*LET_IN, *SHUT_OUT)
#: Nobody, as far as any page is concerned.
NOBODIES = (STRANGER, CLOSED)
ACTORS = (*NOBODIES, *RUNNERS, *CLINICIANS, MANAGER)


#: Of every kind one that is not there.
NOTHING = {
    f"no {kind}": (uuid.uuid4(),)
    for kind in (
        "enrolment",
        "consent",
        "hand-over",
        "open ask",
        "clinic",
        "membership",
        "cover",
        "view",
        "open join",
        "note",
        "red flag",
        "picture",
    )
}


@dataclass(frozen=True)
class Stage:
    """``things``: name of an object -> what its address needs."""

    people: dict[str, User | None]
    things: dict[str, tuple]
    browsers: dict[str, Client]

    def browser(self, who: str) -> Client:
        return self.browsers[who]

    @contextmanager
    def undone(self, who: str) -> Iterator[Client]:
        """Her browser, for requests that are undone afterwards: rows, cookies and counts of limits."""
        browser = self.browsers[who]
        cookies = copy.deepcopy(browser.cookies)
        with transaction.atomic():
            yield browser
            transaction.set_rollback(True)
        browser.cookies = cookies
        cache.clear()


def set_the_stage() -> Stage:
    """Carla's data are canaries; Olga is everything that is somebody else's."""
    the_library()
    now = timezone.now()
    people = _people()
    carla, olga, hers = people[RUNNER], people[OTHER_RUNNER], people[HERS]
    enrolment = an_enrolment(carla, clinician=hers, days_ago=1)
    others = an_enrolment(olga, clinician=people[ELSEWHERE], days_ago=1)
    clinic, other_clinic = _clinics(people, now)
    _consents(people, now)
    enrolment = live(enrolment, EntryValues(morning=3, rest=4, red_flags=("CE_SADDLE",)))
    hold_until(enrolment=enrolment, by=hers, now=now, until=now.date(), reason="canary-reason")
    # She had access and is signed in; then her account was closed.
    grant_consent(runner=carla, clinician=people[CLOSED], now=now)
    things = _things(people, enrolment, others, clinic, other_clinic, now)
    browsers = {who: signed_in(person) for who, person in people.items()}
    User.objects.filter(pk=people[CLOSED].pk).update(is_active=False)
    return Stage(people, things, browsers)


def _people() -> dict[str, User | None]:
    people: dict[str, User | None] = {
        STRANGER: None,
        RUNNER: a_runner("canary@example.org", "Carla Kestrel"),
        OTHER_RUNNER: a_runner("olga@example.org", "Olga Other"),
        MANAGER: a_manager(),
    }
    for number, who in enumerate(CLINICIANS):
        people[who] = a_clinician(f"physio{number}@example.org", f"Physio {number}")
    people[CLOSED] = a_clinician("closed@example.org", "Closed Physio")
    return people


def _clinics(people: dict, now: datetime.datetime) -> tuple:
    clinic = create_clinic(name="Riverside", by=people[MANAGER], now=now)
    for who in CLINICIANS:
        if who != ELSEWHERE:
            join_clinic(clinic=clinic, clinician=people[who], now=now, is_lead=who == HERS)
    elsewhere = create_clinic(name="Hillside", by=people[MANAGER], now=now)
    join_clinic(clinic=elsewhere, clinician=people[ELSEWHERE], now=now, is_lead=True)
    return clinic, elsewhere


def _consents(people: dict, now: datetime.datetime) -> None:
    """Every way of not being let in any more, or not yet."""
    carla, hers = people[RUNNER], people[HERS]
    # Runners who are nothing else here: to be handed over.
    grant_consent(runner=a_runner("rita@example.org", "Rita"), clinician=hers, now=now - DAY)
    grant_consent(runner=a_runner("ruth@example.org", "Ruth"), clinician=people[COLLEAGUE], now=now - DAY)
    grant_consent(runner=carla, clinician=people[REVOKED], now=now - DAY)
    revoke_consent(runner=carla, clinician=people[REVOKED], now=now)
    covers = {EXPIRED: (-2, -1), NOT_YET: (1, 2), COVERING: (0, 2)}
    for who, (first, last) in covers.items():
        began = now - 3 * DAY if first < 0 else now
        Consent.objects.filter(clinician=hers).update(granted_at=now - 4 * DAY)
        start_cover(
            clinician=hers,
            colleague=people[who],
            begins_at=now + first * DAY,
            ends_at=now + last * DAY,
            now=began,
        )
    ask_runner(clinician=people[PENDING], email=carla.email, now=now)


def _things(
    people: dict, enrolment: Enrolment, others: Enrolment, clinic, other_clinic, now: datetime.datetime
) -> dict[str, tuple]:
    carla, hers = people[RUNNER], people[HERS]
    consent = Consent.objects.get(runner=carla, clinician=hers)
    propose_hand_over(consents=[consent], to=people[COLLEAGUE], by=hers, now=now)
    note = NoteValues(uuid.uuid4(), "flare", "back", 5, words="canary-reason")
    add_note(enrolment=enrolment, by=carla, now=now, date=enrolment.open_date, values=note)
    return (
        NOTHING
        | _written(hers, now)
        | _invited(people, other_clinic, now)
        | _mailed(enrolment)
        | {
            "her note": (note.key,),
            "her enrolment": (enrolment.public_id,),
            "her red flag": (RedFlagCase.objects.get(enrolment=enrolment).public_id,),
            "another's enrolment": (others.public_id,),
            "her consent": (consent.public_id,),
            "another's consent": (Consent.objects.get(runner=people[OTHER_RUNNER]).public_id,),
            "her hand-over": (HandOver.objects.get().public_id,),
            "a hand-over of hers": (HandOver.objects.get().public_id,),
            "an offer": (make_offer(runner=carla, now=now),),
            "no offer": ("2" * 12,),
            "a cover": (Consent.objects.get(runner=carla, clinician=people[COVERING]).public_id,),
            "her calendar": (feed_token(make_feed(runner=carla, now=now)),),
            "no calendar": ("1-" + "x" * 22,),
            "a mail to runners": ("reminder",),
            "a mail to physiotherapists": ("digest",),
            # One that nobody may turn off is none of the page.
            "no kind of mail": ("pause",),
            "her key": (Authenticator.objects.filter(user=hers).first().pk,),
        }
        | _of_clinics(people, clinic, other_clinic)
    )


def _mailed(enrolment: Enrolment) -> dict[str, tuple]:
    """The links of a reminder of today."""
    message = a_mail(enrolment, enrolment.open_date)
    purposes = {
        "a score to give": Purpose.SCORE,
        "a mail to put off": Purpose.AGAIN,
        "a way out of mails": Purpose.UNSUBSCRIBE,
    }
    links = {thing: (token_of(message, purpose),) for thing, purpose in purposes.items()}
    return links | {"no link": ("1-" + "x" * 22,)}


def _of_clinics(people: dict, clinic, other_clinic) -> dict[str, tuple]:
    member = clinic.memberships.get(clinician=people[COLLEAGUE])
    return {
        "the clinic": (clinic.public_id,),
        "the other clinic": (other_clinic.public_id,),
        "a membership to lead": (member.public_id,),
        "a membership to end": (member.public_id,),
    }


def _invited(people: dict, other_clinic, now: datetime.datetime) -> dict[str, tuple]:
    """Links that came by mail, and what stands open of them on the site."""
    ask = _secret("ask")
    invite_clinician(email=people[COLLEAGUE].email, by=people[MANAGER], now=now, clinic=other_clinic)
    joins, join = Invitation.objects.get(kind="join"), _secret("join")
    invite_clinician(email="nina@example.org", by=people[MANAGER], now=now)
    return {
        "her ask": (ask,),
        "no ask": ("x" * 22,),
        "a join": (join,),
        "a new join": (_secret("join"),),
        "no join": ("x" * 22,),
        "an open ask of hers": (Invitation.objects.get(kind="ask").public_id,),
        "an open join": (joins.public_id,),
    }


def _written(hers: User, now: datetime.datetime) -> dict[str, tuple]:
    """What a physiotherapist writes herself: a programme, an exercise with its picture, a view."""
    own = an_own_exercise(hers, now=now, picture=image_bytes())
    document = shipped().content(PROGRAMME, DEFAULT)
    draft = begin_draft(by=hers, now=now, document=document)
    other = begin_draft(by=hers, now=now, document=document | {"title": "The other one"})
    publish(draft=other, by=hers, now=now, note="The first", known_hash=other.content_hash)
    return {
        "an edition of hers": (other.template.key,),
        "a draft of hers": (draft.template.key,),
        "a shipped programme": (DEFAULT,),
        "no draft": ("no-such-programme",),
        "an exercise of hers": (own.key,),
        "no exercise": ("own_none",),
        "a picture": (own.document["picture"],),
        "a view of hers": (save_view(by=hers, now=now, name="Mine", query="need=silent").public_id,),
    }


def _secret(kind: str) -> str:
    """What the newest mail of that kind carries in its link."""
    return re.search(r"/account/\S+/([\w-]+)/", AccountMail.objects.filter(kind=kind).latest("pk").text)[1]
