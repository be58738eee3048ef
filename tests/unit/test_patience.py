"""A database that takes everything and says nothing: whoever asks it is told so, and soon."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from celery import signals
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.utils import ConnectionHandler

from rehab import celery, databases, patience, server
from tests.architecture.source import ROOT

#: Whoever waits without a limit fails by this, and not by the limit of the whole suite.
FOR_EVER = 20


def _message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content


SAYS = ("server_version", "15.0"), ("client_encoding", "UTF8"), ("TimeZone", "UTC")
#: Signed in, and ready for the first question.
WELCOME = b"".join(
    [
        _message(b"R", struct.pack("!i", 0)),
        *(_message(b"S", f"{name}\0{value}\0".encode()) for name, value in SAYS),
        _message(b"Z", b"I"),
    ]
)


@contextlib.contextmanager
def a_silent_server(welcome: bytes) -> Iterator[BaseDatabaseWrapper]:
    """A connection that is not open yet, to what says so much at the beginning and nothing more."""
    kept = []

    def take(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                kept.append(listener.accept()[0])
                # What it is asked first: to encrypt (the driver does not ask here), or to sign in.
                kept[-1].recv(4096)
                kept[-1].sendall(welcome)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=take, args=(listener,), daemon=True).start()
        address = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "x",
            "USER": "x",
            "HOST": "127.0.0.1",
            "PORT": str(listener.getsockname()[1]),
            "OPTIONS": {"sslmode": "disable", "gssencmode": "disable"},
        }
        wrapper = ConnectionHandler({"default": databases.postgresql(address)})["default"]
        try:
            yield wrapper
        finally:
            wrapper.close()
            listener.shutdown(socket.SHUT_RDWR)
            for one in kept:
                one.close()


@pytest.fixture(autouse=True)
def may_connect(django_db_blocker) -> Iterator[None]:
    """No test database: each test has a server of its own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def impatient(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(patience, "LONGEST_SECONDS", 0.3)
    patience.install()
    yield
    connection_created.disconnect(dispatch_uid=patience.__name__)


@pytest.mark.timeout(FOR_EVER)
def test_a_connection_that_nobody_answers_is_given_up(monkeypatch):
    monkeypatch.setitem(databases.REACHABLE, "connect_timeout", 1)
    with a_silent_server(b"") as wrapper, pytest.raises(OperationalError, match="timeout"):
        wrapper.ensure_connection()


@pytest.mark.timeout(FOR_EVER)
def test_a_question_that_nobody_answers_is_given_up_and_so_is_its_connection(impatient):
    """Else the next page would wait as long, or take the late answer for its own."""
    with a_silent_server(WELCOME) as wrapper:
        began = time.monotonic()
        with pytest.raises(OperationalError, match="did not answer"), wrapper.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert time.monotonic() - began >= 0.3
        assert wrapper.connection.closed
        assert not wrapper.is_usable()


@pytest.mark.timeout(FOR_EVER)
def test_a_transaction_on_it_ends_with_the_same_error(impatient):
    with a_silent_server(WELCOME) as wrapper:
        wrapper.ensure_connection()
        wrapper.set_autocommit(False)
        with pytest.raises(OperationalError, match="did not answer"), wrapper.cursor() as cursor:
            cursor.execute("SELECT 1")
        with pytest.raises(OperationalError):
            wrapper.rollback()


def test_the_system_is_told_when_a_machine_counts_as_gone():
    """Packets that vanish cannot be had on loopback: what the kernel was told is looked at instead."""
    with a_silent_server(WELCOME) as wrapper:
        wrapper.ensure_connection()
        assert wrapper.get_connection_params()["connect_timeout"] == 5
        with socket.socket(fileno=socket.dup(wrapper.connection.fileno())) as opened:
            assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10


def test_the_server_itself_ends_a_long_statement_before_we_do():
    assert "statement_timeout=15000" in databases.POSTGRESQL_LIMITS
    assert patience.LONGEST_SECONDS > 15


def test_pages_and_jobs_have_it(monkeypatch):
    installed = []
    monkeypatch.setattr(patience, "install", lambda: installed.append("yes"))
    assert celery.on_worker_init in [receiver() for _, receiver in signals.worker_init.receivers]
    celery.on_worker_init()
    server.EmbeddedServer.load(None)
    assert installed == ["yes", "yes"]
    assert "\npatience.install()\n" in (ROOT / "rehab/wsgi.py").read_text()
