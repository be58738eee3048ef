"""What somebody typed is shown as text, to whoever it is shown."""

import pytest
from django.utils import timezone

from accounts.models import Clinic, User
from accounts.services.asks import ask_runner
from programs.models import Enrolment
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues
from programs.services.overrides import clear_pause, hold_until
from scripts.hostile import people
from scripts.hostile.attacks import Knowledge
from scripts.hostile.crawl import read_all
from scripts.hostile.inside import Application
from scripts.hostile.places import places
from scripts.hostile.site import Answer, Envelope, Request, Site
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live, the_library
from tests.support.mails import delivered_mails
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
TYPED = f"\"'>{SCRIPT}<img src=x onerror=alert(1)>{{{{ settings.SECRET_KEY }}}}"
#: In a page, each would be a tag.
TAGS = (SCRIPT, "<img src=x")


@pytest.fixture
def users() -> dict[str, User]:
    """People, a clinic and acts whose every word is an attack."""
    the_library()
    now = timezone.now()
    petra = a_clinician(name=TYPED[:80])
    rosa = live(an_enrolment(a_runner(name=TYPED[:80]), clinician=petra, days_ago=5), QUIET, COMFORTABLE)
    hold_until(enrolment=rosa, by=petra, now=now, until=now.date(), reason=TYPED)
    emma = an_enrolment(a_runner("emma@example.org", TYPED[:80]), clinician=petra, days_ago=3)
    live(emma, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))
    clear_pause(
        enrolment=Enrolment.objects.get(pk=emma.pk),
        by=petra,
        now=now,
        reason=TYPED,
        assessed_by=TYPED[:120],
        assessed_on=now.date(),
    )
    Clinic.objects.create(name=TYPED[:80], created_at=now, created_by=petra)
    return {"runner": rosa.runner, "physiotherapist": petra, "manager": a_manager()}


class Reader(Application):
    """Keeps every page in which a tag of ours came out as a tag, and counts where it came out as text."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[str] = []
        self.escaped = 0

    def __call__(self, request: Request) -> Answer:
        answer = super().__call__(request)
        if answer.is_page:
            self.escaped += "&lt;script&gt;alert(1)" in answer.body
            self.broken += [request.shown for tag in TAGS if tag in answer.body]
        return answer


@pytest.mark.parametrize(("name", "fewest"), [("runner", 2), ("physiotherapist", 3), ("manager", 3)])
def test_every_page_shows_it_as_text(settings, users, name, fewest):
    reader, known = Reader(), Knowledge(places())
    read_all(reader, Envelope(Site.of(settings)), people.actor(name, users[name]), known)
    assert not reader.broken
    assert reader.escaped >= fewest


def test_every_mail_shows_it_as_text(users):
    ask_runner(clinician=users["physiotherapist"], email="somebody@example.org", now=timezone.now())
    deliver_due(now=timezone.now())
    sent = delivered_mails()
    pages = [body for message in sent for body, kind in message.alternatives if kind == "text/html"]
    assert [body for body in pages if "&lt;script&gt;alert(1)" in body]
    assert not [tag for tag in TAGS for body in pages if tag in body]
    assert not [message.subject for message in sent if "SECRET" in message.subject]
