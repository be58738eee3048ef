"""How somebody is called is hers to say."""

import pytest
from django.urls import reverse

from accounts.services.errors import Refused
from accounts.services.people import change_name
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", [a_runner, a_clinician, a_manager])
def test_everybody_changes_her_own_name(person):
    user = person()
    answer = signed_in(user).post(reverse("account_name"), {"name": "  Rosalind\x0b  Runner "}, follow=True)
    user.refresh_from_db()
    assert user.name == "Rosalind Runner"
    assert "Your name is changed." in answer.content.decode()


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u2028"])
def test_a_name_that_nobody_can_read_is_refused_and_the_old_one_stays(name):
    user = a_runner()
    assert "Enter a name." in signed_in(user).post(reverse("account_name"), {"name": name}).content.decode()
    with pytest.raises(Refused):
        change_name(user=user, name=name)
    user.refresh_from_db()
    assert user.name == "Rosa Runner"


def test_the_account_page_leads_there_and_the_form_holds_the_name():
    browser = signed_in(a_runner())
    assert reverse("account_name") in browser.get(reverse("account")).content.decode()
    assert 'value="Rosa Runner"' in browser.get(reverse("account_name")).content.decode()
