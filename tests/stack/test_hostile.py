"""`make hostile` as it is, with few requests; and production as a stranger meets it, byte by byte."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehab import processes
from scripts.hostile.site import Answer, Request
from scripts.hostile.wire import Server
from tests.stack.harness import ROOT, Stack, stack
from tests.support.databases import a_migrated_copy
from tests.support.services import wait_until

HTTPS = [("Host", "rehab.example"), ("X-Forwarded-Proto", "https")]
#: Far more than any of them takes, on a machine that does other things as well.
SECONDS = 2.0
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "for one run of the tests only, and thrown away afterwards",
    "SITE_URL": "https://rehab.example",
    "DJANGO_SETTINGS_MODULE": "rehab.settings",
}


# It prepares a whole site first, beside whatever else the machine does.
@pytest.mark.timeout(420)
def test_the_command_says_what_it_sent_and_what_came_of_it(prepared: Path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    command = [sys.executable, "-m", "scripts.hostile", "--requests", "200", "--seed", "3"]
    # Learnt of few pages; tests/integration/test_hostile.py learns of as many as the command does.
    command += ["--migrated", prepared / "rehab.sqlite3", "--of-a-kind", "1"]
    done = subprocess.run(
        command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 hostile requests to " in done.stdout
    assert "Server errors   0" in done.stdout
    assert "Changes         0" in done.stdout


# --- production, as a stranger meets it ------------------------------------------------
@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The web process with production settings, and nothing else."""
    folder = tmp_path_factory.mktemp("production")
    a_migrated_copy(tmp_path_factory, folder / "rehab.sqlite3")
    with stack(folder, **PRODUCTION) as running:
        running.manage("collectstatic", "--no-input", "--verbosity", "0")
        argv = processes.web(f"127.0.0.1:{running.port}", workers=1).argv
        running.start("web", *argv[1:])
        wait_until(lambda: running.get("/healthz")[0], seconds=40, what="the web process")
        yield running


@pytest.fixture
def ask(production: Stack):
    server = Server(production.port)

    def asked(target: str, *headers: tuple[str, str], method: str = "GET", body: bytes = b"") -> Answer:
        named = {name for name, _ in headers}
        usual = [header for header in HTTPS if header[0] not in named]
        return server(Request("", "", "", method, target, (*usual, *headers), body))

    return asked


def log_of(production: Stack) -> str:
    return Path(production.environment["REHAB_VAR_DIR"], "web.log").read_text()


#: Every kind of answer: a page, a redirect, a refusal, a static file, errors, the way to https.
ANSWERS = {
    "page": ("/accounts/login/", 200),
    "redirect": ("/today/", 302),
    "slash": ("/today", 301),
    "missing": ("/nowhere/", 404),
    "static": ("/static/css/rehab.css", 200),
    "missing static": ("/static/nothing.css", 404),
    "control characters": ("/%00", 400),
    "admin": ("/admin/", 302),
}


def has_every_header(answer: Answer) -> bool:
    expected = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    policy = answer.headers.get("Content-Security-Policy", "")
    return (
        expected.items() <= answer.headers.items()
        and "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and "unsafe" not in policy
        and "camera=()" in answer.headers.get("Permissions-Policy", "")
    )


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_every_header(ask, kind):
    target, status = ANSWERS[kind]
    answer = ask(target)
    assert answer.status == status
    assert has_every_header(answer), answer.headers
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("DELETE", [], b"", 405),
        ("POST", [("Content-Type", "application/json")], b"{}", 415),
        ("POST", [("Content-Length", "9999999")], b"", 413),
        ("POST", [("Content-Type", "application/x-www-form-urlencoded")], b"a=1", 403),
        ("GET", [("Host", "evil.example")], b"", 400),
    ],
    ids=["method", "type", "size", "token", "host"],
)
def test_a_refusal_carries_every_header_too(ask, method, headers, body, status):
    answer = ask("/accounts/login/", *headers, method=method, body=body)
    assert answer.status == status
    assert has_every_header(answer), answer.headers


def test_http_leads_to_https_of_the_same_page(ask):
    answer = ask("/accounts/login/", ("X-Forwarded-Proto", "http"))
    assert (answer.status, answer.headers["Location"]) == (301, "https://rehab.example/accounts/login/")
    assert has_every_header(answer)


def test_cookies_are_kept_to_this_host_and_to_https(ask):
    cookie = ask("/accounts/login/").headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrftoken=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_no_header_chooses_the_beginning_of_a_link(ask):
    """gunicorn takes SCRIPT_NAME from loopback, where the proxy is, and Django puts it before every link."""
    strange = [("SCRIPT_NAME", "/evil"), ("PATH_INFO", "/evil"), ("X-Forwarded-Host", "evil.example")]
    answer = ask(
        "/accounts/login/", *strange, ("Forwarded", "host=evil.example"), ("X_Forwarded_Host", "evil")
    )
    assert answer.status == 200
    assert "evil" not in answer.body
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    "headers",
    [
        [("Accept", "text/html," * 800)],
        [("Accept", "x" * 65_536)],
        [("Accept", "text/html")] * 500,
        [("Accept-Language", ",".join(["x" * 500] * 15))],
        [("Accept-Language", ",".join(f"l{number}" for number in range(500)))],
        [("Cookie", "; ".join(f"c{number}=1" for number in range(700)))],
    ],
    ids=["long", "64 kB", "500 times", "long codes", "500 codes", "700 cookies"],
)
def test_headers_that_are_made_to_take_time_take_none(ask, headers):
    """Refused by the server where they are too many or too long, read quickly where they are not."""
    began = time.monotonic()
    assert ask("/accounts/login/", *headers).status in (200, 400, 431)
    assert time.monotonic() - began < SECONDS


def test_what_a_stranger_types_is_one_line_of_the_log(ask, production):
    before = len(log_of(production))
    ask("/nowhere/%0a2026-11-22 00:00:00,000 ERROR root all is lost%1b[2J".replace(" ", "%20"))
    ask("/nowhere/\x1b[31m")
    ask("/nowhere/" + "x" * 5000)
    ask("/nowhere/", ("Host", "evil.example\x1b[2J"))
    ask("/nowhere/", ("Bad\x1bName", "1"))
    ask("/nowhere/typed%E2%80%AEnowhere/")
    written = log_of(production)[before:]
    assert "nowhere" in written
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", written)
    assert not re.search(r"^2026-11-22 00:00:00,000 ERROR root", written, re.MULTILINE)
