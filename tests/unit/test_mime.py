"""The bytes of a mail are those that Django's own classes would write, to the last one."""

import re

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from hypothesis import given
from hypothesis import strategies as st

from accounts.services import mime
from accounts.services.mime import address_of, bytes_of

LINK = "<https://rehab.example.org/m/u/123-abcdefghijklmnopqrstuv/abcdefghijklmnopqrstuvw/>"
HEADERS = {
    "Message-ID": "<1.abc@rehab.example.org>",
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe": LINK,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
BODIES = (
    "a",
    "a\n",
    "\n",
    "a\r\nb\rc",
    ".\n..\nFrom me\n",
    "é ü\n",
    "é" * 600,
    "x" * 1200 + "\né  \n",
    "a\u2028b\x0bc",
)
PARTS = (None, "<b>é</b>", "<i>" + "z é" * 500 + "</i>\n\n", "p\r\n\r\n")
SUBJECTS = (
    "",
    "é",
    "word " * 30,
    "x" * 100,
    " lead",
    "two  spaces",
    "tail ",
    "=?utf-8?q?x?=",
    "ü" * 90,
    "a;b, " * 30,
)
PEOPLE = (
    "é@example.org",
    "A <a@b.org>",
    "x" * 80 + "@example.org",
    "ü <a@exämple.org>",
    "a.b+c@d-e.example.org",
)
#: No half of a character: no database keeps one.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def mail_of(html: str | None = None, **given) -> EmailMultiAlternatives:
    fields = {"subject": "Hello", "body": "Words\n", "to": ["rosa@example.org"], "headers": HEADERS}
    mail = EmailMultiAlternatives(**fields | given)
    if html is not None:
        mail.attach_alternative(html, "text/html")
    return mail


def assert_as_djangos(mail: EmailMultiAlternatives) -> None:
    ours, theirs = bytes_of(mail), mail.message().as_bytes(linesep="\r\n")
    assert _comparable(ours) == _comparable(theirs)


def _comparable(raw: bytes) -> bytes:
    """Without what chance and the clock put in."""
    raw = re.sub(rb"={15}[0-9a-f]+==", b"BOUNDARY", raw)
    return re.sub(rb"\r\nDate: [^\r]+", b"\r\nDate: now", raw)


@pytest.mark.parametrize("html", PARTS)
@pytest.mark.parametrize("body", BODIES)
def test_parts_are_written_as_django_writes_them(body, html):
    assert_as_djangos(mail_of(html, body=body))


@pytest.mark.parametrize("given", [{"subject": s} for s in SUBJECTS] + [{"to": [p]} for p in PEOPLE])
def test_headers_are_written_as_django_writes_them(given):
    assert_as_djangos(mail_of("<p>Words</p>", **given))


@pytest.mark.parametrize("sender", ["Rëhab <a@b.org>", "Rehab " * 20 + "<a@b.org>", "a@b.org"])
def test_and_so_is_the_sender(sender):
    assert_as_djangos(mail_of(from_email=sender))


@given(subject=TEXTS, body=TEXTS, html=TEXTS)
def test_whatever_somebody_writes(subject, body, html):
    subject = " ".join(subject.split())
    try:
        mail_of(html, subject=subject, body=body).message()
    except BadHeaderError:
        return
    assert_as_djangos(mail_of(html, subject=subject, body=body))


@pytest.mark.parametrize(
    "given",
    [{"cc": ["b@c.org"]}, {"headers": {}}, {"body": ""}, {"attachments": [("a.txt", "b", "text/plain")]}],
)
def test_what_looks_otherwise_is_left_to_django(given, monkeypatch):
    monkeypatch.setattr(mime, "_part", None)
    assert b"rosa@example.org" in bytes_of(mail_of("<p>Words</p>", **given))


@pytest.mark.parametrize("field", ["subject", "from_email"])
def test_no_header_can_be_slipped_in(field):
    with pytest.raises(BadHeaderError):
        bytes_of(mail_of(**{field: "a@b.org\r\nBcc: eve@example.org"}))


@pytest.mark.parametrize("address", PEOPLE)
def test_the_envelope_has_the_address_that_django_would_write(address):
    assert address_of(address) == sanitize_address(address, "utf-8")


@pytest.mark.parametrize("address", ["a@b.org\r\nRCPT TO:<eve@b.org>", "a@b.org x", "@"])
def test_what_is_no_address_gets_no_mail(address):
    with pytest.raises(ValueError):
        address_of(address)
