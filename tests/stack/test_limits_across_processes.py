"""Rate limits with several web processes: counted once, not once in each."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.visitor import Visitor
from tests.stack.harness import Stack
from tests.support.people import PASSWORD
from tests.support.services import RedisServer, wait_until

LOGIN = "/accounts/login/"
PARALLEL = 50
FAILURES = 5
SAID = re.compile("do not go together|Too many failed attempts|Too many tries")
MAKE_ROSA = (
    "from accounts.services import create_account;"
    f"create_account(email='rosa@rehab.example', name='Rosa', password={PASSWORD!r}, verified=True)"
)


def several_web_processes(stack: Stack) -> None:
    """Three, without any jobs, and somebody to sign in as."""
    stack.manage("shell", "-c", MAKE_ROSA)
    options = ["--workers", "3", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
    stack.start(
        "web", "-m", "gunicorn", "rehab.wsgi:application", "--bind", f"127.0.0.1:{stack.port}", *options
    )
    wait_until(lambda: stack.get(LOGIN)[0] == 200, 40, what="the page of the sign-in")


def said(port: int, email: str, password: str) -> str:
    """What the page answers to one try, from a browser of its own."""
    answer = Visitor(port).post(LOGIN, {"login": email, "password": password})
    found = SAID.search(answer.body)
    return found[0] if found else f"{answer.status} {answer.location}".strip()


@pytest.mark.parametrize(
    ("kind", "email"),
    [("bare", "nobody@rehab.example"), ("bare", "rosa@rehab.example"), ("full", "rosa@rehab.example")],
    ids=["SQLite-nobody", "SQLite-rosa", "PostgreSQL-rosa"],
)
def test_fifty_wrong_passwords_at_once_are_five_tries(request, kind, email):
    stack = request.getfixturevalue(kind)
    several_web_processes(stack)
    with ThreadPoolExecutor(PARALLEL) as pool:
        tries = pool.map(lambda number: said(stack.port, email, f"wrong {number}"), range(PARALLEL))
        answers = Counter(tries)
    assert 1 <= answers["do not go together"] <= FAILURES, answers
    assert set(answers) <= {"do not go together", "Too many failed attempts", "Too many tries"}, answers


@pytest.mark.fault
@pytest.mark.parametrize("fault", ["freeze", "kill"])
def test_people_sign_in_while_redis_is_away(full: Stack, redis_server: RedisServer, fault):
    """No request asks Redis for anything: limits are counted in the database."""
    several_web_processes(full)
    getattr(redis_server, fault)()
    answers = [said(full.port, "rosa@rehab.example", password) for password in ("wrong", PASSWORD)]
    assert answers == ["do not go together", "302 /"]
