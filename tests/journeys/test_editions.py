"""A draft on its way: looked at, published, taken along as a file, opened again, retired."""

import copy
import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.services import grant_consent
from programs.models import ProgrammeVersion, VersionStatus
from programs.services.drafts import begin_draft
from programs.services.editions import publish
from tests.builders import COMFORTABLE, a_published_version, an_enrolment, live, the_library
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DAYS = 8


@pytest.fixture
def key(db) -> str:
    """Petra's programme: published, followed by Ann, with a draft that asks for more days of walking."""
    the_library()
    petra, now = a_clinician(), timezone.now()
    began = now - datetime.timedelta(days=DAYS)
    document = {**a_published_version().document, "title": "Our own way back"}
    first = begin_draft(by=petra, now=began, document=document)
    edition = publish(draft=first, by=petra, now=began, note="The first", known_hash=first.content_hash)
    ann = a_runner("ann@example.org", "Ann")
    grant_consent(runner=ann, clinician=petra, now=began)
    live(an_enrolment(ann, version=edition, days_ago=DAYS, now=now), *[COMFORTABLE] * (DAYS - 1))
    changed = copy.deepcopy(edition.document)
    changed["stages"][1]["criteria"]["min_days"]["value"] = 9
    changed["stages"][1]["stop_if"].pop(0)
    begin_draft(by=petra, now=now, document=changed, template=edition.template)
    return edition.template.key


def looked_at(page: Page, heading: str, check_accessibility) -> None:
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    check_accessibility(page)
    assert fits(page)


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["390", "1280"])
def test_a_draft_is_looked_at_and_published(new_page, key, width, check_accessibility):
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    draft = f"/programmes/{key}/draft/"
    page.goto(f"{draft}walk/")
    looked_at(page, "How long it would take", check_accessibility)
    expect(page.get_by_role("rowheader", name="2. Gentle walking")).to_be_visible()
    page.goto(f"{draft}differences/")
    looked_at(page, "What differs", check_accessibility)
    expect(page.get_by_text("days on this stage at least")).to_be_visible()
    page.goto(f"{draft}publish/")
    looked_at(page, "Publish", check_accessibility)
    expect(page.get_by_role("main").get_by_role("link", name="Ann")).to_be_visible()
    page.get_by_label("What is new, and why").fill("More days of walking first")
    page.get_by_role("button", name="Publish").click()
    looked_at(page, "Our own way back", check_accessibility)
    expect(page.get_by_text("More days of walking first")).to_be_visible()
    # Ann stays on the first version, one click from the page that moves her.
    expect(page.get_by_role("main").get_by_role("link", name="Ann")).to_be_visible()


def test_a_programme_is_taken_along_and_opened_as_a_draft(new_page, key, check_accessibility):
    page = new_page(viewport=PHONE)
    sign_in(page, "petra@example.org")
    page.goto(f"/programmes/{key}/versions/")
    link = page.get_by_role("link", name=re.compile("Save as a file.*version 1"))
    content = page.request.get(link.get_attribute("href")).body()
    page.goto("/programmes/import/")
    looked_at(page, "Open a file", check_accessibility)
    page.get_by_label("File", exact=True).set_input_files(
        {"name": f"{key}.yaml", "mimeType": "application/yaml", "buffer": content}
    )
    page.get_by_role("button", name="Open as a draft").click()
    expect(page.get_by_text("The file is open as a draft of its own.")).to_be_visible()
    assert ProgrammeVersion.objects.filter(status=VersionStatus.DRAFT).count() == 2


def test_a_version_is_retired(new_page, key, check_accessibility):
    page = new_page(viewport=PHONE)
    sign_in(page, "petra@example.org")
    page.goto(f"/programmes/{key}/1/retire/")
    looked_at(page, "Retire version 1", check_accessibility)
    page.get_by_label("Reason").fill("Too fast for most")
    page.get_by_role("button", name="Retire").click()
    expect(page.get_by_text("nobody can begin this programme")).to_be_visible()
