"""Providers of mail: which may be named, what they must be told, and what their answers mean."""

from types import SimpleNamespace

import pytest
import requests
from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailUnsupportedFeature,
)
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from accounts.services.providers import Failure, code_of, kind_of_failure
from rehab import mail_providers
from rehab.mail_providers import PROVIDERS, backend_of, faults_of, options_of

EVERY_PROVIDER = pytest.mark.parametrize("name", PROVIDERS)
KEYS = [f"ANYMAIL_{key}" for one in PROVIDERS.values() for key in (*one.needed, *one.may_be)]


@pytest.fixture(autouse=True)
def none_of_this_machine(monkeypatch):
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
        monkeypatch.delenv(f"{key}_FILE", raising=False)


def refused(status: int) -> AnymailRequestsAPIError:
    response = SimpleNamespace(status_code=status, reason="as it says", text="ann@example.org", json=dict)
    return AnymailRequestsAPIError("no", response=response)


def failed_to_post(error: requests.RequestException) -> Exception:
    """What anymail raises of an error of the library below, as it raises it."""
    backend = import_string(backend_of("postmark"))(server_token="t")  # noqa: S106
    backend.session = SimpleNamespace(request=lambda **_: (_ for _ in ()).throw(error))
    payload = SimpleNamespace(get_request_params=lambda url: {"url": url})
    with pytest.raises(AnymailRequestsAPIError) as caught:
        backend.post_to_esp(payload, None)
    return caught.value


@EVERY_PROVIDER
def test_a_provider_starts_with_what_it_needs_and_no_other_package(name, monkeypatch, settings):
    for key in PROVIDERS[name].needed:
        monkeypatch.setenv(f"ANYMAIL_{key}", "secret")
    settings.ANYMAIL = options_of(name)
    assert not faults_of(name, settings.ANYMAIL, email_host="")
    backend = get_connection(backend_of(name))
    assert backend.timeout == mail_providers.TIMEOUT


@EVERY_PROVIDER
def test_a_provider_without_its_key_is_refused(name, settings):
    settings.ANYMAIL = options_of(name)
    assert faults_of(name, settings.ANYMAIL, email_host="")
    with pytest.raises(AnymailConfigurationError):
        get_connection(backend_of(name))


@EVERY_PROVIDER
def test_a_provider_sends_our_headers(name, monkeypatch, settings):
    """The links to unsubscribe and the Message-ID are headers."""
    for key in PROVIDERS[name].needed:
        monkeypatch.setenv(f"ANYMAIL_{key}", "secret")
    settings.ANYMAIL = options_of(name)
    headers = {"Message-ID": "<one@rehab.example>", "List-Unsubscribe": "<https://rehab.example/m/u/token/>"}
    mail = EmailMultiAlternatives("A day", "Hello", "a@rehab.example", ["ann@example.org"], headers=headers)
    mail.attach_alternative("<p>Hello</p>", "text/html")
    backend = get_connection(backend_of(name))
    payload = backend.build_message_payload(mail, {})
    sent = str(payload.get_request_params(backend.api_url)) + str(payload.data)
    assert "one@rehab.example" in sent
    assert "m/u/token/" in sent


def test_a_key_may_come_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("ANYMAIL_BREVO_API_KEY_FILE", str(tmp_path / "key"))
    assert options_of("brevo")["BREVO_API_KEY"] == "from the file"


def test_without_a_provider_nothing_is_read_and_nothing_is_wrong(monkeypatch):
    monkeypatch.setenv("ANYMAIL_BREVO_API_KEY", "of another one")
    assert set(options_of("")) == {"REQUESTS_TIMEOUT"}
    assert not faults_of("", {}, email_host="smtp.example")


@pytest.mark.parametrize(
    ("name", "options", "host", "says"),
    [
        ("pigeons", {}, "", "not one of brevo"),
        ("amazon_ses", {}, "", "not one of"),
        ("brevo", {"BREVO_API_KEY": "k"}, "smtp.example", "both set"),
        ("mailgun", {"MAILGUN_API_KEY": "k", "MAILGUN_API_URL": "http://example.org"}, "", "not https"),
    ],
)
def test_what_is_wrong_is_said(name, options, host, says):
    assert says in " ".join(faults_of(name, options, host))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AnymailRecipientsRefused(), Failure.ADDRESS),
        (AnymailInvalidAddress("x"), Failure.ADDRESS),
        (AnymailUnsupportedFeature("x"), Failure.MAIL),
        # A fault of the site: tried again, for one wrong key must not end every mail.
        *((refused(status), Failure.LATER) for status in (400, 401, 402, 403, 404, 422, 429, 500, 503)),
        # Taken by somebody, perhaps.
        *((refused(status), Failure.UNCERTAIN) for status in (200, 202, 502, 504)),
        (ValueError("not of a provider"), None),
        (OSError("nor this"), None),
    ],
    ids=lambda value: f"{type(value).__name__} {getattr(value, 'status_code', '')}".strip(),
)
def test_what_an_answer_means(error, kind):
    assert kind_of_failure(error) == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.exceptions.ReadTimeout("no answer"), Failure.UNCERTAIN),
        (requests.exceptions.ConnectionError("aborted, in the middle"), Failure.UNCERTAIN),
        (requests.exceptions.ChunkedEncodingError("cut off"), Failure.UNCERTAIN),
        (requests.exceptions.ConnectTimeout("nobody there"), Failure.LATER),
        (requests.exceptions.SSLError("not who it should be"), Failure.LATER),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_request_without_an_answer_may_have_been_taken(error, kind):
    assert kind_of_failure(failed_to_post(error)) == kind


def test_a_connection_that_was_refused_took_nothing():
    with pytest.raises(requests.exceptions.ConnectionError) as caught:
        requests.post("http://127.0.0.1:9/", timeout=2)
    assert kind_of_failure(failed_to_post(caught.value)) == Failure.LATER


def test_what_is_noted_is_a_code_and_never_the_answer():
    assert code_of(refused(422)) == "HTTP 422"
    assert code_of(AnymailRecipientsRefused()) == ""
    assert code_of(ValueError("422")) == ""
