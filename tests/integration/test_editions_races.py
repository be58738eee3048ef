"""Two at once at the same draft, on PostgreSQL."""

import copy

import pytest
from django.db import connection
from django.utils import timezone

from programs.models import ProgrammeVersion, VersionStatus
from programs.services.drafts import begin_draft, discard_draft, save_draft
from programs.services.editions import publish, retire
from programs.services.errors import Refused
from tests.builders import a_published_version, the_library
from tests.integration.test_races import at_once
from tests.support.people import a_clinician

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]
NOW = timezone.now()


@pytest.fixture
def draft():
    the_library()
    document = {**a_published_version().document, "title": "Our own"}
    return begin_draft(by=a_clinician(), now=NOW, document=document)


def by_of(draft: ProgrammeVersion):
    return draft.created_by


def publishing(draft: ProgrammeVersion):
    seen = draft.content_hash
    return lambda: publish(draft=draft, by=by_of(draft), now=NOW, note="The first", known_hash=seen)


def test_two_publish_the_same_draft_and_there_is_one_edition(draft):
    raised = at_once(*[publishing(draft)] * 4)
    assert len(raised) == 3
    assert all(isinstance(error, Refused) for error in raised)
    edition = draft.template.versions.get()
    assert (edition.number, edition.status) == (1, VersionStatus.PUBLISHED)


def test_an_edit_and_a_publication_are_one_after_the_other(draft):
    changed = {**copy.deepcopy(draft.document), "summary": "Other words."}
    seen = draft.content_hash
    saving = lambda: save_draft(  # noqa: E731
        draft=draft, by=by_of(draft), now=NOW, document=changed, known_hash=seen
    )
    raised = at_once(publishing(draft), saving)
    assert len(raised) == 1
    assert isinstance(raised[0], Refused)
    found = draft.template.versions.get()
    is_published = found.status == VersionStatus.PUBLISHED
    assert found.document["summary"] == (draft.document if is_published else changed)["summary"]


def test_what_is_thrown_away_is_not_published(draft):
    seen = draft.content_hash
    raised = at_once(publishing(draft), lambda: discard_draft(draft=draft, by=by_of(draft), known_hash=seen))
    assert len(raised) == 1
    assert isinstance(raised[0], Refused)
    assert ProgrammeVersion.objects.filter(template__created_by=by_of(draft)).count() in (0, 1)


def test_two_retire_the_same_edition(draft):
    edition = publishing(draft)()
    retiring = lambda: retire(version=edition, by=by_of(draft), now=NOW, reason="Too fast")  # noqa: E731
    raised = at_once(retiring, retiring)
    assert len(raised) == 1
    edition.refresh_from_db()
    assert edition.notes == ("The first", "Too fast")
