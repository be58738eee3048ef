"""A form that was filled in wrongly lists its errors at the top, takes the focus, leads to the fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.builders import an_enrolment, the_library
from tests.integration.test_second_factor import password_step
from tests.support.people import a_clinician, a_runner, signed_in, without_second_factor

pytestmark = pytest.mark.django_db


@dataclass
class Seen(HTMLParser):
    """What of a page matters here."""

    summaries: list[dict] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fields: dict[str, dict] = field(default_factory=dict)
    depth: int = 0
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if "error-summary" in (given.get("class") or ""):
            self.summaries.append(given)
            self.depth = 1
        elif self.depth and tag == "div":
            self.depth += 1
        if self.depth and tag == "a":
            self.links.append(given["href"].removeprefix("#"))
        if tag in ("input", "select", "textarea") and given.get("id"):
            self.fields[given["id"]] = given

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag == "div":
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text += data


def check(page: str) -> None:
    seen = Seen()
    seen.feed(page)
    assert len(seen.summaries) == 1
    assert {"tabindex": "-1", "role": "alert"}.items() <= seen.summaries[0].items()
    # Without a script it is autofocus that moves the focus; with one it is app.js.
    assert {"autofocus", "data-take-focus"} <= seen.summaries[0].keys()
    assert seen.text.strip()
    for link in seen.links:
        assert seen.fields[link].get("type") != "hidden", link
    invalid = [name for name, given in seen.fields.items() if "is-invalid" in (given.get("class") or "")]
    assert seen.links
    for name in invalid:
        assert name in seen.links or f"{name.rpartition('_')[0]}_0" in seen.links, name
        assert seen.fields[name].get("aria-describedby"), name


def half_signed_in(user: User) -> Client:
    client = Client()
    password_step(client, user)
    return client


AT_THE_DOOR = {
    "account_login": {"login": "no address", "password": ""},
    "account_signup": {},
    "account_reset_password": {"email": "no address"},
}
OF_A_RUNNER = {
    "account_change_password": {},
    "account_email": {"email": "no address", "action_add": ""},
    "account_reauthenticate": {"password": "wrong"},
    "mfa_activate_totp": {"code": "000000"},
    "settings": {},
    "check_in": {},
}


@pytest.mark.parametrize("name", AT_THE_DOOR)
def test_at_the_door(name):
    check(Client().post(reverse(name), AT_THE_DOOR[name]).content.decode())


@pytest.mark.parametrize("name", OF_A_RUNNER)
def test_of_a_runner(name):
    the_library()
    client = signed_in(an_enrolment(days_ago=1).runner)
    check(client.post(reverse(name), OF_A_RUNNER[name]).content.decode())


@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_reauthenticate"])
def test_of_a_second_factor(name):
    petra = a_clinician()
    client = half_signed_in(petra) if name == "mfa_authenticate" else signed_in(petra)
    check(client.post(reverse(name), {"code": "000000"}).content.decode())


@pytest.mark.parametrize("name", ["override_hold", "override_stage"])
def test_of_a_physiotherapist(name):
    the_library()
    petra = a_clinician()
    enrolment = an_enrolment(clinician=petra, days_ago=1)
    answer = signed_in(petra).post(reverse(name, args=[enrolment.public_id]), {})
    check(answer.content.decode())


def test_an_account_without_a_password_sets_one():
    rosa = a_runner()
    rosa.set_unusable_password()
    rosa.save()
    check(signed_in(rosa).post(reverse("account_set_password"), {}).content.decode())


def test_what_concerns_no_field_is_said_without_a_link():
    """The passkey itself is a hidden field: nothing that could take the focus."""
    client = signed_in(without_second_factor(a_clinician()))
    client.get(reverse("mfa_add_webauthn"))
    page = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": "{}"}).content.decode()
    seen = Seen()
    seen.feed(page)
    assert len(seen.summaries) == 1
    assert not seen.links
    assert "This passkey was not accepted" in seen.text
