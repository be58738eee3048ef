"""The site as an app: its manifest, its worker, and the pages that a phone keeps."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.phone import phone_id, phone_key
from programs.library.contacts import countries
from programs.views.precached import FILES, ICONS, SCRIPTS
from tests.builders import an_enrolment, every_programme, the_library
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
KEPT = ("offline", "offline_check_in", "offline_kept", "offline_wrong")
OF_ROSA = ("Rosa", "rosa@example.org")


@pytest.fixture(autouse=True)
def library():
    the_library()
    every_programme()


def options_of(client: Client) -> dict:
    """What the worker is told."""
    body = client.get("/service-worker.js").content.decode()
    return json.loads(re.search(r"self\.REHAB = (\{.*\});", body)[1])


# --- the manifest ----------------------------------------------------------------------------------
def test_the_manifest_says_what_an_installed_app_needs(client):
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert manifest["name"] and manifest["short_name"]
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/today/", "/", "standalone")
    assert re.fullmatch(r"#[0-9a-f]{6}", manifest["theme_color"])
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert b'rel="manifest" href="/manifest.webmanifest"' in client.get("/safety/").content


def test_every_icon_is_there_in_the_size_that_it_claims():
    for name, sizes, _purpose in ICONS:
        path = finders.find(name)
        assert path, name
        if sizes != "any":
            assert "{}x{}".format(*Image.open(path).size) == sizes


# --- the worker ------------------------------------------------------------------------------------
def test_the_worker_is_a_script_that_is_asked_for_anew_and_reaches_every_page(client):
    answer = client.get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]


def test_every_file_that_the_worker_keeps_is_there(client):
    assert not [name for name in (*FILES, *SCRIPTS) if not finders.find(name)]
    assert options_of(client)["files"] == [f"/static/{name}" for name in FILES]


@pytest.mark.parametrize("name", KEPT)
def test_every_file_of_a_kept_page_is_kept(name, client):
    """But what a phone asks for when it puts the site on its home screen."""
    page = client.get(reverse(name)).content.decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page)) - {"icons/apple-touch-icon.png"}
    assert linked <= set(FILES)


def test_in_production_the_worker_names_files_by_their_content(client, settings, tmp_path):
    """And is another worker as soon as one of them has changed."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    settings.STATIC_ROOT = tmp_path
    versions = set()
    for content in ("aaaa", "bbbb"):
        paths = {name: name.replace(".", f".{content}.") for name in (*FILES, *SCRIPTS)}
        manifest = {"paths": paths, "version": "1.1", "hash": content}
        (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
        settings.STORAGES = dict(settings.STORAGES)
        options = options_of(client)
        assert options["hashed"] and all(f".{content}." in name for name in options["files"])
        versions.add(options["version"])
    assert len(versions) == 2


def test_the_scripts_know_the_addresses_of_the_site():
    """They cannot reverse a name, so they hold the addresses themselves."""
    folder = Path(settings.BASE_DIR) / "static" / "js"
    text = "".join((folder / name).read_text() for name in ("outbox.js", "service_worker.js", "offline.js"))
    names = ("offline", "offline_check_in", "offline_kept", "offline_wrong", "phone", "check_in")
    for name in (*names, "something_wrong", "paused", "safety", "account_logout", "service_worker"):
        assert f'"{reverse(name)}"' in text, name


# --- what a phone keeps ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", KEPT)
def test_a_page_that_a_phone_keeps_is_the_same_for_everybody(name, client):
    """But for the footer's way back to the language, nothing depends on who asks."""
    rosa = signed_in(an_enrolment().runner)
    hers, a_strangers = (who.get(reverse(name)).content.decode() for who in (rosa, client))
    assert hers == a_strangers
    assert not [word for word in (*OF_ROSA, "csrfmiddlewaretoken", 'name="rehab-user"') if word in hers]


def test_the_form_of_the_phone_asks_the_short_list_and_fills_in_nothing(client):
    page = client.get("/offline/check-in/").content.decode()
    for name in ("rest", "morning", "session", "during", "after", "red_flags"):
        assert f'name="{name}"' in page, name
    assert not re.search(r"<input[^>]*\schecked", page)
    assert len(re.findall(r'name="red_flags"', page)) == 6


def test_the_pages_of_a_phone_carry_the_numbers_of_its_country(client):
    country = countries()["DE"]
    for name in ("offline_check_in", "offline_kept", "offline_wrong"):
        assert country.emergency in client.get(reverse(name), {"country": "DE"}).content.decode()
        assert client.get(reverse(name), {"country": "<script>"}).status_code == 200


# --- whose phone it is -----------------------------------------------------------------------------
def test_a_page_says_whose_it_is_by_an_id_that_names_nobody(client):
    rosa, petra = a_runner(), a_clinician()
    page = signed_in(rosa).get("/account/").content.decode()
    assert f'<meta name="rehab-user" content="{phone_id(rosa)}" data-zone="{rosa.time_zone}"' in page
    assert rosa.public_id.hex not in phone_id(rosa) and str(rosa.public_id) not in page
    assert len({phone_id(rosa), phone_id(petra), phone_key(rosa), phone_key(petra)}) == 4
    assert 'name="rehab-user" content=""' in client.get("/safety/").content.decode()
    assert "data-zone" not in signed_in(petra).get("/account/").content.decode()


def test_only_the_runner_herself_is_given_what_seals_her_things(client):
    rosa = a_runner()
    answer = signed_in(rosa).get("/offline/phone/")
    assert answer.json()["person"] == phone_id(rosa) and answer.json()["key"] == phone_key(rosa)
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/offline/phone/").status_code == 302
    assert signed_in(a_clinician()).get("/offline/phone/").status_code == 403


def test_another_secret_gives_another_id_and_another_key(settings):
    rosa = a_runner()
    before = (phone_id(rosa), phone_key(rosa))
    settings.SECRET_KEY = "another secret"
    assert not {phone_id(rosa), phone_key(rosa)} & set(before)
