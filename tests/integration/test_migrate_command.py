"""manage.py migrate on PostgreSQL: no time limit for as long as it runs, and the usual ones afterwards."""

import pytest
from django.core.management import call_command, get_commands
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

pytestmark = pytest.mark.django_db
USUAL = {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s", "lock_timeout": "5s"}
LIFTED = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "5s"}


def limits() -> dict[str, str]:
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        found = {}
        for name in USUAL:
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
        return found


def expected(values: dict[str, str]) -> dict[str, str]:
    return values if connection.vendor == "postgresql" else {}


def test_it_takes_the_place_of_djangos_own():
    assert get_commands()["migrate"] == "rehab"


def test_there_is_no_time_limit_while_it_runs_and_afterwards_as_before(monkeypatch):
    seen = []
    monkeypatch.setattr(Migrate, "handle", lambda self, *args, **options: seen.append(limits()))
    call_command("migrate", verbosity=0)
    assert seen == [expected(LIFTED)]
    assert limits() == expected(USUAL)


def test_limits_are_back_after_one_that_failed(monkeypatch):
    def fail(self, *args, **options) -> None:
        raise RuntimeError("a migration")

    monkeypatch.setattr(Migrate, "handle", fail)
    with pytest.raises(RuntimeError):
        call_command("migrate", verbosity=0)
    assert limits() == expected(USUAL)


def test_what_was_lifted_before_stays_lifted():
    """A restore migrates in its midst, and verifies a whole ledger afterwards."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    call_command("migrate", verbosity=0)
    try:
        assert limits() == expected(USUAL | {"statement_timeout": "0"})
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
