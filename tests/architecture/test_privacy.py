"""The map of the data names every table, and says of each all that the law asks for."""

import re

from django.apps import apps

from rehab import settings as real_settings
from tests.architecture.source import ROOT

TEXT = (ROOT / "docs" / "privacy.md").read_text()
#: Tables of Django and its packages that hold nothing of anybody.
OF_NOBODY = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
}


def the_map() -> dict[str, list[str]]:
    """Table -> what, whose, why, how long, who sees it."""
    part = TEXT.partition("## The map of the data")[2].partition("## How long")[0]
    rows = {}
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            rows |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), cells[1:])
    return rows


def test_every_table_stands_in_the_map():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - OF_NOBODY == set(the_map())


def test_every_row_says_what_whose_why_how_long_and_who_sees_it():
    for table, cells in the_map().items():
        assert len(cells) == 5 and all(cells), table


def test_the_times_are_those_of_the_settings():
    found = re.findall(r"^\| `(REHAB_KEEP_\w+)` \| (\d+) \|", TEXT, flags=re.MULTILINE)
    names = [name for name in dir(real_settings) if name.startswith("REHAB_KEEP_")]
    assert sorted(name for name, _ in found) == sorted(names)
    assert all(getattr(real_settings, name) == int(default) for name, default in found)
