"""Everything about me: complete, readable elsewhere, and the same bytes after an import into a new site."""

import pytest
from django.db import transaction

from programs.archive.packing import packed
from programs.models import Decision
from programs.selectors.my_data import document_of
from programs.services.imports import import_person
from programs.services.verification import LedgerReport, verify_ledger
from tests.integration.lives import Life

pytestmark = pytest.mark.django_db


def of_another_site(make) -> bytes:
    """The archive of somebody; the site on which she lived is gone afterwards, and this one is empty."""
    with transaction.atomic():
        archive = packed(document_of(make()))
        transaction.set_rollback(True)
    return archive


def test_an_import_into_an_empty_site_and_an_export_give_the_same_bytes():
    first = of_another_site(lambda: Life().runner)
    imported = import_person(content=first)
    assert packed(document_of(imported.person)) == first
    report = LedgerReport()
    assert list(verify_ledger(report)) == []
    assert report.checked == Decision.objects.count() > 10
    empty = [name for name, count in imported.rows.items() if not count]
    assert empty == ["clinics", "memberships", "attachments"]
