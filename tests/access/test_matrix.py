"""Every address × every kind of thing × every actor × every method: the answer of the table, no leak."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import transaction
from django.template import Context, RequestContext, Template
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.safestring import SafeString
from pypdf import PdfReader

from tests.access.stage import (
    ACTORS,
    CANARIES,
    LET_IN,
    MANAGER,
    PENDING,
    RUNNER,
    Stage,
    set_the_stage,
)
from tests.access.table import (
    IN,
    NO_METHOD,
    NO_ROLE,
    NOT_THERE,
    OURS,
    REAUTHENTICATE,
    SIGN_IN,
    THEIRS,
    Address,
    allowed_of_theirs,
    expected,
    expected_of_admin,
)

pytestmark = pytest.mark.django_db
#: The physiotherapist reads the address that she typed herself.
SAID_HERSELF = {("asks", PENDING)}
#: The log of mails says to which addresses, and nothing else of anybody.
ADDRESSES_ONLY = {("delivery_log", MANAGER)}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """Set once for this module; what a request does is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_the_stage()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def demonstration(settings) -> None:
    """With its button, so that every address is there; and no job runs here, however long it takes."""
    settings.DEMO = True
    settings.REHAB_TICK_SECONDS = 86_400
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400


def answer_to(stage: Stage, who: str, url: str, method: str):
    """Ask, and undo whatever that did."""
    with stage.undone(who) as browser, nothing_drawn() if method == "HEAD" else nullcontext():
        return browser.generic(method, url)


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Of HEAD the page is thrown away; whether it comes, and its headers, are settled before it is drawn."""
    draw = Template.render

    def drawn(template: Template, context: Context) -> str:
        return SafeString() if isinstance(context, RequestContext) else draw(template, context)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(Template, "render", drawn)
        yield


def kind_of(answer) -> str:
    """The answer as a word of the table."""
    if answer.status_code == 302:
        leads_to = urlsplit(answer.url).path
        return {"/accounts/login/": SIGN_IN, "/admin/login/": SIGN_IN}.get(
            leads_to, REAUTHENTICATE if "/reauthenticate/" in leads_to else IN
        )
    if answer.status_code == 503 and answer.headers["Content-Type"] == "application/json":
        # Nobody runs jobs on this stage: what says so has answered.
        return IN
    known = {200: IN, 403: NO_ROLE, 404: NOT_THERE, 405: NO_METHOD}
    return known.get(answer.status_code, str(answer.status_code))


def leaks(answer, who: str, said: str) -> list[str]:
    """What of Carla's a page says to somebody who may not read it."""
    if who == RUNNER or (who in LET_IN and said == IN):
        return []
    # Questions about warning signs stand on pages of their own right; her name and words do not.
    canaries = CANARIES if said != IN else CANARIES[:3]
    return [canary for canary in canaries if canary in text_of(answer)]


def text_of(answer) -> str:
    """What somebody could read: the headers, the page, what an archive or a paper holds."""
    content = answer.content
    if answer.headers["Content-Type"] == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    if answer.headers["Content-Type"].startswith("image/"):
        content = b""
    if content and answer.headers["Content-Type"] == "application/pdf":
        content = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    return content.decode() + str(answer.headers)


def names_of(patterns, prefix: str = "") -> Iterator[str]:
    """Every name of the URLconf, with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield prefix + pattern.name
        elif isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names_of(pattern.url_patterns, prefix + inner)


NAMES = sorted(set(names_of(get_resolver().url_patterns)))
ADMIN = [name for name in NAMES if name.startswith("admin:")]
ROWS = [(address, thing) for address in (*OURS, *THEIRS) for thing in address.things]


def test_the_table_names_every_address():
    """A page that is added without a word on who may see it fails here."""
    assert sorted(address.name for address in (*OURS, *THEIRS)) == [n for n in NAMES if n not in ADMIN]


def test_what_is_public_says_why():
    for address in (*OURS, *THEIRS):
        assert bool(address.why) == (address.door in ("public", "letter")), address.name


def test_the_guard_in_the_code_is_the_door_of_the_table():
    """The role that a view asks for, read from the view itself."""
    guards = {
        "member": "any",
        "runner": "runner",
        "clinician": "clinician",
        "manager": "manager",
        "clinic": "clinician or manager",
        "mails": "runner or clinician",
    }
    views = {p.name: p.callback for p in patterns_of(get_resolver().url_patterns)}
    for address in OURS:
        if not address.why:
            assert views[address.name].required_role == guards[address.door], address.name


def patterns_of(patterns) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif not pattern.namespace:
            yield from patterns_of(pattern.url_patterns)


@pytest.mark.parametrize("who", ACTORS)
def test_every_address_answers_as_the_table_says(stage, who, record_property):
    before = fingerprint()
    wrong = []
    for address, thing in ROWS:
        url = reverse(address.name, args=(*stage.things.get(thing, ()), *address.args))
        for method in METHODS:
            answer = answer_to(stage, who, url, method)
            wrong += faults(address, thing, who, method, answer)
    record_property("access combinations", len(ROWS) * len(METHODS))
    assert not wrong, "\n".join(wrong)
    assert fingerprint() == before


def faults(address: Address, thing: str, who: str, method: str, answer) -> list[str]:
    """What is wrong with an answer, in words."""
    said, where = kind_of(answer), f"{method} {address.name} ({thing or 'nothing'}) as {who}"
    ours = address in OURS
    allowed = (
        {expected(address, thing, who, method)} if ours else allowed_of_theirs(address, thing, who, method)
    )
    wrong = [] if said in allowed else [f"{where}: {said}, and not {' or '.join(sorted(allowed))}"]
    if (address.name, who) in SAID_HERSELF:
        return wrong
    told = ("canary@example.org",) if (address.name, who) in ADDRESSES_ONLY else ()
    return wrong + [f"{where}: leaks {leak}" for leak in leaks(answer, who, said) if leak not in told]


@pytest.mark.parametrize("who", ACTORS)
def test_the_administration_is_for_site_managers(stage, who, record_property):
    wrong = []
    for name in ADMIN:
        url = admin_url(stage, name)
        for method in ("GET", "POST"):
            answer = answer_to(stage, who, url, method)
            said, allowed = kind_of(answer), expected_of_admin(name.rsplit("_", 1)[-1], who, method)
            if name != "admin:login" and said not in allowed:
                wrong.append(f"{method} {name} as {who}: {said}, and not {' or '.join(sorted(allowed))}")
            if who != MANAGER:
                wrong += [f"{method} {name} as {who}: leaks {leak}" for leak in leaks(answer, who, said)]
    record_property("access combinations", len(ADMIN) * 2)
    assert not wrong, "\n".join(wrong)


def admin_url(stage: Stage, name: str) -> str:
    """With the key of a row of Carla's where the page is about one."""
    page = name.rsplit("_", 1)[-1]
    if page in ("change", "delete", "history") and name != "admin:password_change":
        app, model, _ = name.removeprefix("admin:").split("_")
        row = apps.get_model(app, model).objects.order_by("pk").first()
        return reverse(name, args=[row.pk if row else 1])
    arguments = {"app_list": ["programs"], "view_on_site": [1, 1]}
    return reverse(name, args=arguments.get(name.removeprefix("admin:"), []))


def test_the_table_has_over_a_thousand_combinations():
    """A table that lost its rows would pass everything else."""
    assert len(ACTORS) * (len(ROWS) * len(METHODS) + len(ADMIN) * 2) > 1_000


def fingerprint() -> dict[str, int]:
    """Rows of every table of ours; the audit grows by looking, and so do sessions."""
    growing = {"accounts_accessrecord", "rehab_cache"}
    models = [model for app in ("accounts", "programs") for model in apps.get_app_config(app).get_models()]
    return {
        model._meta.db_table: model.objects.count() for model in models if model._meta.db_table not in growing
    }
