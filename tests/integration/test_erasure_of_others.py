"""Deleting one person leaves everybody else's things alone, whatever she called herself."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.emails import Words
from accounts.models import AccountMail, User
from accounts.services.mail import owe_mail
from programs.services.erasure import erase
from tests.support.people import a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["e", "Vera Victim", "Changed"])
def test_a_name_does_not_empty_the_log_of_the_administration(name):
    victim = a_runner("vera@example.org", "Vera Victim")
    LogEntry.objects.create(
        user=a_manager(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(victim.pk),
        object_repr="Vera Victim",
        change_message="Changed Active.",
        action_flag=CHANGE,
    )
    erase(user=a_runner("era@example.org", name), now=timezone.now())
    line = LogEntry.objects.get()
    assert (line.object_repr, line.change_message) == ("Vera Victim", "Changed Active.")


@pytest.mark.parametrize("name", ["https", "code", "Code Your", "org"])
def test_a_name_does_not_spoil_the_mails_of_others(name):
    words = Words("Sign in", "Your code: https://example.org/code", '<a href="https://example.org/code">')
    owe_mail(email="vera@example.org", kind="other", words=words, now=timezone.now())
    erase(user=a_runner("era@example.org", name), now=timezone.now())
    mail = AccountMail.objects.get()
    assert Words(mail.subject, mail.text, mail.html) == words


@pytest.mark.parametrize("address", ["hanna@example.org", "anna@example.org.uk", "anna@example.organic"])
def test_an_address_that_holds_hers_stays_signed_in_and_keeps_its_mail(address, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    file = tmp_path / "1.log"
    file.write_text(f"To: {address}\n")
    browser = signed_in(a_runner(address, "Hanna"))
    erase(user=a_runner("anna@example.org", "Anna"), now=timezone.now())
    assert browser.get(reverse("account")).status_code == 200
    assert file.exists()


@pytest.mark.parametrize(
    "held", ["Hello\nanna@example.org", "email=anna%40example.org&x=", "Anna@Example.org."]
)
def test_her_own_is_found_however_it_is_written(held):
    browser = Client()
    session = browser.session
    session["form"] = held
    session.save()
    erase(user=a_runner("anna@example.org", "Anna"), now=timezone.now())
    assert not Session.objects.exists()
