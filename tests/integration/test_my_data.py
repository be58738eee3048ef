"""The pages on which somebody takes her data away, or has them deleted."""

import datetime
import io
import re
import time
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Erasure, User
from accounts.services import grant_consent
from tests.builders import COMFORTABLE, an_enrolment, live
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

DOWNLOAD, DELETE = "my_data_download", "my_data_delete"


@pytest.fixture
def runner() -> User:
    return live(an_enrolment(a_runner(), days_ago=2), COMFORTABLE).runner


def long_ago(browser) -> None:
    """As if she had signed in an hour ago."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()


def test_the_archive_is_a_file_that_says_nothing_by_its_name(runner):
    answer = signed_in(runner).post(reverse(DOWNLOAD))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert re.fullmatch(
        r'attachment; filename="my-data-\d{4}-\d\d-\d\d\.zip"', answer.headers["Content-Disposition"]
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert "data.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_every_copy_is_in_her_records_with_where_from(runner):
    signed_in(runner).post(reverse(DOWNLOAD), REMOTE_ADDR="192.0.2.44")
    record = AccessRecord.objects.get(act="export")
    assert (record.runner, record.actor, record.origin) == (runner, runner, "192.0.2.44")


def test_an_archive_does_not_hold_its_own_record(runner):
    first = signed_in(runner).post(reverse(DOWNLOAD)).content
    second = signed_in(runner).post(reverse(DOWNLOAD)).content
    assert first != second
    assert b"a copy of everything" not in first
    assert b"a copy of everything" in second


def test_looking_at_the_page_gives_nothing_away(runner):
    answer = signed_in(runner).get(reverse(DOWNLOAD))
    assert answer.status_code == 200
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("name", [DOWNLOAD, DELETE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_signed_in_long_ago_proves_again_who_it_is(runner, name, method):
    browser = signed_in(runner)
    long_ago(browser)
    answer = getattr(browser, method)(reverse(name), {"confirmation": "delete"})
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not AccessRecord.objects.exists()
    assert not Erasure.objects.exists()


def test_a_password_leads_back_to_the_page(runner):
    browser = signed_in(runner)
    long_ago(browser)
    asked = browser.get(reverse(DOWNLOAD)).url
    answer = browser.post(asked, {"password": PASSWORD})
    assert answer.url == reverse(DOWNLOAD)
    assert browser.get(answer.url).status_code == 200


def test_so_many_copies_an_hour_are_enough(runner):
    browser = signed_in(runner)
    answers = [browser.post(reverse(DOWNLOAD)).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert AccessRecord.objects.count() == 5


def test_deleting_needs_the_word(runner):
    browser = signed_in(runner)
    for word in ("", "yes", "delete me", "x" * 50):
        answer = browser.post(reverse(DELETE), {"confirmation": word})
        assert answer.status_code == 200
        assert "Please check one thing" in answer.content.decode()
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("word", ["delete", " Delete ", "“delete”", "DELETE"])
def test_the_word_may_be_typed_as_people_type(runner, word):
    answer = signed_in(runner).post(reverse(DELETE), {"confirmation": word})
    assert answer.url == reverse("my_data_deleted")
    assert not User.objects.filter(pk=runner.pk).exists()


def test_after_it_she_is_nobody_and_cannot_sign_in_again(runner):
    browser, email = signed_in(runner), runner.email
    answer = browser.post(reverse(DELETE), {"confirmation": "delete"}, follow=True)
    assert "This site does not know you any more" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    assert browser.get(reverse("today")).status_code == 302
    again = browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert again.status_code == 200
    assert "do not go together" in again.content.decode()


def test_her_page_says_that_all_of_it_goes_where_nobody_ever_saw_her(runner):
    text = signed_in(runner).get(reverse(DELETE)).content.decode()
    assert "every decision" in text
    assert "kept" not in text


def test_her_page_says_what_stays_until_when_and_who_is_told(runner):
    grant_consent(runner=runner, clinician=a_clinician(), now=timezone.now())
    text = signed_in(runner).get(reverse(DELETE)).content.decode()
    kept = (timezone.now() - datetime.timedelta(days=2)).year + 8
    assert "What is kept without your name, and why" in text
    assert str(kept) in text
    assert "Petra Physio, by e-mail, with your initials only" in text


def test_a_physiotherapist_reads_how_many_runners_she_leaves(runner):
    hers = a_clinician()
    grant_consent(runner=runner, clinician=hers, now=timezone.now())
    text = signed_in(hers).get(reverse(DELETE)).content.decode()
    assert "1 runner" in text and "Hand them over" in text
    answer = signed_in(hers).post(reverse(DELETE), {"confirmation": "delete"})
    assert answer.url == reverse("my_data_deleted")
    hers.refresh_from_db()
    assert (hers.name, hers.is_active) == ("Petra Physio", False)


def test_the_last_site_manager_stays(runner):
    manager = a_manager()
    page = signed_in(manager).get(reverse(DELETE)).content.decode()
    assert "You are the only site manager" in page
    assert "confirmation" not in page
    answer = signed_in(manager).post(reverse(DELETE), {"confirmation": "delete"})
    assert answer.status_code == 200
    assert User.objects.filter(pk=manager.pk, is_active=True).exists()


def test_a_clinicians_archive_holds_nothing_of_a_runner(runner):
    hers = a_clinician()
    grant_consent(runner=runner, clinician=hers, now=timezone.now())
    content = signed_in(hers).post(reverse(DOWNLOAD)).content
    assert b"Rosa" not in content and runner.email.encode() not in content
    assert b"Petra Physio" in content


def test_the_pages_are_found_from_account_and_settings(runner):
    browser = signed_in(runner)
    for name in ("account", "settings"):
        assert reverse("my_data") in browser.get(reverse(name)).content.decode()
    overview = browser.get(reverse("my_data")).content.decode()
    assert reverse(DOWNLOAD) in overview and reverse(DELETE) in overview
