"""What the database refuses about people, consent, invitations, the audit and erasure."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.emails import Words
from accounts.models import (
    AccessRecord,
    AccountMail,
    Act,
    Clinic,
    Consent,
    Erasure,
    HandOver,
    Invitation,
    Membership,
    OpenErasure,
    User,
)
from accounts.models.base import FrozenRowError
from accounts.services import grant_consent
from accounts.services.audit import record_access
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.mail import owe_mail
from accounts.services.offers import make_offer
from programs.models import Decision
from tests.integration.story import RUN, Story
from tests.integration.test_constraints import refused
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=1)
EARLIER = NOW - datetime.timedelta(days=1)


def a_changed_copy(row, **changes) -> None:
    """Insert a copy with some columns changed, past every service."""
    unique = {"public_id": uuid.uuid4(), "secret_digest": uuid.uuid4().hex, "message_id": uuid.uuid4().hex}
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    values |= {name: value for name, value in unique.items() if name in values}
    type(row).objects.bulk_create([type(row)(**values | changes)])


@pytest.fixture
def people() -> dict[str, User]:
    return {
        "runner": a_runner(),
        "clinician": a_clinician(),
        "other": a_clinician("paul@example.org", "Paul"),
        "manager": a_manager(),
    }


@pytest.fixture
def rows(people) -> dict:
    clinic = create_clinic(name="Riverside", by=people["manager"], now=NOW)
    member = join_clinic(clinic=clinic, clinician=people["clinician"], now=NOW)
    join_clinic(clinic=clinic, clinician=people["other"], now=NOW)
    consent = grant_consent(runner=people["runner"], clinician=people["clinician"], now=NOW)
    make_offer(runner=people["runner"], now=NOW)
    mail = owe_mail(email="x@example.org", kind="code", words=Words("s", "t"), now=NOW)
    hand_over = HandOver.objects.create(
        consent=consent,
        to=people["other"],
        proposed_at=NOW,
        proposed_by=people["clinician"],
        notice=mail,
        takes_effect_at=LATER,
    )
    return {
        Clinic: clinic,
        Membership: member,
        Consent: consent,
        Invitation: Invitation.objects.get(),
        HandOver: hand_over,
        AccountMail: mail,
        User: people["runner"],
        AccessRecord: AccessRecord.objects.first(),
    }


BROKEN = (
    (Clinic, {"name": ""}),
    (Membership, {}),
    (Membership, {"left_at": LATER}),
    (Membership, {"left_at": EARLIER, "left_by_id": "clinician"}),
    (Consent, {}),
    (Consent, {"clinician_id": "runner"}),
    (Consent, {"via": "hearsay", "clinician_id": "manager"}),
    (Consent, {"clinician_id": "other", "revoked_at": LATER}),
    (Consent, {"clinician_id": "other", "revoked_at": EARLIER, "revoked_by_id": "runner"}),
    (Consent, {"clinician_id": "other", "expires_at": EARLIER}),
    (Consent, {"clinician_id": "other", "via": "cover"}),
    (Consent, {"clinician_id": "other", "via": "cover", "expires_at": LATER}),
    (Invitation, {"kind": "summons"}),
    (Invitation, {"outcome": "lost"}),
    (Invitation, {"outcome": "accepted"}),
    (Invitation, {"outcome": "accepted", "settled_at": LATER}),
    (Invitation, {"expires_at": EARLIER}),
    (Invitation, {"email": "x@example.org"}),
    (Invitation, {"kind": "ask"}),
    (Invitation, {"as_lead": True}),
    (HandOver, {}),
    (HandOver, {"outcome": "lost", "settled_at": LATER, "notice_id": None}),
    (HandOver, {"outcome": "done", "notice_id": None}),
    (HandOver, {"outcome": "done", "settled_at": LATER, "notice_id": None, "takes_effect_at": EARLIER}),
    (AccountMail, {"status": "lost"}),
    (AccountMail, {"status": "sent", "text": "", "html": ""}),
    (AccountMail, {"status": "sent", "settled_at": LATER}),
    (AccountMail, {"expires_at": EARLIER}),
    (AccessRecord, {"act": "peek"}),
    (AccessRecord, {"detail": ""}),
    (User, {"email": "ROSA@example.org"}),
    (User, {"email": "x@example.org", "role": "king"}),
    (User, {"email": "x@example.org", "erased_at": NOW}),
)


@pytest.mark.parametrize(("model", "changes"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_row_that_breaks_a_rule_is_refused(rows, people, model, changes):
    changes = {
        name: people[value].pk if value in people and name.endswith("_id") else value
        for name, value in changes.items()
    }
    assert refused(lambda: a_changed_copy(rows[model], **changes))


WHOLE = (
    (Membership, {"clinician_id": "manager"}),
    (Consent, {"clinician_id": "other"}),
    (Invitation, {}),
    (HandOver, {"outcome": "done", "settled_at": LATER, "notice_id": None}),
    (AccountMail, {"status": "sent", "settled_at": LATER, "text": ""}),
    (AccessRecord, {}),
    (User, {"email": "x@example.org"}),
)


@pytest.mark.parametrize(("model", "changes"), WHOLE, ids=lambda value: getattr(value, "__name__", None))
def test_the_same_row_without_the_fault_is_accepted(rows, people, model, changes):
    """Or the refusals above would prove nothing."""
    changes = {
        name: people[value].pk if value in people and name.endswith("_id") else value
        for name, value in changes.items()
    }
    assert not refused(lambda: a_changed_copy(rows[model], **changes))


# --- append-only -----------------------------------------------------------------------------
@pytest.fixture
def recorded(people) -> AccessRecord:
    record_access(
        runner_ids=[people["runner"].pk], actor=people["clinician"], act=Act.VIEW, detail="x", now=NOW
    )
    return AccessRecord.objects.get()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


STATEMENTS = ("UPDATE accounts_accessrecord SET detail = 'y'", "DELETE FROM accounts_accessrecord")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_audit_refuses_change_in_the_database(recorded, statement):
    assert refused(lambda: run(statement))


@pytest.mark.parametrize(
    "table", ["accounts_accessrecord", "accounts_erasure", "programs_decision", "programs_override"]
)
def test_a_record_is_not_emptied_either(table):
    if connection.vendor == "postgresql":
        assert refused(lambda: run(f"TRUNCATE {table} CASCADE"))
    else:
        assert refused(lambda: run("TRUNCATE nothing"))  # SQLite has no such statement


def test_the_audit_refuses_change_in_the_model(recorded):
    with pytest.raises(FrozenRowError):
        recorded.save()
    with pytest.raises(FrozenRowError):
        recorded.delete()
    with pytest.raises(FrozenRowError):
        AccessRecord.objects.update(detail="y")
    with pytest.raises(FrozenRowError):
        AccessRecord.objects.all().delete()


def deleted(rows) -> int:
    """As the service of erasures deletes: past the refusal of the model, so that the database is asked."""
    return rows._raw_delete(rows.db)


def test_outside_an_erasure_nothing_is_erased(recorded):
    with pytest.raises(DatabaseError), transaction.atomic():
        deleted(AccessRecord.objects.all())
    assert AccessRecord.objects.count() == 1


def test_inside_an_erasure_rows_go_and_then_the_door_is_shut(recorded):
    story = Story()
    story.live(1, [RUN])
    with transaction.atomic():
        opened = OpenErasure.objects.create()
        assert deleted(Decision.objects.filter(enrolment=story.pk)) > 0
        opened.delete()
        assert refused(lambda: run("UPDATE accounts_accessrecord SET detail = 'y'"))
    assert not Decision.objects.filter(enrolment=story.pk).exists()


def test_an_erasure_refers_to_nobody_else(people):
    assert refused(lambda: OpenErasure.objects.create(nobody=people["runner"]))


@pytest.mark.django_db(transaction=True)
def test_an_erasure_cannot_be_left_open():
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenErasure.objects.create()
    assert not OpenErasure.objects.exists()


def test_what_is_kept_of_a_person_has_an_end():
    kept = {"kind": "pseudonym", "role": "runner", "at": NOW, "counts": {}}
    assert refused(lambda: Erasure.objects.bulk_create([Erasure(**kept)]))
    assert refused(lambda: Erasure.objects.bulk_create([Erasure(**kept | {"kind": "some"})]))
    whole = kept | {"kept_until": NOW.date(), "pseudonym": uuid.uuid4()}
    assert not refused(lambda: Erasure.objects.bulk_create([Erasure(**whole)]))
