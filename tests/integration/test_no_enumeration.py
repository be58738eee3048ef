"""No answer tells whether an address has an account: the same words, the same steps, the same cost.

How long they take is measured by `make enumeration`, and never by a test.
"""

import datetime
import re
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountMail, User
from accounts.services import create_account
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

WRONG = "not this one"
CODE = reverse("account_email_verification_sent")
#: All of one length, so that no answer differs by that.
KINDS = ("known", "nobod", "close", "passw", "prove")
SIGN_UP = {"name": "Nora", "password1": PASSWORD, "adult": "on", "time_zone": "Asia/Tokyo"}


def address(kind: str) -> str:
    return f"{kind}@example.org"


@pytest.fixture(autouse=True)
def people():
    """An account of each kind, and one address of nobody."""
    a_runner(address("known"))
    closed = a_runner(address("close"))
    User.objects.filter(pk=closed.pk).update(is_active=False)
    create_account(email=address("passw"), name="No password", password=None, verified=True)
    create_account(email=address("prove"), name="Not proved", password=PASSWORD)


@dataclass(frozen=True)
class Seen:
    """What a stranger sees of an answer, and what it cost."""

    status: int
    location: str
    cookies: tuple
    page: str
    statements: tuple[str, ...]
    hashes: int


@pytest.fixture
def hashes(monkeypatch) -> list[str]:
    """Every password that is hashed, one entry a hash."""
    made, encode = [], MD5PasswordHasher.encode

    def counted(self, password, salt):
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


LITERAL = re.compile(r"""'(?:[^']|'')*'|\b\d+\b|\bNULL\b|%s|"s\d+_x\d+"|_django_curs_\w+""")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def ask(hashes: list[str], client: Client, path: str, fields: dict | None, typed: str) -> Seen:
    before = len(hashes)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path) if fields is None else client.post(path, fields)
    return Seen(
        status=answer.status_code,
        location=answer.get("Location", ""),
        cookies=tuple(sorted(answer.cookies)),
        page=TOKEN.sub("token", answer.content.decode()).replace(typed, "address"),
        statements=tuple(LITERAL.sub("?", query["sql"]) for query in queries),
        hashes=len(hashes) - before,
    )


def differences(seen: dict[str, Seen], but: tuple[str, ...] = ()) -> list[str]:
    first = seen[KINDS[0]]
    return [
        f"{kind}: {trait}\n{getattr(one, trait)}\nand not\n{getattr(first, trait)}"
        for kind, one in seen.items()
        for trait in Seen.__dataclass_fields__
        if trait not in but and getattr(one, trait) != getattr(first, trait)
    ]


# --- signing in -----------------------------------------------------------------------------
def test_a_wrong_password_is_answered_alike_at_the_cost_of_one_hash(hashes):
    path = reverse("account_login")
    seen = {
        kind: ask(hashes, Client(), path, {"login": address(kind), "password": WRONG}, address(kind))
        for kind in KINDS
    }
    assert "do not go together" in seen["known"].page
    assert not differences(seen, but=("statements",))
    assert {one.hashes for one in seen.values()} == {1}
    # Whoever proved her address is found at once, and looked for once more otherwise.
    assert {len(one.statements) for one in seen.values()} <= {n := len(seen["known"].statements), n + 1}


# --- resetting --------------------------------------------------------------------------------
def test_a_reset_takes_the_same_steps_for_everybody(hashes):
    path = reverse("account_reset_password")
    seen = {kind: ask(hashes, Client(), path, {"email": address(kind)}, address(kind)) for kind in KINDS}
    assert (seen["known"].status, seen["known"].hashes) == (302, 0)
    assert not differences(seen)
    assert not [one for one in seen.values() if "accounts_user" in " ".join(one.statements)]
    said = {mail.to[0]: "/reset/key/" in mail.body for mail in delivered_mails()}
    assert said == {address(kind): kind in ("known", "passw", "prove") for kind in KINDS}


def test_a_reset_too_many_takes_the_same_steps_for_everybody(hashes):
    path = reverse("account_reset_password")
    for kind in KINDS:
        ask(hashes, Client(), path, {"email": address(kind)}, address(kind))
    seen = {kind: ask(hashes, Client(), path, {"email": address(kind)}, address(kind)) for kind in KINDS}
    assert seen["known"].status == 302
    assert not differences(seen)
    assert AccountMail.objects.count() == len(KINDS)


# --- signing up -------------------------------------------------------------------------------
def sign_up(client: Client, email: str, **more) -> None:
    assert client.post(reverse("account_signup"), SIGN_UP | {"email": email} | more).url == CODE


def code_to(email: str) -> str:
    body = [mail.body for mail in delivered_mails() if mail.to == [email]][-1]
    return re.search(r"[A-Z]{4}-[A-Z]{4}", body)[0]


def test_a_sign_up_takes_the_same_steps_for_everybody_to_the_last_wrong_code(hashes, time_machine):
    now = datetime.datetime.now(datetime.UTC)
    time_machine.move_to(now, tick=False)
    clients = {kind: Client() for kind in KINDS}
    steps = [
        (reverse("account_signup"), SIGN_UP | {"email": "?"}),
        (CODE, None),
        (CODE, {"code": "AAAA-AAAA"}),
        (CODE, {"action": "resend"}),
        (CODE, {"action": "change", "email": "other@example.org"}),
        (reverse("account_login"), None),
        (CODE, {"code": "BBBB-BBBB"}),
        (reverse("account_login"), None),
    ]
    for number, (path, fields) in enumerate(steps):
        time_machine.shift(11)
        seen = {}
        for kind, client in clients.items():
            sent = fields and {name: value.replace("?", address(kind)) for name, value in fields.items()}
            seen[kind] = ask(hashes, client, path, sent, address(kind))
        assert not differences(seen), number
        assert seen["known"].hashes == (1 if number == 0 else 0)
    assert User.objects.count() == len(KINDS) - 1
    rows = {kind: AccountMail.objects.filter(email=address(kind)).values_list("kind") for kind in KINDS}
    assert {kind: len(kinds) for kind, kinds in rows.items()} == dict.fromkeys(KINDS, 2)


def test_only_the_mail_says_that_there_is_an_account():
    for kind in ("known", "nobod"):
        sign_up(Client(), address(kind))
    theirs = {mail.to[0]: mail for mail in delivered_mails()}
    assert "already have an account" in theirs[address("known")].subject
    assert not re.search(r"[A-Z]{4}-[A-Z]{4}", theirs[address("known")].body)
    assert "code" in theirs[address("nobod")].subject


def test_signing_in_after_signing_up_does_not_tell_either(hashes):
    """Otherwise: create an account with her address, and see whether the new password lets you in."""
    seen = {}
    for kind in KINDS[:4]:
        sign_up(Client(), address(kind), password1="nine wild kilometres")
        form = {"login": address(kind), "password": "nine wild kilometres"}
        seen[kind] = ask(hashes, Client(), reverse("account_login"), form, address(kind))
    assert not differences(seen, but=("statements",))


def test_nothing_is_made_under_an_address_before_it_is_proved():
    client = Client()
    sign_up(client, address("nobod"))
    assert not User.objects.filter(email=address("nobod")).exists()
    assert client.post(CODE, {"code": code_to(address("nobod"))}).url == reverse("home")
    nora = User.objects.get(email=address("nobod"))
    assert (nora.name, nora.time_zone, nora.role) == ("Nora", "Asia/Tokyo", "runner")
    assert nora.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=nora).verified
    assert client.get(reverse("account")).status_code == 200


def test_nobody_blocks_an_address_by_signing_up_with_it():
    """The stranger's form, then hers: she gets in with her own name and password, the stranger does not."""
    stranger, nora = Client(), Client()
    sign_up(stranger, address("nobod"), name="Stranger", password1="nine wild kilometres")
    AccountMail.objects.all().delete()
    sign_up_later(nora)
    nora.post(CODE, {"code": code_to(address("nobod"))})
    user = User.objects.get(email=address("nobod"))
    assert (user.name, user.check_password(PASSWORD)) == ("Nora", True)


def sign_up_later(client: Client) -> None:
    """Past the limit of one code in ten seconds for an address."""
    cache.clear()
    sign_up(client, address("nobod"))


def test_a_second_code_comes_where_the_first_got_lost(time_machine):
    now = datetime.datetime.now(datetime.UTC)
    time_machine.move_to(now)
    client = Client()
    sign_up(client, address("nobod"))
    first = code_to(address("nobod"))
    time_machine.shift(11)
    client.post(CODE, {"action": "resend"})
    second = code_to(address("nobod"))
    assert "not right" in client.post(CODE, {"code": first}).content.decode()
    assert client.post(CODE, {"code": second}).url == reverse("home")


def test_two_forms_for_one_address_make_one_account():
    """Both codes are right; the second finds the account and is told, because she reads that mail."""
    first, second = Client(), Client()
    sign_up(first, address("nobod"))
    one = code_to(address("nobod"))
    sign_up_later(second)
    other = code_to(address("nobod"))
    assert first.post(CODE, {"code": one}).url == reverse("home")
    answer = second.post(CODE, {"code": other})
    assert answer.status_code == 200
    assert "already" in answer.content.decode()
    assert User.objects.filter(email=address("nobod")).count() == 1


def test_a_code_that_comes_after_somebody_has_the_account_says_so_instead():
    client = Client()
    sign_up(client, address("nobod"))
    a_runner(address("nobod"))
    assert "already have an account" in delivered_mails()[0].subject


def test_what_was_asked_for_is_kept_for_as_long_as_the_code_is_good():
    client = Client()
    sign_up(client, address("nobod"))
    assert "md5" in str(dict(client.session.items()))
    assert client.session.get_expiry_age() == 15 * 60
    client.post(CODE, {"code": code_to(address("nobod"))})
    assert "md5" not in str(dict(client.session.items()))
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_a_form_of_another_sign_up_is_not_taken_for_this_code():
    client = Client()
    sign_up(client, address("nobod"))
    session = client.session
    session["sign_up"] = session["sign_up"] | {"email": "other@example.org"}
    session.save()
    answer = client.post(CODE, {"code": code_to(address("nobod"))}, follow=True)
    assert "Create the account anew" in answer.content.decode()
    assert not User.objects.filter(email__in=["other@example.org", address("nobod")]).exists()


# --- what people who are signed in may type ----------------------------------------------------------
def test_a_new_address_of_ones_own_is_answered_alike(hashes):
    seen = {}
    for number, kind in enumerate(KINDS):
        client = signed_in(a_runner(f"rosa{number}@example.org"))
        form = {"email": address(kind), "action_add": ""}
        seen[kind] = ask(hashes, client, reverse("account_email"), form, address(kind))
    assert seen["known"].location == CODE
    assert not differences(seen)


def test_an_invitation_to_a_runner_is_answered_alike(hashes):
    client = signed_in(a_clinician())
    seen = {}
    for kind in KINDS:
        seen[kind] = ask(hashes, client, reverse("asks"), {"email": address(kind)}, address(kind))
    assert seen["known"].location == reverse("asks")
    assert not differences(seen)


def test_an_invitation_to_a_physiotherapist_is_answered_alike(hashes):
    client = signed_in(a_manager())
    seen = {}
    for kind in KINDS:
        seen[kind] = ask(hashes, client, reverse("join_invite"), {"email": address(kind)}, address(kind))
    assert not differences(seen)


def test_a_new_address_counts_for_nothing_before_its_code_was_entered():
    """No reset by it, no sign-in with it, and nobody is kept from it."""
    rosa = a_runner("rosa@example.org")
    signed_in(rosa).post(reverse("account_email"), {"email": address("nobod"), "action_add": ""})
    Client().post(reverse("account_reset_password"), {"email": address("nobod")})
    assert "There is none" in delivered_mails()[-1].body
    form = {"login": address("nobod"), "password": PASSWORD}
    assert "do not go together" in Client().post(reverse("account_login"), form).content.decode()
    rosa.refresh_from_db()
    assert rosa.email == "rosa@example.org"


def test_a_new_address_that_somebody_has_is_refused_to_whoever_reads_its_mail_only():
    """The owner of both mailboxes learns that she has two accounts; nobody else comes so far."""
    client = signed_in(a_runner("rosa@example.org"))
    client.post(reverse("account_email"), {"email": address("known"), "action_add": ""})
    assert "not right" in client.post(CODE, {"code": "AAAA-AAAA"}).content.decode()
    answer = client.post(CODE, {"code": code_to(address("known"))})
    assert "already" in answer.content.decode()
    assert not EmailAddress.objects.filter(user__email="rosa@example.org", email=address("known")).exists()
