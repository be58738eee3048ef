"""Every test here starts processes and waits for them."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.with_postgres import Cluster
from tests.stack.harness import DAYS, RUNNERS, Stack, stack
from tests.support import databases
from tests.support.services import RedisServer

_numbers = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.stack)
            # Deadlines of their own say what hangs; this one only ends what never would.
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A var/ with a database that is migrated and holds the library; tests get copies."""
    folder = tmp_path_factory.mktemp("prepared")
    databases.a_migrated_copy(tmp_path_factory, folder / "rehab.sqlite3")
    with stack(folder) as running:
        running.manage("load_library", "--verbosity", "0")
    return folder


@pytest.fixture
def bare(var_dir: Path, prepared: Path) -> Iterator[Stack]:
    """A clone that was started before: SQLite, jobs inside the web process."""
    shutil.copytree(prepared, var_dir, dirs_exist_ok=True)
    with stack(var_dir) as running:
        yield running


@pytest.fixture
def fresh(var_dir: Path) -> Iterator[Stack]:
    """A bare clone that nobody has started yet."""
    with stack(var_dir) as running:
        yield running


@pytest.fixture(scope="session")
def migrated(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database; tests get copies."""
    name = "migrated"
    url = postgres_cluster.create_database(name)
    databases.migrate_postgresql(url, tmp_path_factory.mktemp(name))
    return name


@pytest.fixture(scope="session")
def with_due_days(
    postgres_cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, int]:
    """The name of a database with sixty runners whose last six days are due, and the number of those days."""
    name = "with_due_days"
    url = postgres_cluster.create_database(name, template=migrated)
    with stack(tmp_path_factory.mktemp(name), DATABASE_URL=url) as running:
        return name, running.step("seed-due", str(RUNNERS), str(DAYS))


@pytest.fixture
def full(
    var_dir: Path, postgres_cluster: Cluster, migrated: str, redis_server: RedisServer, request
) -> Iterator[Stack]:
    """PostgreSQL and Redis, migrated, nothing started yet; with due days where the test asks for them."""
    template = migrated
    if "due" in request.fixturenames:
        template, _ = request.getfixturevalue("with_due_days")
    name = f"stack_{next(_numbers)}"
    url = postgres_cluster.create_database(name, template=template)
    # One web process: a second takes a second and a half of computing to begin.
    with stack(var_dir, DATABASE_URL=url, REDIS_URL=redis_server.url, WEB_CONCURRENCY="1") as running:
        yield running


@pytest.fixture
def due(full: Stack, with_due_days: tuple[str, int]) -> int:
    """Sixty runners whose last six days are due; the number of those days."""
    full.environment |= {"REHAB_BATCH_SIZE": "3", "REHAB_VISIBILITY_SECONDS": "5"}
    return with_due_days[1]
