"""Everything about me: complete, readable elsewhere, and the same bytes after an import into a new site."""

import datetime
import re

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessRecord, User
from accounts.services.clinics import create_clinic, join_clinic, leave_clinic
from accounts.services.joins import invite_clinician
from programs.archive.packing import as_text, packed
from programs.archive.tables import TABLES
from programs.archive.unpacking import unpacked
from programs.models import Decision, Enrolment
from programs.selectors.my_data import document_of
from programs.selectors.my_data.document import WORKED_OUT
from programs.selectors.my_data.rows import ROWS
from programs.services.export import at_rest
from programs.services.imports import import_person
from programs.services.verification import LedgerReport, verify_ledger
from tests.architecture.source import ROOT
from tests.builders import COMFORTABLE, QUIET, an_enrolment, live
from tests.integration.lives import EMAIL, NAME, Life
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = pytest.mark.django_db

DOCUMENT = (ROOT / "docs" / "archive-format.md").read_text()
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
#: What an archive must never hold, whoever's it is. Digests are looked for as columns: a mail has that name.
SECRETS = ("md5$", "secret", 'digest":', "JBSWY3DPEHPK3PXP", "session_key", "recovery")


def of_another_site(make) -> bytes:
    """The archive of somebody; the site on which she lived is gone afterwards, and this one is empty."""
    with transaction.atomic():
        archive = packed(document_of(make()))
        transaction.set_rollback(True)
    return archive


def models_of_people() -> list:
    """Every model from which a chain of references leads to an account, the account itself too."""
    found, before = {User}, set()
    while found != before:
        before = set(found)
        for model in apps.get_models(include_auto_created=True):
            targets = {
                field.related_model
                for field in model._meta.get_fields()
                if field.is_relation and field.concrete
            }
            if targets & found:
                found.add(model)
    return sorted(found, key=lambda model: model._meta.label)


def left_out() -> set[str]:
    """What the documentation names as not in the archive, each with a reason."""
    part = DOCUMENT.partition("## What is not in it, and why")[2].partition("## The tables")[0]
    rows = re.findall(r"^\| (`.+?`) \| (\S.*) \|$", part, flags=re.MULTILINE)
    return {name for cell, why in rows for name in re.findall(r"`([\w.]+)`", cell)}


# --- complete ------------------------------------------------------------------------------------
def test_every_model_that_leads_to_a_person_is_in_it_or_says_why_not():
    exported = {table.model for table in TABLES if table.model}
    labels = {model._meta.label for model in models_of_people()}
    assert not labels - exported - left_out()
    assert not exported & left_out()
    assert not {name for name in left_out() if name.count(".") == 1} - labels - {"accounts.Erasure"}


def test_every_column_of_what_is_in_it_is_in_it_or_says_why_not():
    missing = set()
    for table in TABLES:
        if not table.model:
            continue
        known = {column.source for column in table.columns}
        for field in apps.get_model(table.model)._meta.get_fields():
            name = f"{table.model}.{field.name}"
            if field.concrete and field.name not in known | {"id"} and name not in left_out():
                missing.add(name)
    # Whose row it is: the archive is hers. A version's template is in its own columns.
    owners = {"clinician", "runner", "recipient", "person", "user", "template"}
    assert {name for name in missing if name.rpartition(".")[2] not in owners} == set()


def test_every_table_is_read_from_somewhere():
    worked_out = {"people", "attachments"}
    assert {table.name for table in TABLES} == ROWS.keys() | worked_out
    assert all(
        name in {column.name for t in TABLES if t.name == table for column in t.columns}
        for table, name in WORKED_OUT
    )


# --- the round trip ------------------------------------------------------------------------------
def test_an_import_into_an_empty_site_and_an_export_give_the_same_bytes():
    first = of_another_site(lambda: Life().runner)
    imported = import_person(content=first)
    assert packed(document_of(imported.person)) == first
    report = LedgerReport()
    assert list(verify_ledger(report)) == []
    assert report.checked == Decision.objects.count() > 10
    empty = [name for name, count in imported.rows.items() if not count]
    assert empty == ["clinics", "memberships", "saved_views", "attachments"]


def test_beside_other_people_it_is_the_same_bytes_too():
    first = of_another_site(lambda: Life().runner)
    for number in range(3):
        live(
            an_enrolment(
                a_runner(f"other{number}@example.org"), clinician=a_clinician(f"c{number}@example.org")
            ),
            QUIET,
        )
    before = Decision.objects.count()
    imported = import_person(content=first)
    assert packed(document_of(imported.person)) == first
    assert not imported.person.consents_given.filter(clinician__is_active=True).exists()
    assert before == 3 and User.objects.filter(is_active=True).count() == 7


def test_her_programme_goes_on_where_she_came_to():
    life = of_another_site(
        lambda: live(an_enrolment(a_runner(EMAIL, NAME), days_ago=5), COMFORTABLE, QUIET).runner
    )
    person = import_person(content=life).person
    enrolment = live(Enrolment.objects.get(runner=person), COMFORTABLE)
    assert Decision.objects.count() == 3
    assert enrolment.is_active and list(verify_ledger(LedgerReport())) == []


def a_physiotherapist() -> User:
    manager, hers = a_manager(), a_clinician()
    first, second = (create_clinic(name=name, by=manager, now=NOW) for name in ("North", "South"))
    membership = join_clinic(clinic=first, clinician=hers, now=NOW, is_lead=True)
    invite_clinician(email=hers.email, by=manager, now=NOW, clinic=second)
    leave_clinic(membership=membership, by=manager, now=NOW)
    join_clinic(clinic=second, clinician=hers, now=NOW)
    an_enrolment(clinician=hers)
    return hers


@pytest.mark.parametrize(("make", "role"), [(a_physiotherapist, "clinician"), (a_manager, "manager")])
def test_physiotherapists_and_managers_come_over_as_well(make, role):
    first = of_another_site(make)
    imported = import_person(content=first, role=role)
    assert packed(document_of(imported.person)) == first
    assert (imported.person.role, imported.person.is_staff) == (role, False)


def test_who_comes_over_has_no_password_and_nobody_else_can_sign_in():
    person = import_person(content=of_another_site(lambda: Life().runner)).person
    assert not person.has_usable_password()
    assert list(User.objects.filter(is_active=True)) == [person]
    assert all(user.email.endswith("@nobody.invalid") for user in User.objects.exclude(pk=person.pk))


# --- what is in it -------------------------------------------------------------------------------
def test_no_secret_is_in_any_archive():
    life = Life()
    for user in User.objects.all():
        text = as_text(document_of(user)).lower()
        assert not [word for word in SECRETS if word.lower() in text], user
    assert life.runner.password not in as_text(document_of(life.runner))


def test_other_people_are_names_only():
    life = Life()
    document = document_of(life.runner)
    text = as_text(document)
    others = User.objects.exclude(pk=life.runner.pk)
    assert {person["name"] for person in document["people"]} == {user.name for user in others}
    assert not [user.email for user in others if user.email in text]
    assert not [user for user in others if str(user.public_id) in text]


def test_network_addresses_of_others_are_as_short_as_on_her_page():
    life = Life()
    AccessRecord.objects.create(
        runner=life.runner, actor=life.runner, act="export", detail="x", at=life.at(20), origin="198.51.100.9"
    )
    origins = {row["origin"] for row in document_of(life.runner)["access_records"]}
    assert origins == {"", "192.0.2.x", "2001:db8:0:x", "198.51.100.9"}


def test_nothing_of_another_runner_is_in_it():
    life = Life()
    other = live(an_enrolment(a_runner("olga@example.org", "Olga Other"), clinician=life.colleague), QUIET)
    text = as_text(document_of(life.runner))
    assert "Olga" not in text and str(other.public_id) not in text


def test_what_it_holds_is_sound_by_its_own_check():
    assert unpacked(packed(document_of(Life().runner)))["person"]["name"] == NAME


def test_it_takes_as_many_queries_however_long_the_diary_is():
    counts = []
    for days in (1, 6):
        runner = live(an_enrolment(days_ago=days), *[COMFORTABLE] * days).runner
        with CaptureQueriesContext(connection) as queries:
            document_of(runner)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 35


def test_while_it_is_read_the_account_and_her_programmes_are_held():
    enrolment = an_enrolment()
    with CaptureQueriesContext(connection) as queries, at_rest(enrolment.runner):
        held = [query["sql"] for query in queries if "SELECT" in query["sql"]]
    tables = ("accounts_user", "programs_enrolment")
    assert all(table in sql for table, sql in zip(tables, held, strict=True))
    if connection.vendor == "postgresql":
        assert "FOR NO KEY UPDATE" in held[0] and "FOR UPDATE" in held[1]
