"""Every test here starts processes and waits for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.harness import Stack, stack
from tests.support.services import RedisServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.stack)


@pytest.fixture
def bare(var_dir: Path) -> Iterator[Stack]:
    """A bare clone: SQLite, jobs inside the web process."""
    with stack(var_dir) as running:
        yield running


@pytest.fixture
def full(var_dir: Path, postgres_url: str, redis_server: RedisServer) -> Iterator[Stack]:
    """PostgreSQL and Redis, migrated, nothing started yet."""
    with stack(var_dir, DATABASE_URL=postgres_url, REDIS_URL=redis_server.url) as running:
        running.manage("migrate", "--verbosity", "0")
        yield running
