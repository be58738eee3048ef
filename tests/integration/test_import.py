"""What an import refuses, whole and with its place; and the operator's commands around it."""

import datetime
import re
import stat

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Clinic, Consent, User
from accounts.services.clinics import create_clinic
from programs.archive.check import faults_of
from programs.archive.faults import ArchiveRefused
from programs.archive.packing import packed
from programs.archive.unpacking import unpacked
from programs.engine.records import digest
from programs.models import Decision, DiaryEntry, Enrolment, ProgrammeTemplate, ProgrammeVersion
from programs.selectors.my_data import document_of
from programs.services.erasure import erase
from programs.services.imports import import_person
from programs.services.retention import unproved_sign_ups
from tests.builders import a_published_version, the_library
from tests.integration.lives import EMAIL, NAME, Life
from tests.support.mails import delivered_mails
from tests.support.people import a_clinician, a_manager, a_runner, signed_in
from tests.unit.archives import a_row

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker) -> bytes:
    """The archive of a rich life, whose site is gone."""
    with django_db_blocker.unblock(), transaction.atomic():
        content = packed(document_of(Life().runner))
        transaction.set_rollback(True)
    return content


def refusal(document: dict, role: str = "runner") -> str:
    """Import it in vain: the reasons. Nothing at all is stored."""
    before = rows()
    with pytest.raises(ArchiveRefused) as refused:
        import_person(content=packed(document), role=role)
    assert rows() == before
    return "\n".join(refused.value.faults)


def rows() -> list[int]:
    models = (
        User,
        Consent,
        ProgrammeTemplate,
        ProgrammeVersion,
        Enrolment,
        DiaryEntry,
        Decision,
        AccessRecord,
    )
    return [model.objects.count() for model in models]


def changed(archive: bytes, *path, to) -> dict:
    """The document with one value changed."""
    document = unpacked(archive)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document


def test_a_decision_that_does_not_follow_from_its_inputs_is_refused(archive):
    first = unpacked(archive)["decisions"][0]
    other = "hold" if first["decision"] != "hold" else "step_back"
    change = {"step_back": -1, "hold": 0}[other]
    document = changed(archive, "decisions", 0, "decision", to=other)
    document["decisions"][0]["stage_change"] = change
    assert "decisions[0]: decision is" in refusal(document)
    assert "decisions[0]: reason is" in refusal(changed(archive, "decisions", 0, "reason", to="Because."))


def test_inputs_that_were_changed_are_refused(archive):
    document = unpacked(archive)
    document["decisions"][3]["inputs"]["state"]["intake"] = 0
    assert "decisions[3]: the stored inputs do not match their hash" in refusal(document)
    document = changed(archive, "decisions", 3, "inputs", to={})
    document["decisions"][3]["inputs_hash"] = digest({})
    assert "decisions: the ledger cannot be read" in refusal(document)


def test_a_programme_that_is_none_or_another_is_refused(archive):
    document = unpacked(archive)
    document["programme_versions"][0]["document"]["title"] = "Else"
    assert "programme_versions[0].content_hash: is not that of the document" in refusal(document)
    known = unpacked(archive)["programme_versions"][0]
    a_published_version(known["key"], known["document"] | {"title": "Ours"})
    assert "has another content here" in refusal(unpacked(archive))


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("enrolments", 0, "stage"), "S99_moon", "enrolments[0]: cannot be read"),
        (("enrolments", 0, "step_backs"), ["often"], "enrolments[0]: cannot be read"),
        (("diary_entries", 0, "stage_shown"), "S99", "diary_entries[0]: the programme has no stage 'S99'"),
        (("diary_entries", 0, "during"), 11, "diary_entries[0]"),
        (("diary_entries", 0, "rest"), -1, "diary_entries[0].rest"),
        (("diary_entries", 0, "rest"), 10**30, "diary_entries[0].rest"),
        (
            ("diary_entries", 0, "sites"),
            ["below_knee"],
            'diary_entries[0]: cannot be read: ValueError("leg is',
        ),
        (("entry_revisions", 0, "values"), {"weight": 70}, "entry_revisions[0]: cannot be read"),
        (("enrolments", 0, "run_days"), [0], "enrolments[0]: cannot be read"),
        (("enrolments", 0, "run_days"), [["1"]], "enrolments[0]: cannot be read"),
        (("measure_responses", 0, "answers"), [4], "measure_responses[0]: cannot be read"),
        (("measure_responses", 0, "answers"), [{"item": "1", "words": "a"}], "measure_responses[0]: cannot"),
        (("decisions", 0, "rule"), "X" * 31, "decisions[0].rule: Ensure this value has at most 30"),
        (("planned_sessions", 0, "stage"), "S99", "planned_sessions[0]: the programme has no stage"),
        (("overrides", 0, "reason"), "", "overrides[0]: the database refuses it"),
        (("consents", 0, "clinician"), 0, "consents[0]: the database refuses it"),
        (("person", "time_zone"), "Mars/Olympus", "person.time_zone: “Mars/Olympus” is not a time zone"),
        (("person", "email"), "no address", "person.email: Enter a valid"),
        (("person", "email"), "Zinaida@Example.org", "person.email: must be in small letters"),
        (("person", "name"), "Zina\u2028ida", "person.name: holds characters"),
        (("people", 0, "name"), "", "people[0].name: is no name"),
        (("access_records", 0, "origin"), "x" * 46, "access_records[0].origin"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(archive, path, value, place):
    assert place in refusal(changed(archive, *path, to=value))


def test_two_rows_that_cannot_both_be_are_refused_by_the_database(archive):
    document = unpacked(archive)
    document["planned_sessions"].append(document["planned_sessions"][0])
    assert f"planned_sessions[{len(document['planned_sessions']) - 1}]: the database refuses it" in refusal(
        document
    )


def test_whoever_is_here_already_is_refused(archive):
    import_person(content=archive)
    assert "person.public_id: this person is here already" in refusal(unpacked(archive))
    fresh = changed(archive, "person", "public_id", to="00000000-0000-4000-8000-000000000001")
    assert "person.email: somebody here has this address" in refusal(fresh)


def test_an_address_of_somebody_else_is_refused(archive):
    a_runner(EMAIL.upper(), "Somebody Else")
    assert "somebody here has this address" in refusal(unpacked(archive))


def test_a_file_alone_makes_nobody_more_than_a_runner(archive):
    document = changed(archive, "person", "role", to="manager")
    assert "person.role: the archive is that of a manager, not of a runner" in refusal(document)
    assert "not of a manager" in refusal(unpacked(archive), role="manager")


def test_a_file_proves_no_address(archive, mailoutbox):
    document = unpacked(archive)
    document["addresses"] = [{"email": "victim@example.org", "is_verified": True, "is_primary": True}]
    assert "addresses: is not known" in "\n".join(faults_of(document))
    person = import_person(content=archive).person
    assert not EmailAddress.objects.exists()
    client = signed_in(None)
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    link = re.search(r"/accounts/password/reset/key/\S+", delivered_mails()[-1].body)[0]
    page = client.get(link, follow=True)
    new = {"password1": "another calm kilometre", "password2": "another calm kilometre"}
    client.post(page.redirect_chain[-1][0], new)
    proved = EmailAddress.objects.get()
    assert (proved.user, proved.email, proved.verified, proved.primary) == (person, EMAIL, True, True)


def test_an_address_that_somebody_here_proved_is_refused(archive):
    EmailAddress.objects.create(user=a_runner(), email=EMAIL.upper(), verified=True)
    assert "person.email: somebody here has this address" in refusal(unpacked(archive))


def test_who_came_and_never_signed_in_is_not_swept_away_as_a_sign_up(archive):
    person = import_person(content=packed(changed(archive, "person", "last_signed_in_at", to=None))).person
    years_later = person.date_joined + datetime.timedelta(days=800)
    assert person not in unproved_sign_ups(years_later)


def in_the_clinic(document: dict, *, clinic: Clinic, **more) -> dict:
    """The document of somebody who says that she leads this clinic."""
    document["clinics"] = [a_row("clinics") | {"public_id": str(clinic.public_id), "made_by_me": False}]
    membership = {"clinic": str(clinic.public_id), "is_lead": True, "left_at": None, "left_by": None}
    document["memberships"] = [a_row("memberships") | membership | more]
    return document


def test_a_file_lets_nobody_into_a_clinic_that_is_here(archive):
    clinic = create_clinic(name="Ours", by=a_manager(), now=timezone.now())
    document = in_the_clinic(changed(archive, "person", "role", to="clinician"), clinic=clinic)
    assert "memberships[0].left_at: the clinic is here already" in refusal(document, role="clinician")


def test_who_left_a_clinic_that_is_here_comes_over_and_leads_nothing():
    clinic = create_clinic(name="Ours", by=a_manager(), now=timezone.now())
    with transaction.atomic():
        document = document_of(a_clinician("came@example.org", "Came Over"))
        transaction.set_rollback(True)
    ended = {"left_at": "2026-03-02T20:00:00Z", "left_by": 0}
    document = in_the_clinic(document, clinic=clinic, **ended)
    person = import_person(content=packed(document), role="clinician").person
    assert person.memberships.get().clinic == clinic
    assert not Clinic.objects.led_by(person).exists()


def test_a_runner_does_not_come_over_as_lead_of_a_clinic(archive):
    elsewhere = Clinic(name="Of nobody here")
    document = in_the_clinic(unpacked(archive), clinic=elsewhere)
    assert "memberships[0]: only a physiotherapist is in a clinic" in refusal(document)


def test_what_was_kept_of_an_erased_runner_is_read_only():
    life = Life()
    erasure = erase(user=life.runner, now=life.at(35))
    kept = document_of(User.objects.get(public_id=erasure.pseudonym))
    assert kept["decisions"] and kept["person"]["name"] == "Erased runner"
    assert "it is only read" in refusal(kept)


def test_a_library_that_is_loaded_later_takes_nothing_from_her(archive):
    person = import_person(content=archive).person
    call_command("load_library", verbosity=0)
    enrolment = person.enrolments.order_by("pk").last()
    assert (enrolment.version.status, enrolment.version.number) == ("retired", 1)
    newest = enrolment.version.template.versions.order_by("number").last()
    assert (newest.status, newest.number, newest.content_hash) == (
        "published",
        2,
        enrolment.version.content_hash,
    )


# --- commands ------------------------------------------------------------------------------------
def test_the_operator_writes_a_file_that_nobody_else_can_read(tmp_path, capsys):
    life = Life()
    expected = packed(document_of(life.runner))
    file = tmp_path / "person.zip"
    call_command("export_person", EMAIL.upper(), str(file))
    assert file.read_bytes() == expected
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    record = AccessRecord.objects.filter(runner=life.runner, act="export").last()
    assert (record.actor, record.detail) == (None, "a copy of everything, made by the operator of the site")
    with pytest.raises(CommandError, match="cannot be written: File exists"):
        call_command("export_person", EMAIL, str(file))


def test_the_operator_asks_for_somebody_who_is_here(tmp_path):
    for name in ("nobody@example.org", "00000000-0000-4000-8000-000000000001", "x"):
        with pytest.raises(CommandError, match="Nobody here"):
            call_command("export_person", name, str(tmp_path / "x.zip"))


def test_what_was_kept_is_found_by_its_reference(tmp_path):
    life = Life()
    erasure = erase(user=life.runner, now=life.at(35))
    call_command("export_person", str(erasure.pseudonym), str(tmp_path / "kept.zip"))
    document = unpacked((tmp_path / "kept.zip").read_bytes())
    assert len(document["decisions"]) == Decision.objects.count()


def test_the_operator_takes_somebody_over(archive, tmp_path, capsys):
    file = tmp_path / "person.zip"
    file.write_bytes(archive)
    call_command("import_person", str(file), "--check")
    assert "Nothing was stored" in capsys.readouterr().out
    assert not User.objects.exists()
    call_command("import_person", str(file))
    out = capsys.readouterr().out
    assert f"{NAME} (runner) is here now" in out
    assert "decisions 22" in out


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_faulty_file_is_exit_status_2(tmp_path, content, capsys):
    file = tmp_path / "person.zip"
    file.write_bytes(content)
    for arguments in ([str(file)], [str(file), "--check"], [str(tmp_path / "none.zip")]):
        with pytest.raises(CommandError) as error:
            call_command("import_person", *arguments)
        assert error.value.returncode == 2


def test_the_operator_erases_only_when_told_twice(capsys):
    life = Life()
    call_command("erase_person", EMAIL)
    assert "the person goes at once; what was decided is kept" in capsys.readouterr().out
    assert User.objects.filter(email=EMAIL).exists()
    call_command("erase_person", EMAIL, "--yes")
    out = capsys.readouterr().out
    assert "Kept until" in out and "person removed, clinical record kept" in out
    assert not User.objects.filter(email=EMAIL).exists()
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("erase_person", EMAIL, "--yes")
    assert life.hers.is_active


def test_the_operator_cannot_erase_the_last_manager():
    manager = a_manager()
    with pytest.raises(CommandError, match="only site manager"):
        call_command("erase_person", manager.email, "--yes")


@pytest.mark.parametrize("name", ["today", "progress", "why", "programme", "records", "access", "settings"])
def test_her_pages_open_where_she_came_to(archive, name):
    the_library()
    person = import_person(content=archive).person
    answer = signed_in(person).get(reverse(name), follow=True)
    assert answer.status_code == 200
