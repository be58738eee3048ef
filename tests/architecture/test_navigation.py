"""No page names an address that is not there; `nav_item` and `{% url … as %}` would leave it out silently."""

import re

import pytest
from django.urls import get_resolver, reverse

from tests.architecture.source import ROOT

TEMPLATES = ROOT / "templates"
NAV_ENTRY = re.compile(r"{% nav_item \"([\w:]+)\"")
NAV_ITEM = re.compile(r"{% nav_item \"([\w:]+)\"[^%]*?(?: also=\"([^\"]*)\")?\s*%}")
URL = re.compile(r"{% url ['\"]([\w:]+)['\"]")
#: The main ways, which header, tabs and empty states lead to.
MAIN = (
    "home",
    "today",
    "check_in",
    "progress",
    "programme",
    "something_wrong",
    "why",
    "safety",
    "caseload",
    "programmes",
    "settings",
    "exercises",
    "self_care",
    "account",
    "access",
)


def names_in(pattern: re.Pattern) -> set[str]:
    """Return every name that the templates give to a tag."""
    found = (pattern.findall(path.read_text()) for path in sorted(TEMPLATES.rglob("*.*")))
    groups = (match if isinstance(match, tuple) else (match,) for matches in found for match in matches)
    return {name for group in groups for words in group for name in words.split()}


def known_names() -> set[str]:
    return {name for name in get_resolver().reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("name", MAIN)
def test_the_main_addresses_are_there(name):
    assert reverse(name)


def test_every_entry_of_the_navigation_leads_somewhere():
    """What stands behind ``also`` marks it as the current page only, and may need an object."""
    names = names_in(NAV_ENTRY)
    assert {"today", "caseload", "account"} <= names
    assert all(reverse(name) for name in names)
    assert names_in(NAV_ITEM) - names <= known_names()


def test_every_address_that_a_template_names_is_there():
    known = known_names()
    names = names_in(URL)
    assert "check_in_for" in names
    assert not [name for name in names if ":" not in name and name not in known]
    assert all(reverse(name) for name in names if ":" in name)
