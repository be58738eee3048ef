"""Who may go on, and where to: closed accounts, and ways that lead elsewhere."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.builders import an_enrolment
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "///evil.example",
    "http:///evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " https://evil.example",
]


@pytest.mark.parametrize("person", [a_runner, a_clinician, a_manager])
def test_a_closed_account_is_shut_out_by_the_next_request(person):
    user = person()
    client = signed_in(user)
    page = reverse("account")
    assert client.get(page).status_code == 200
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(page).status_code == 302
    assert not client.login(email=user.email, password=PASSWORD)


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_led_elsewhere_by_signing_in(client, there):
    rosa = an_enrolment(a_runner()).runner
    form = {"login": rosa.email, "password": PASSWORD, "next": there}
    answer = client.post(reverse("account_login"), form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"].partition("?")[0]
    assert not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("there", ELSEWHERE)
@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reauthenticate", "account_logout"]
)
def test_nobody_who_is_signed_in_is_led_elsewhere(name, there):
    answer = signed_in(a_runner()).get(reverse(name), {"next": there})
    if answer.status_code == 302:
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith(("//", "/\\"))
    else:
        assert f'href="{there}"' not in answer.content.decode()
