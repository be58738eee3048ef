"""How often somebody may try: counted in the shared table, by the account, the caller or the user."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.cache import SharedCache
from accounts.limits import limited
from accounts.models import AccountMail, CacheEntry
from accounts.services.limits import forget_expired
from rehab import settings as real_settings
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_runner, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cache")]

WRONG = "not this one"
MISMATCH = "do not go together"
TOO_MANY = "Too many failed attempts"
FAILURES = 5


@pytest.fixture
def shared_cache(settings):
    """The cache of the project instead of the one in memory."""
    settings.CACHES = real_settings.CACHES


@pytest.fixture
def clock(time_machine):
    """A clock that the test moves on."""
    time_machine.move_to(datetime.datetime.now(datetime.UTC))
    return time_machine


def try_sign_in(email: str, password: str = WRONG, *, client: Client | None = None, **request) -> str:
    """Return what the page says, or where it leads."""
    answer = (client or Client()).post(
        reverse("account_login"), {"login": email, "password": password}, **request
    )
    page = answer.content.decode()
    found = re.search(f"{MISMATCH}|{TOO_MANY}|Too many requests", page)
    return found[0] if found else f"{answer.status_code} {answer.get('Location', '')}".strip()


def exhaust(email: str, **request) -> None:
    for _ in range(FAILURES):
        assert try_sign_in(email, **request) == MISMATCH


# --- signing in ---------------------------------------------------------------------------
def test_after_five_failures_even_the_right_password_waits(clock):
    rosa = a_runner()
    exhaust(rosa.email)
    assert try_sign_in(rosa.email, PASSWORD) == TOO_MANY
    clock.shift(datetime.timedelta(minutes=5, seconds=1))
    assert try_sign_in(rosa.email, PASSWORD) == "302 /"


def test_an_address_of_nobody_waits_just_as_long():
    exhaust("nobody@example.org")
    assert try_sign_in("nobody@example.org") == TOO_MANY


def test_a_success_in_between_forgets_no_failure():
    rosa = a_runner()
    for _ in range(FAILURES - 1):
        assert try_sign_in(rosa.email) == MISMATCH
    assert try_sign_in(rosa.email, PASSWORD) == "302 /"
    assert try_sign_in(rosa.email) == MISMATCH
    assert try_sign_in(rosa.email, PASSWORD) == TOO_MANY


@pytest.mark.parametrize(
    "spelling",
    [
        "ROSA.KIM@example.org",
        " rosa.kim@example.org ",
        "ro\u017fa.kim@example.org",  # long s
        "rosa.\u212aim@example.org",  # the sign of Kelvin
        "Ro\u017fA.\u212aIM@EXAMPLE.ORG",
    ],
    ids=ascii,
)
def test_another_spelling_of_an_address_is_no_other_five_tries(spelling):
    exhaust("rosa.kim@example.org")
    assert try_sign_in(spelling) == TOO_MANY


def test_another_port_in_the_host_header_is_no_other_five_tries(settings):
    """allauth counts by it; Django takes any port of an allowed host."""
    settings.ALLOWED_HOSTS = ["rehab.example", "localhost"]
    exhaust("rosa@example.org", headers={"host": "rehab.example"})
    for host in ("rehab.example:81", "rehab.example:65535", "localhost"):
        assert try_sign_in("rosa@example.org", headers={"host": host}) == TOO_MANY


FORWARDING = ("X-Forwarded-For", "X_Forwarded_For", "X-Real-Ip", "Forwarded", "Client-Ip", "True-Client-Ip")


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_hundred_forwarded_addresses_are_one_caller(settings, proxies):
    """What a proxy of ours appends counts; what stands left of it anybody may have written."""
    settings.REHAB_TRUSTED_PROXIES = proxies
    ours = ", 198.51.100.7" + ", 10.0.0.2" * (proxies - 1) if proxies else ""
    passed = 0
    for number in range(100):
        forged = f"203.0.113.{number}"
        headers = dict.fromkeys(FORWARDING, forged + ours)
        passed += try_sign_in(f"runner{number}@example.org", headers=headers) == MISMATCH
    assert passed == 10


def test_the_tries_of_a_second_factor_are_counted():
    petra = a_clinician()
    client = Client()
    assert try_sign_in(petra.email, PASSWORD, client=client).startswith("302")
    pages = [
        client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"}).content.decode()
        for number in range(FAILURES + 1)
    ]
    assert [TOO_MANY in page for page in pages] == [False] * FAILURES + [True]


# --- nobody is locked out by somebody else -----------------------------------------------------
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
ANYWHERE = 30


def guess_from_everywhere(email: str, *, times: int = ANYWHERE) -> None:
    """As many wrong passwords as an account takes in an hour, no network address of them with too many."""
    for number in range(times):
        assert try_sign_in(email, REMOTE_ADDR=f"198.51.100.{number}") == MISMATCH


def reset_by_mail(email: str, password: str) -> None:
    link = re.search(r"/accounts/password/reset/key/\S+", delivered_mails()[-1].body)[0]
    client = Client()
    form = client.get(link).url
    answer = client.post(form, {"password1": password, "password2": password})
    assert answer.url == reverse("account_reset_password_from_key_done")


@pytest.mark.parametrize("email", ["rosa@example.org", "nobody@example.org"])
def test_failures_elsewhere_do_not_lock_the_owner_out(email):
    a_runner("rosa@example.org")
    exhaust(email, **ELSEWHERE)
    assert try_sign_in(email, PASSWORD, **ELSEWHERE) == TOO_MANY
    assert try_sign_in(email, PASSWORD) == ("302 /" if email.startswith("rosa") else MISMATCH)


def test_one_network_address_alone_closes_no_account(clock):
    rosa = a_runner()
    for _ in range(12):
        for _ in range(FAILURES + 1):
            try_sign_in(rosa.email, **ELSEWHERE)
        clock.shift(datetime.timedelta(minutes=5, seconds=1))
    assert try_sign_in(rosa.email, PASSWORD) == "302 /"


@pytest.mark.parametrize("email", ["rosa@example.org", "nobody@example.org"])
def test_guesses_from_many_networks_are_counted_together(clock, email):
    a_runner("rosa@example.org")
    guess_from_everywhere(email)
    assert try_sign_in(email, PASSWORD) == TOO_MANY
    clock.shift(datetime.timedelta(hours=1, seconds=1))
    assert try_sign_in(email, PASSWORD) == ("302 /" if email.startswith("rosa") else MISMATCH)


def test_a_success_gives_its_try_back_everywhere():
    rosa = a_runner()
    guess_from_everywhere(rosa.email, times=ANYWHERE - 1)
    for _ in range(3):
        assert try_sign_in(rosa.email, PASSWORD) == "302 /"


def test_a_new_password_by_mail_lets_the_owner_in_whatever_others_go_on_trying():
    rosa = a_runner()
    guess_from_everywhere(rosa.email)
    exhaust("another@example.org")
    Client().post(reverse("account_reset_password"), {"email": rosa.email})
    reset_by_mail(rosa.email, "nine wild kilometres")
    guess_from_everywhere(rosa.email)
    assert try_sign_in(rosa.email, "nine wild kilometres", REMOTE_ADDR="198.51.100.200") == TOO_MANY
    assert try_sign_in(rosa.email, "nine wild kilometres") == "302 /"


def test_strangers_who_ask_for_resets_do_not_keep_the_owner_from_hers(clock):
    """All mails of the hour went to her; the newest opens the way."""
    rosa = a_runner()
    path = reverse("account_reset_password")
    for _ in range(8):
        assert Client().post(path, {"email": rosa.email}, **ELSEWHERE).status_code == 302
        clock.shift(datetime.timedelta(seconds=61))
    answer = Client().post(path, {"email": rosa.email})
    assert (answer.status_code, answer.url) == (302, reverse("account_reset_password_done"))
    assert AccountMail.objects.count() == 5
    reset_by_mail(rosa.email, "nine wild kilometres")
    assert try_sign_in(rosa.email, "nine wild kilometres") == "302 /"


# --- mails -------------------------------------------------------------------------------------
@pytest.mark.parametrize("email", ["rosa@example.org", "nobody@example.org"])
def test_nobodys_mailbox_is_filled_by_resets(email):
    a_runner("rosa@example.org")
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email}).status_code for _ in range(5)
    ]
    assert answers == [302] * 5
    assert AccountMail.objects.count() == 1


def test_resets_are_slowed_down_by_network_address():
    path = reverse("account_reset_password")
    answers = [Client().post(path, {"email": f"r{n}@example.org"}).status_code for n in range(21)]
    assert answers == [302] * 20 + [429]


@pytest.mark.parametrize("known", [True, False])
def test_nobodys_mailbox_is_filled_by_sign_ups(clock, known):
    if known:
        a_runner("nora@example.org")
    form = {"name": "N", "email": "nora@example.org", "password1": PASSWORD, "adult": "on"}
    answers = []
    for _ in range(12):
        answers.append(Client().post(reverse("account_signup"), form | {"time_zone": "UTC"}).status_code)
        clock.shift(datetime.timedelta(seconds=11))
    assert answers == [302] * 10 + [429] * 2


# --- ours --------------------------------------------------------------------------------------
def test_codes_are_not_guessed():
    client = signed_in(a_clinician())
    answers = [client.post(reverse("code"), {"code": "2222-3333-4444"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_reading_a_page_is_no_try():
    client = signed_in(a_clinician())
    assert {client.get(reverse("code")).status_code for _ in range(12)} == {200}


def test_a_limit_that_nobody_set_is_a_mistake_and_not_no_limit():
    with pytest.raises(LookupError, match="take_ofer"):
        limited(RequestFactory().post("/"), "take_ofer")


def test_too_many_is_a_page_in_words():
    client = Client()
    for _ in range(21):
        page = client.post(reverse("account_reset_password"), {"email": "rosa@example.org"})
    assert page.status_code == 429
    assert "Wait five minutes" in page.content.decode()


# --- the table -----------------------------------------------------------------------------------
def test_the_counts_are_in_the_database_also_where_there_is_a_redis():
    exhaust("rosa@example.org")
    assert CacheEntry.objects.filter(cache_key__contains="login_failed").exists()
    assert set(real_settings.CACHES) == {"default"}


def test_a_full_table_forgets_only_what_has_run_out(settings, clock):
    """Or requests for many addresses would have every limit forgotten."""
    options = {"MAX_ENTRIES": 10}
    settings.CACHES = {"default": real_settings.CACHES["default"] | {"OPTIONS": options}}
    for number in range(20):
        cache.set(f"over-{number}", [1], 10)
    clock.shift(datetime.timedelta(seconds=20))
    for number in range(30):
        cache.set(f"good-{number}", [1], 300)
    assert all(cache.get(f"good-{number}") == [1] for number in range(30))
    assert not CacheEntry.objects.filter(cache_key__contains="over-").exists()


def test_counts_that_have_run_out_are_forgotten_within_the_hour(clock):
    cache.set("soon", [1], 60)
    cache.set("later", [1], 3600)
    assert forget_expired(now=timezone.now()) == 0
    clock.shift(datetime.timedelta(minutes=2))
    tasks.forget_counts()
    assert [key.rpartition(":")[2] for key in CacheEntry.objects.values_list("cache_key", flat=True)] == [
        "later"
    ]


def test_no_address_is_readable_in_what_is_counted():
    exhaust("rosa@example.org")
    assert not CacheEntry.objects.filter(cache_key__contains="rosa").exists()


def test_a_count_that_cannot_be_taken_refuses_the_try(monkeypatch):
    """The lock of somebody else is never released: nobody gets in meanwhile, and nothing breaks."""
    monkeypatch.setattr("allauth.core.internal.ratelimit.CACHE_LOCK_WAIT_TIMEOUT", 0.01)
    monkeypatch.setattr(SharedCache, "add", lambda *args, **kwargs: False)
    rosa = a_runner()
    assert try_sign_in(rosa.email, PASSWORD).startswith("429")
