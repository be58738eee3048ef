"""Everything that a person reads is for readers of about twelve."""

import functools
from collections import defaultdict

import pytest

from scripts.translations.extraction import everything
from tests.support.readability import size, syllables, together

#: Grade 7 is read at about twelve; counting groups of vowels finds half a grade too little.
HIGHEST = 6.0
#: One long sentence of a law or of a list of symptoms; splitting it would blur what is asked.
HIGHEST_OF_ONE = 14.0
FEWEST_WORDS = 6
AREAS = {
    "runner": ("templates/programs/runner", "templates/programs/week", "templates/programs/measures"),
    "session": ("templates/programs/player", "templates/programs/exercises"),
    "progress": ("templates/programs/progress", "templates/programs/charts", "templates/programs/ladder"),
    "phone": ("templates/programs/offline",),
    "exercises": ("programs/library/exercises",),
    "programmes": ("programs/library/programmes",),
    "warning signs and questions": ("programs/library/questions",),
    "self-care": ("programs/library/cards",),
    "rules and reasons": ("programs/library/rules.yaml", "programs/said.py", "programs/engine"),
    "mails": ("templates/emails",),
    "accounts": ("templates/account", "templates/mfa", "accounts"),
    "physiotherapists": ("templates/programs/clinician",),
    "forms and refusals": ("programs/forms", "programs/services", "programs/views"),
    "public pages": ("templates/home.html", "templates/programs/pages"),
}


@functools.cache
def texts() -> dict[str, list[str]]:
    """Asked for by a test and not while tests are gathered, which each process does."""
    found = defaultdict(list)
    for one in everything():
        area = next((name for name, places in AREAS.items() if one.place.startswith(places)), None)
        if area and size(one.message.text).words >= FEWEST_WORDS:
            found[area].append(one.message.text)
    return found


@pytest.mark.parametrize("area", AREAS)
def test_an_area_is_for_readers_of_twelve(area, record_property):
    grade = together(texts()[area]).grade
    record_property(f"reading grade of {area}", grade)
    assert len(texts()[area]) > 3
    assert grade <= HIGHEST


def test_no_single_text_is_for_scholars():
    long = [text for one in texts().values() for text in one if size(text).words >= 12]
    hard = [text for text in long if size(text).grade > HIGHEST_OF_ONE]
    assert hard == []


@pytest.mark.parametrize(
    ("word", "count"),
    [("pain", 1), ("running", 2), ("programme", 2), ("emergency", 4), ("rested", 2), ("table", 2)],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_a_hard_text_is_found():
    hard = "Administration of pharmacological interventions necessitates individualised consideration."
    assert size(hard).grade > HIGHEST_OF_ONE
    assert size("Take it easy today. Walk a little.").grade < HIGHEST
