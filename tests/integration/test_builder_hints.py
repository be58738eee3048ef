"""What the builder tells beside a draft: how long it takes as it stands, and where a number comes from."""

import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.services.drafts import begin_draft
from tests.builders import a_published_version, the_library
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db


def a_draft(by, min_days: int | None = None):
    the_library()
    document = copy.deepcopy(a_published_version().document)
    if min_days:
        document["stages"][1]["criteria"]["min_days"]["value"] = min_days
    return begin_draft(by=by, now=timezone.now(), document=document)


def overview(by, draft) -> str:
    return signed_in(by).get(reverse("draft", args=[draft.template.key])).content.decode()


def test_the_overview_says_how_long_the_draft_takes_as_it_stands():
    petra = a_clinician()
    told = []
    for draft in (a_draft(petra), a_draft(petra, min_days=14)):
        _before, after = overview(petra, draft).split("reaches the last stage in ")
        told.append(int(after.split(" days")[0]))
    assert told[1] > told[0] > 20


def test_a_faulty_draft_promises_no_days():
    petra = a_clinician()
    draft = a_draft(petra, min_days=1)
    html = overview(petra, draft)
    assert "1 thing is not right yet" in html
    assert "reaches the last stage" not in html


def test_where_a_number_comes_from_is_a_title_and_no_code():
    petra = a_clinician()
    draft = a_draft(petra)
    address = reverse("draft_stage", args=[draft.template.key, 2])
    form = signed_in(petra).get(address).context["form"]
    told = [group.evidence for group in form.shown_groups() if group.cited]
    assert told
    assert not any("design" in words or "seed-" in words for words in told)
