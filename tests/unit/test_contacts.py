"""Whom to call: the file, the site's own numbers, and the country that a runner chose."""

import pytest

from accounts.models import User
from programs.engine.snapshot import Contacts
from programs.forms.country import country_choices, known_country
from programs.library.contacts import ELSEWHERE, countries, numbers_in
from programs.presentation import dialled
from programs.snapshots import contacts
from rehab import checks


def test_every_country_names_a_number_that_can_be_dialled_and_says_whether_it_was_checked():
    for code, country in countries().items():
        assert dialled(country.emergency) or code == ELSEWHERE
        assert country.urgent and isinstance(country.checked, bool)


def test_a_country_that_is_not_listed_names_no_number():
    assert numbers_in("QQ") == countries()[ELSEWHERE]
    assert not dialled(numbers_in("QQ").emergency)


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("", Contacts("999", "NHS 111 or your GP")),
        ("GB", Contacts("999", "NHS 111 or your GP")),
        ("CN", Contacts("120", "the nearest hospital")),
        ("QQ", Contacts("your local emergency number", "a doctor near you")),
    ],
)
def test_a_runner_is_told_the_numbers_of_her_country(country, said):
    assert contacts(User(country=country)) == said


def test_the_site_may_name_its_own_numbers_for_its_own_country(settings):
    settings.REHAB_EMERGENCY_NUMBER, settings.REHAB_URGENT_SERVICE = "112", "the doctor on the island"
    own = Contacts("112", "the doctor on the island")
    assert contacts() == contacts(User()) == contacts(User(country="GB")) == own
    assert contacts(User(country="US")).emergency_number == "911"


def test_an_unknown_country_is_refused_at_the_start(settings):
    settings.REHAB_COUNTRY = "UK"
    assert "rehab.E009" in {message.id for message in checks.unsafe_settings()}


@pytest.mark.parametrize(("stored", "shown"), [("", ""), ("GB", ""), ("CN", "CN"), ("QQ", ELSEWHERE)])
def test_the_form_shows_the_country_that_counts(stored, shown):
    assert known_country(stored) == shown
    assert shown in dict(country_choices())


def test_each_country_is_offered_with_its_number():
    assert dict(country_choices())["CN"] == "China (120)"
    assert country_choices()[0] == ("", "United Kingdom (999)")
