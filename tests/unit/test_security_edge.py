"""The edge refuses what no page takes, and settles who is asking."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from rehab import edge

REACHED = HttpResponse("the page")


def passed(request) -> HttpResponse:
    return edge.Gate(lambda request: REACHED)(request)


def is_refused(request, status: int) -> bool:
    return passed(request).status_code == status


# --- who is asking --------------------------------------------------------------
@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "10.0.0.9"),
        (0, "192.0.2.1", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.7, 192.0.2.1", "192.0.2.1"),
        (1, "not an address, 192.0.2.1:4711", "192.0.2.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (2, "203.0.113.7, 192.0.2.1, 198.51.100.4", "192.0.2.1"),
    ],
)
def test_the_client_is_whom_the_trusted_proxies_saw(proxies, forwarded, expected):
    meta = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": forwarded}
    assert edge.settle_client(meta, proxies)
    assert meta["REMOTE_ADDR"] == expected


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [(2, "192.0.2.1"), (1, "192.0.2.1, unknown"), (1, "192.0.2.1,"), (1, "::ffff:x")],
)
def test_a_request_that_went_past_a_proxy_is_refused(settings, rf: RequestFactory, proxies, forwarded):
    settings.REHAB_TRUSTED_PROXIES = proxies
    assert is_refused(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded), 400)


def test_nothing_else_that_is_forwarded_reaches_a_page(settings, rf: RequestFactory):
    settings.REHAB_TRUSTED_PROXIES = 0
    said = dict.fromkeys(edge.FORWARDED, "evil.example")
    request = rf.get("/", **said)
    assert passed(request) is REACHED
    assert not set(said) & set(request.META)


def test_https_is_believed_of_a_trusted_proxy_only(settings, rf: RequestFactory):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for proxies, secure in ((1, True), (0, False)):
        settings.REHAB_TRUSTED_PROXIES = proxies
        request = rf.get("/", HTTP_X_FORWARDED_PROTO="https")
        passed(request)
        assert request.is_secure() is secure


# --- what is refused ------------------------------------------------------------
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused_and_told_which_there_are(rf: RequestFactory, method):
    response = passed(rf.generic(method, "/"))
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/xml", "application/octet-stream", ""]
)
def test_a_body_that_is_no_form_is_refused(rf: RequestFactory, kind):
    """Django would take it for an empty form, and an act without fields would go ahead."""
    assert is_refused(rf.post("/", data=b'{"a": 1}', content_type=kind), 415)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_passes(rf: RequestFactory, kind):
    assert passed(rf.post("/", data=b"a=1", content_type=kind)) is REACHED


def test_a_post_without_a_body_passes(rf: RequestFactory):
    assert passed(rf.generic("POST", "/")) is REACHED


@pytest.mark.parametrize("length", ["524289", "99999999999999999999", "-1", "1e3", "½"])
def test_a_body_that_is_too_large_or_has_no_length_is_refused(rf: RequestFactory, length):
    request = rf.post("/", data=b"a=1", content_type="application/x-www-form-urlencoded")
    request.META["CONTENT_LENGTH"] = length
    assert is_refused(request, 413)


@pytest.mark.parametrize("body", [b"a=%00", b"a=b%1b[2J", b"a%07=1", b"a=%ff%fe", b"a=%ed%a0%80", b"a=%7f"])
def test_a_form_with_what_nobody_types_is_refused(rf: RequestFactory, body):
    assert is_refused(rf.post("/", data=body, content_type="application/x-www-form-urlencoded"), 400)


A_FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nf\r\n--x--'
#: Name -> type and body.
UNREADABLE = {
    "another encoding": ("application/x-www-form-urlencoded; charset=utf-7", b"a=1"),
    "no boundary": ("multipart/form-data", b"a=1"),
    "an empty boundary": ("multipart/form-data; boundary=", b"a=1"),
    "too many fields": ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 501)),
    "a file": ("multipart/form-data; boundary=x", A_FILE),
}


@pytest.mark.parametrize(("kind", "body"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_form_that_cannot_be_read_is_refused(rf: RequestFactory, kind, body):
    """Django's own page for the first reads the form again, and ends as an error of ours."""
    assert is_refused(rf.generic("POST", "/", body, content_type=kind), 400)


def test_only_the_pages_that_are_named_take_a_file_and_one_of_its_size(settings, rf: RequestFactory):
    settings.REHAB_UPLOADS = {"/pictures/": 600_000}
    kind = "multipart/form-data; boundary=x"
    two = A_FILE.removesuffix(b"--") + b"\r\n" + A_FILE
    assert passed(rf.generic("POST", "/pictures/new/", A_FILE, content_type=kind)) is REACHED
    assert is_refused(rf.generic("POST", "/pictures/new/", two, content_type=kind), 400)
    for path, length, status in (("/pictures/", "600001", 413), ("/other/", "524289", 413)):
        request = rf.generic("POST", path, A_FILE, content_type=kind)
        request.META["CONTENT_LENGTH"] = length
        assert is_refused(request, status)


def test_a_form_with_line_breaks_and_letters_of_any_language_passes(rf: RequestFactory):
    text = "First\r\nsecond\tthird\x0bfourth: Übung, 伸展, 🏃"
    assert passed(rf.post("/", data={"note": text})) is REACHED


@pytest.mark.parametrize(
    "path", ["/%00", "/%0a2026 ERROR", "/exercises/%1b[2J/", "/static/a%00.css", "/?a=%00"]
)
def test_an_address_with_control_characters_is_refused(rf: RequestFactory, path):
    assert is_refused(rf.get(path), 400)


def test_a_cookie_that_spells_a_control_character_is_forgotten(rf: RequestFactory):
    r"""PostgreSQL refuses a NUL with an error, and a quoted cookie can spell one as \000."""
    request = rf.get("/", HTTP_COOKIE=r'sessionid="abcdefgh\000ijkl"; theme=dark')
    passed(request)
    assert request.COOKIES == {"theme": "dark"}


# --- what every answer carries --------------------------------------------------
def test_headers_are_given_and_never_overwritten(rf: RequestFactory):
    plain = edge.Headers(lambda request: HttpResponse())(rf.get("/"))
    assert "camera=()" in plain["Permissions-Policy"]
    assert "screen-wake-lock=(self)" in plain["Permissions-Policy"]
    own = HttpResponse(headers={"Cross-Origin-Resource-Policy": "same-site"})
    assert edge.Headers(lambda request: own)(rf.get("/"))["Cross-Origin-Resource-Policy"] == "same-site"
