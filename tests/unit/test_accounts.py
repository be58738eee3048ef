"""Names, links, guards and headers: what needs no database."""

import zoneinfo
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from accounts.forms import SignupForm
from accounts.guards import clinician_required, member_required, role_required, runner_required
from accounts.links import absolute
from accounts.middleware import PrivatePages
from accounts.models.user import User, clean_name
from accounts.time_zones import zone_choices

ROLES = ("runner", "clinician", "manager")
GUARDS = dict(zip(ROLES, (runner_required, clinician_required, role_required("manager")), strict=True))
SIGN_UP = {"name": "Rosa", "adult": "on", "time_zone": "Europe/London"}


def a_page(request):
    return HttpResponse("page")


def asked_by(user):
    request = RequestFactory().get("/somewhere/")
    request.user = user
    return request


@pytest.mark.parametrize("required", ROLES)
@pytest.mark.parametrize("role", ROLES)
def test_a_guard_lets_in_its_own_role_only(required, role):
    request = asked_by(User(role=role))
    if role == required:
        assert GUARDS[required](a_page)(request).status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            GUARDS[required](a_page)(request)


@pytest.mark.parametrize("guard", [*GUARDS.values(), member_required])
def test_a_stranger_is_sent_to_the_sign_in(guard):
    response = guard(a_page)(asked_by(AnonymousUser()))
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/somewhere/")


@pytest.mark.parametrize("role", ROLES)
def test_a_guard_tells_which_role_it_asks_for(role):
    assert GUARDS[role](a_page).required_role == role


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rosa   Runner ", "Rosa Runner"),
        ("Rosa\r\nBcc: all@example.org", "Rosa Bcc: all@example.org"),
        ("Rosa\x00\u2028Runner\u200b", "Rosa Runner"),
        ("Zoë Ó Dálaigh", "Zoë Ó Dálaigh"),
        ("\u200b\u2029", ""),
    ],
)
def test_names_lose_what_cannot_be_seen(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "claimed",
    [
        "https://evil.example/accounts/password/reset/key/1-a/?b=c",
        "//evil.example/accounts/password/reset/key/1-a/?b=c",
        "/accounts/password/reset/key/1-a/?b=c",
    ],
)
def test_links_lead_to_our_own_address(claimed, settings):
    settings.SITE_URL = "https://rehab.example.org"
    assert absolute(claimed) == "https://rehab.example.org/accounts/password/reset/key/1-a/?b=c"


def test_sign_up_needs_an_adult():
    form = SignupForm(SIGN_UP | {"adult": ""})
    assert not form.is_valid()
    assert "18 or older" in form.errors["adult"][0]


@pytest.mark.parametrize("name", ["", "   ", "\u200b"])
def test_sign_up_needs_a_name_that_can_be_seen(name):
    assert "name" in SignupForm(SIGN_UP | {"name": name}).errors


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_sign_up_refuses_a_zone_that_is_none(zone):
    assert "time_zone" in SignupForm(SIGN_UP | {"time_zone": zone}).errors


def test_sign_up_asks_for_no_role():
    form = SignupForm(SIGN_UP | {"role": "manager", "is_staff": "on"})
    assert form.is_valid()
    assert set(form.cleaned_data) == {"name", "adult", "time_zone"}


def test_every_offered_zone_exists():
    offered = {name for _, group in zone_choices()[1:] for name, _ in group}
    assert {"Europe/London", "Asia/Kathmandu", "Pacific/Apia"} <= offered <= zoneinfo.available_timezones()


def test_pages_with_a_session_are_not_stored(settings):
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "anything"
    response = PrivatePages(a_page)(request)
    assert "no-store" in response["Cache-Control"]


def test_public_pages_may_be_stored():
    assert "Cache-Control" not in PrivatePages(a_page)(RequestFactory().get("/")).headers


def rendered(source: str, **context) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


@pytest.mark.parametrize("tone", ["advance", "hold", "step-back", "pause", "flag"])
def test_an_outcome_is_never_colour_alone(tone):
    html = rendered('{% include "components/decision_tag.html" with tone=tone label="Words" %}', tone=tone)
    assert f"#{tone}" in html
    assert "Words" in html


@pytest.mark.parametrize(
    ("state", "word", "icon"),
    [("met", "Met", "check"), ("not_met", "Not met", "cross"), ("no_data", "No data", "no-data")],
)
def test_a_criterion_has_a_word_and_an_icon(state, word, icon):
    criterion = SimpleNamespace(state=state, label="Waking pain at most 2", detail="3", source="")
    html = rendered('{% include "components/criteria.html" %}', criteria=[criterion])
    assert f">{word}<" in html
    assert f"#{icon}" in html


def test_a_card_escapes_what_people_wrote():
    html = rendered("{% card title=name %}<p>{{ name }}</p>{% endcard %}", name="<script>")
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2
