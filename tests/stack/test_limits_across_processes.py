"""Rate limits with several web processes: counted once, not once in each."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scripts.visitor import Visitor
from scripts.with_postgres import Cluster
from tests.stack.harness import Stack, stack
from tests.support.people import PASSWORD
from tests.support.services import RedisServer, a_redis_server, wait_until

LOGIN = "/accounts/login/"
PARALLEL = 50
FAILURES = 5
SAID = re.compile("do not go together|Too many failed attempts|Too many tries")
#: As behind a proxy, which says where somebody is.
PROXY = {"REHAB_TRUSTED_PROXIES": "1"}
MAKE = (
    "from accounts.services import create_account;"
    "[create_account(email=f'{name.lower()}@rehab.example', name=name, "
    f"password={PASSWORD!r}, verified=True) for name in ('Rosa', 'Vera')]"
)


def several_web_processes(site: Stack) -> Stack:
    """Three, without any jobs, and two people to sign in; all is imported once, before they part."""
    site.manage("shell", "-c", MAKE)
    options = ["--workers", "3", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
    options += ["--preload", "--bind", f"127.0.0.1:{site.port}"]
    site.start("web", "-m", "gunicorn", "rehab.wsgi:application", *options)
    wait_until(lambda: site.get(LOGIN)[0] == 200, 40, what="the page of the sign-in")
    return site


@pytest.fixture(scope="module")
def on_sqlite(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("limits")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    with stack(folder, **PROXY) as running:
        yield several_web_processes(running)


@pytest.fixture(scope="module")
def broker() -> Iterator[RedisServer]:
    with a_redis_server() as server:
        yield server


@pytest.fixture(scope="module")
def on_postgresql(
    postgres_cluster: Cluster, migrated: str, broker: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("limits")
    url = postgres_cluster.create_database("limits", template=migrated)
    with stack(folder, DATABASE_URL=url, REDIS_URL=broker.url, **PROXY) as running:
        yield several_web_processes(running)


def said(port: int, email: str, password: str) -> str:
    """What the page answers to one try, from a browser of its own; an e-mail is tried from one address."""
    address = f"198.18.0.{1 + sum(email.encode()) % 250}"
    answer = Visitor(port, address=address).post(LOGIN, {"login": email, "password": password})
    found = SAID.search(answer.body)
    return found[0] if found else f"{answer.status} {answer.location}".strip()


@pytest.mark.parametrize(
    ("kind", "email"),
    [
        ("on_sqlite", "nobody@rehab.example"),
        ("on_sqlite", "rosa@rehab.example"),
        ("on_postgresql", "vera@rehab.example"),
    ],
    ids=["SQLite-nobody", "SQLite-rosa", "PostgreSQL-vera"],
)
def test_fifty_wrong_passwords_at_once_are_five_tries(request, kind, email):
    site = request.getfixturevalue(kind)
    with ThreadPoolExecutor(PARALLEL) as pool:
        tries = pool.map(lambda number: said(site.port, email, f"wrong {number}"), range(PARALLEL))
        answers = Counter(tries)
    assert 1 <= answers["do not go together"] <= FAILURES, answers
    assert set(answers) <= {"do not go together", "Too many failed attempts", "Too many tries"}, answers


@pytest.mark.fault
@pytest.mark.parametrize("fault", ["freeze", "kill"])
def test_people_sign_in_while_redis_is_away(on_postgresql: Stack, broker: RedisServer, fault):
    """No request asks Redis for anything: limits are counted in the database."""
    getattr(broker, fault)()
    try:
        port, rosa = on_postgresql.port, "rosa@rehab.example"
        answers = [said(port, rosa, password) for password in ("wrong", PASSWORD)]
    finally:
        broker.thaw() if fault == "freeze" else broker.start()
    assert answers == ["do not go together", "302 /"]
