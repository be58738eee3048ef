"""Clinics: made, led, joined and left; nobody there reads who the runners are."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.doors import membership_to_end
from accounts.models import Clinic, Invitation, Membership, User
from accounts.selectors.clinic import clinic_page, clinics_page, ending
from accounts.services import clinics as services
from accounts.services.clinics import create_clinic, join_clinic, leave_clinic, set_lead
from accounts.services.errors import Refused
from accounts.services.joins import invite_clinician
from tests.support.clinics import (
    DAY,
    HOUR,
    NOW,
    a_clinic,
    a_colleague,
    consents_to,
    proposed,
    runners_of,
    the_manager,
)
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra() -> User:
    return a_clinician()


@pytest.fixture
def paul() -> User:
    return a_colleague()


@pytest.fixture
def riverside(petra, paul) -> Clinic:
    """Led by Petra, with Paul."""
    return a_clinic(petra, paul, leads=(petra,))


def membership_of(person: User) -> Membership:
    return person.memberships.get(left_at__isnull=True)


def words_of(answer) -> str:
    """The page as it is read: without tags, spaces folded."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


# --- services ------------------------------------------------------------------------------------
def test_only_a_site_manager_makes_a_clinic_and_it_needs_a_name(petra):
    with pytest.raises(Refused):
        create_clinic(name="Riverside", by=petra, now=NOW)
    with pytest.raises(Refused):
        create_clinic(name=" \u2028\x00 ", by=the_manager(), now=NOW)
    assert create_clinic(name="  River\u2028side ", by=the_manager(), now=NOW).name == "River side"


def test_somebody_is_in_one_clinic_at_a_time(petra, riverside):
    other = a_clinic(name="Next Door")
    with pytest.raises(Refused, match="another clinic"):
        join_clinic(clinic=other, clinician=petra, now=NOW)
    leave_clinic(membership=membership_of(petra), by=petra, now=NOW)
    assert join_clinic(clinic=other, clinician=petra, now=NOW + HOUR)


def test_joining_twice_is_joining_once_and_may_make_a_lead_never_unmake_one(petra, paul, riverside):
    join_clinic(clinic=riverside, clinician=petra, now=NOW)
    join_clinic(clinic=riverside, clinician=paul, now=NOW, is_lead=True)
    assert Membership.objects.count() == 2
    assert membership_of(petra).is_lead and membership_of(paul).is_lead


@pytest.mark.parametrize("who", ["runner", "manager"])
def test_only_physiotherapists_are_in_a_clinic(riverside, who):
    person = {"runner": a_runner, "manager": the_manager}[who]()
    with pytest.raises(Refused):
        join_clinic(clinic=riverside, clinician=person, now=NOW)


def test_a_lead_leads_her_own_clinic_only(petra, paul, riverside):
    nell, ned = a_colleague("Nell Next"), a_colleague("Ned Next")
    next_door = a_clinic(nell, ned, name="Next Door", leads=(nell,))
    for act in (
        lambda: set_lead(membership=membership_of(ned), is_lead=True, by=petra),
        lambda: leave_clinic(membership=membership_of(ned), by=petra, now=NOW),
        lambda: invite_clinician(email="new@example.org", by=petra, now=NOW, clinic=next_door),
        lambda: set_lead(membership=membership_of(petra), is_lead=False, by=paul),
        lambda: leave_clinic(membership=membership_of(petra), by=paul, now=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert not membership_of(ned).is_lead
    assert not Invitation.objects.exists()


def test_whoever_was_a_lead_is_none_once_she_has_left(petra, paul, riverside):
    leave_clinic(membership=membership_of(petra), by=petra, now=NOW)
    with pytest.raises(Refused):
        invite_clinician(email="new@example.org", by=petra, now=NOW, clinic=riverside)


def test_leaving_leaves_own_runners_where_they_are(petra, riverside):
    runners_of(petra, 2)
    leave_clinic(membership=membership_of(petra), by=petra, now=NOW)
    assert len(consents_to(petra)) == 2


def test_leaving_twice_is_leaving_once(petra, riverside):
    membership = membership_of(petra)
    leave_clinic(membership=membership, by=petra, now=NOW)
    leave_clinic(membership=membership, by=petra, now=NOW + DAY)
    membership.refresh_from_db()
    assert membership.left_at == NOW


# --- a site manager's pages ---------------------------------------------------------------------------
def test_a_manager_makes_a_clinic_and_invites_its_lead():
    browser = signed_in(the_manager())
    answer = browser.post(reverse("clinic_new"), {"name": "Hill Clinic"}, follow=True)
    clinic = Clinic.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("clinic", args=[clinic.public_id])
    sent = {"email": "Lena@Example.org", "as_lead": "on"}
    answer = browser.post(reverse("clinic_invite", args=[clinic.public_id]), sent, follow=True)
    assert "lena@example.org Invited as a lead by Mara Manager" in words_of(answer)
    invitation = Invitation.objects.get()
    assert (invitation.clinic, invitation.as_lead) == (clinic, True)


def test_a_manager_invites_without_a_clinic_and_nobody_to_lead_nothing():
    browser = signed_in(the_manager())
    answer = browser.post(
        reverse("join_invite"), {"email": "lena@example.org", "as_lead": "on", "clinic": "1"}, follow=True
    )
    invitation = Invitation.objects.get()
    assert (invitation.clinic, invitation.as_lead) == (None, False)
    page = words_of(answer)
    assert "lena@example.org Invited by Mara Manager" in page


def test_the_list_counts_and_says_where_a_lead_is_missing(petra, riverside, django_assert_num_queries):
    a_clinic(name="Empty")
    a_colleague("Ada Alone")
    invite_clinician(email="new@example.org", by=petra, now=NOW, clinic=riverside)
    invite_clinician(email="lone@example.org", by=the_manager(), now=NOW)
    with django_assert_num_queries(4):
        page = clinics_page(now=NOW + DAY)
    assert [(row.name, row.members, row.leads, row.invitations) for row in page.rows] == [
        ("Empty", 0, (), 0),
        ("Riverside", 2, ("Petra Physio",), 1),
    ]
    assert [invitation.email for invitation in page.invitations] == ["lone@example.org"]
    assert page.unattached == 1
    assert "Nobody leads it" in words_of(signed_in(the_manager()).get(reverse("clinics")))


def test_no_page_of_a_manager_counts_or_names_a_runner(petra, paul, riverside):
    runners_of(petra, 3)
    proposed(petra, paul, now=timezone.now())
    browser = signed_in(the_manager())
    member = membership_of(petra)
    for address in (
        reverse("clinics"),
        reverse("clinic", args=[riverside.public_id]),
        reverse("member_end", args=[member.public_id]),
    ):
        page = words_of(browser.get(address))
        assert "Petra" in page
        assert "Rae" not in page
        assert "3 runner" not in page


# --- a lead's, and a colleague's ------------------------------------------------------------------------
def test_a_lead_sees_how_many_runners_a_colleague_does_not(petra, paul, riverside, django_assert_num_queries):
    runners_of(paul, 3)
    with django_assert_num_queries(3):
        page = clinic_page(clinic=riverside, viewer=petra, now=NOW)
    assert {member.name: member.runners for member in page.members} == {
        "Petra Physio": 0,
        "Paul Physio": 3,
    }
    assert {member.runners for member in clinic_page(clinic=riverside, viewer=paul, now=NOW).members} == {
        None
    }
    lead_reads = words_of(signed_in(petra).get(reverse("my_clinic")))
    assert "3 runners" in lead_reads and "Rae" not in lead_reads
    colleague_reads = words_of(signed_in(paul).get(reverse("my_clinic")))
    assert "petra@example.org" in colleague_reads
    for act in ("Invite a physiotherapist", "Make a lead", "End membership", "Hand over all"):
        assert act in lead_reads
        assert act not in colleague_reads


def test_without_a_clinic_she_reads_how_to_get_into_one(petra):
    assert "You are in no clinic" in words_of(signed_in(petra).get(reverse("my_clinic")))


def test_a_lead_invites_withdraws_names_leads_and_ends_memberships(petra, paul, riverside):
    browser = signed_in(petra)
    invite = reverse("clinic_invite", args=[riverside.public_id])
    browser.post(invite, {"email": "new@example.org"})
    invitation = Invitation.objects.get()
    answer = browser.post(reverse("join_withdraw", args=[invitation.public_id]), follow=True)
    assert "does not work any more" in words_of(answer)
    invitation.refresh_from_db()
    assert (invitation.outcome, invitation.settled_by) == ("withdrawn", petra)
    lead = reverse("member_lead", args=[membership_of(paul).public_id])
    assert "Paul Physio now leads" in words_of(browser.post(lead, {"is_lead": "1"}, follow=True))
    assert membership_of(paul).is_lead
    browser.post(lead, {"is_lead": "0"})
    assert not membership_of(paul).is_lead
    end = reverse("member_end", args=[membership_of(paul).public_id])
    assert "End the membership of Paul Physio" in words_of(browser.get(end))
    assert membership_of(paul)
    assert "no longer in Riverside" in words_of(browser.post(end, follow=True))
    assert not paul.memberships.filter(left_at__isnull=True).exists()


def test_anybody_may_leave_and_is_told_what_ends_with_it(petra, paul, riverside):
    runners_of(paul, 2)
    proposed(paul, petra, now=timezone.now())
    browser = signed_in(paul)
    end = reverse("member_end", args=[membership_of(paul).public_id])
    page = words_of(browser.get(end))
    assert "Leave Riverside" in page
    assert "2 runners" in page
    assert "2 hand-overs that wait for the runner will not happen" in page
    answer = browser.post(end, follow=True)
    assert "You are in no clinic" in words_of(answer)


def test_what_ends_with_a_membership_is_counted_in_three_queries(
    petra, paul, riverside, django_assert_num_queries
):
    runners_of(paul, 3)
    proposed(paul, petra)
    membership = membership_to_end(petra, membership_of(paul).public_id)
    with django_assert_num_queries(3):
        page = ending(membership=membership, viewer=petra, now=NOW)
    assert (page.name, page.runners, page.hand_overs, page.covers, page.is_you) == (
        "Paul Physio",
        3,
        3,
        0,
        False,
    )


def test_what_a_lead_is_not_to_set_is_not_taken(petra, paul, riverside):
    """The button's word is one of two; anything else changes nothing."""
    lead = reverse("member_lead", args=[membership_of(paul).public_id])
    for word in ("", "2", "true", "on"):
        assert signed_in(petra).post(lead, {"is_lead": word}).status_code == 302
    assert not membership_of(paul).is_lead


# --- doors ---------------------------------------------------------------------------------------------
def test_a_colleague_who_leads_nothing_finds_no_door_to_lead_by(petra, paul, riverside):
    invite_clinician(email="new@example.org", by=petra, now=timezone.now(), clinic=riverside)
    addresses = [
        reverse("clinic_invite", args=[riverside.public_id]),
        reverse("member_end", args=[membership_of(petra).public_id]),
        reverse("member_lead", args=[membership_of(petra).public_id]),
        reverse("member_hand_over", args=[membership_of(petra).public_id]),
        reverse("join_withdraw", args=[Invitation.objects.get().public_id]),
    ]
    nell = a_colleague("Nell Next")
    a_clinic(nell, name="Next Door", leads=(nell,))
    for person in (paul, nell):
        browser = signed_in(person)
        for address in addresses:
            answer = browser.post(address, {"email": "x@example.org", "is_lead": "1", "to": "x"})
            assert answer.status_code == 404, (person, address)
    assert membership_of(petra).is_lead
    assert Invitation.objects.get().outcome == "open"


def test_what_is_not_there_looks_like_what_is_not_hers(paul, riverside, petra):
    browser = signed_in(paul)
    not_hers = browser.get(reverse("clinic_invite", args=[riverside.public_id]))
    not_there = browser.get(reverse("clinic_invite", args=[uuid.uuid4()]))
    assert words_of(not_hers) == words_of(not_there)


def test_an_invitation_without_a_clinic_is_no_leads_to_withdraw(petra, riverside):
    invite_clinician(email="lone@example.org", by=the_manager(), now=timezone.now())
    address = reverse("join_withdraw", args=[Invitation.objects.get().public_id])
    assert signed_in(petra).post(address).status_code == 404
    assert signed_in(the_manager()).post(address).status_code == 302


@pytest.mark.parametrize(("name", "service"), [("member_lead", "set_lead"), ("member_end", "leave_clinic")])
def test_whoever_is_no_lead_any_more_when_she_presses_finds_nothing(
    petra, paul, riverside, monkeypatch, name, service
):
    def too_late(**_):
        raise Refused("Only a lead of this clinic can do that.")

    monkeypatch.setattr(services, service, too_late)
    address = reverse(name, args=[membership_of(paul).public_id])
    assert signed_in(petra).post(address, {"is_lead": "1"}).status_code == 404


@pytest.mark.parametrize("name", ["clinics", "clinic_new", "join_invite"])
def test_a_managers_pages_are_no_leads(petra, riverside, name):
    assert signed_in(petra).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["my_clinic", "hand_overs", "hand_over_new", "covers", "cover_new"])
def test_pages_of_colleagues_are_nobody_elses(name):
    for person in (a_runner(), the_manager()):
        assert signed_in(person).get(reverse(name)).status_code == 403


# --- an invitation says nothing of who has an account ----------------------------------------------------
@pytest.mark.parametrize(
    "email", ["nobody@example.org", "rosa@example.org", "paul@example.org", "mara@example.org"]
)
def test_inviting_reads_the_same_whoever_has_the_address(petra, paul, riverside, email):
    a_runner()
    address = reverse("clinic_invite", args=[riverside.public_id])
    answer = signed_in(petra).post(address, {"email": email}, follow=True)
    said = words_of(answer).replace(email, "ADDRESS")
    other = signed_in(petra).post(address, {"email": "unknown@example.org"}, follow=True)
    assert answer.status_code == 200
    assert "An invitation goes to ADDRESS. Its link works for 14 days." in said
    assert Invitation.objects.filter(email=email).count() == 1
    assert words_of(other).count("Withdraw") == said.count("Withdraw") + 1


def test_a_lead_invites_not_without_end(petra, riverside):
    address = reverse("clinic_invite", args=[riverside.public_id])
    browser = signed_in(petra)
    for _ in range(3):
        assert browser.post(address, {"email": "new@example.org"}).status_code == 302
    answer = browser.post(address, {"email": "new@example.org"})
    assert "You invited this address several times today" in words_of(answer)
    assert Invitation.objects.filter(outcome="open").count() == 1
    Invitation.objects.update(invited_at=timezone.now() - datetime.timedelta(days=2))
    assert browser.post(address, {"email": "new@example.org"}).status_code == 302
