"""No text is left untranslated, none is translated for nothing, and what Django reads is what was written."""

import gettext
import io
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from accounts.models import Language
from rehab.formats.zh_Hans.formats import FORMS
from scripts.translations import catalogue, extraction
from scripts.translations.extraction import ROOT, Message

LANGUAGES = catalogue.languages()
#: Forms that are the same in every language, and words that are no form.
SAME_EVERYWHERE = {"H:i", "Y-m-d", "c", "l", "D", "DATE_FORMAT", "Y-m-d\\TH:i", "Y-m-d H:i e"}


@pytest.fixture(scope="module")
def found():
    return extraction.everything()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language, found):
    report = catalogue.check(catalogue.read(language), found)
    print(f"{language}: {report.total} texts, {len(report.untranslated)} without a translation")
    assert report.untranslated == []
    assert report.fuzzy == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_is_nowhere(language, found):
    assert catalogue.check(catalogue.read(language), found).unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_the_places_of_its_text(language, found):
    assert catalogue.check(catalogue.read(language), found).places == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_tags_of_its_text(language):
    tag = re.compile(r"</?[a-z]+")
    for entry in catalogue.read(language):
        source = entry.id[-1] if isinstance(entry.id, tuple) else entry.id
        said = entry.string[0] if isinstance(entry.string, tuple) else entry.string
        if said:
            assert sorted(tag.findall(said)) == sorted(tag.findall(source)), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language):
    compiled = (catalogue.folder(language) / "django.mo").read_bytes()
    assert compiled == catalogue.as_mo(catalogue.read(language))
    reader = gettext.GNUTranslations(io.BytesIO(compiled))
    assert reader.gettext("Skip to the content") != "Skip to the content"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_as_the_script_writes_it(language):
    path = catalogue.folder(language) / "django.po"
    assert path.read_bytes() == catalogue.as_po(read_po(io.BytesIO(path.read_bytes()), locale=language))


def test_what_a_person_may_choose_is_what_there_is():
    assert dict(settings.LANGUAGES) == dict(Language.choices)
    assert {code.replace("-", "_").lower() for code, _ in settings.LANGUAGES[1:]} == {
        name.lower() for name in LANGUAGES
    }


def test_texts_are_found_in_pages_in_python_in_the_library_and_in_the_engine(found):
    places = {item.place.partition("/")[0] for item in found}
    assert {"templates", "accounts", "programs"} <= places
    texts = {item.message.text for item in found}
    assert {"Skip to the content", "Bird dog", "numbness or changed feeling between the legs"} <= texts


def test_contexts_and_plurals_are_kept_apart(found):
    messages = {item.message for item in found}
    assert Message("during", context="in a reason") in messages
    assert Message("Please check one thing", "Please check %(things)s things") in messages


def test_every_form_of_a_date_has_a_chinese_one():
    pattern = re.compile(
        r"""\|date:["']([^"']+)["']|date_format\([^()]*(?:\([^()]*\))?[^()]*,\s*"([^"]+)"\)"""
    )
    used = set()
    for folder, suffixes in (
        ("templates", (".html", ".txt")),
        ("programs", (".py",)),
        ("accounts", (".py",)),
    ):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in suffixes:
                used |= {first or second for first, second in pattern.findall(path.read_text())}
    assert used - set(FORMS) - SAME_EVERYWHERE == set()
