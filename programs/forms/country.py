"""Where a runner is, for the numbers that she is told to call."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from programs.library.contacts import ELSEWHERE, countries
from programs.presentation import dialled
from programs.said import said
from programs.snapshots import contacts


def country_choices(number: str = "") -> list[tuple[str, str]]:
    """Each country with its number; first, as the site is set, or with the number that her clinic gives."""
    site = countries()[settings.REHAB_COUNTRY]
    here = _shown(said(site.name), number or contacts().emergency_number)
    listed = [
        (code, _shown(said(country.name), country.emergency))
        for code, country in countries().items()
        if code not in (settings.REHAB_COUNTRY, ELSEWHERE)
    ]
    return [("", here), *listed, (ELSEWHERE, said(countries()[ELSEWHERE].name))]


def country_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Country you are in"),
        required=False,
        choices=country_choices,
        help_text=gettext_lazy("Decides which number you are told to call when something is wrong."),
    )


def known_country(code: str) -> str:
    """The choice that stands for a stored country: the site's own is the empty one."""
    if code in ("", settings.REHAB_COUNTRY):
        return ""
    return code if code in countries() else ELSEWHERE


def _shown(name: str, number: str) -> str:
    return f"{name} ({number})" if dialled(number) else name
