"""The readers of the environment refuse what they do not understand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rehab import env
from tests.architecture.source import ROOT


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("1", True), ("true", True), ("Yes", True), (" on ", True), ("0", False), ("no", False), ("", False)],
)
def test_flag_knows_yes_and_no(monkeypatch, raw, expected):
    monkeypatch.setenv("REHAB_X", raw)
    assert env.flag("REHAB_X", default=not expected) is expected


def test_flag_refuses_another_word(monkeypatch):
    monkeypatch.setenv("REHAB_X", "ture")
    with pytest.raises(ImproperlyConfigured, match="REHAB_X='ture'"):
        env.flag("REHAB_X")


def test_flag_takes_its_default_where_unset(monkeypatch):
    monkeypatch.delenv("REHAB_X", raising=False)
    assert env.flag("REHAB_X", default=True) is True


@pytest.mark.parametrize("raw", ["0", "13", "3.5", "three", "1e3"])
def test_number_refuses_what_is_outside_or_no_number(monkeypatch, raw):
    monkeypatch.setenv("REHAB_X", raw)
    with pytest.raises(ImproperlyConfigured, match="REHAB_X"):
        env.number("REHAB_X", 5, 1, 12)


@pytest.mark.parametrize(("raw", "expected"), [("1", 1), ("12", 12), ("", 5)])
def test_number_allows_both_limits_and_empty(monkeypatch, raw, expected):
    monkeypatch.setenv("REHAB_X", raw)
    assert env.number("REHAB_X", 5, 1, 12) == expected


def test_words_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("REHAB_X", "a.example, b.example,")
    assert env.words("REHAB_X") == ["a.example", "b.example"]


# --- secrets from files --------------------------------------------------------
@pytest.fixture
def no_secret(monkeypatch):
    for name in ("REHAB_X", "REHAB_X_FILE"):
        monkeypatch.setenv(name, "")


def a_file(tmp_path, content: bytes) -> str:
    file = tmp_path / "secret"
    file.write_bytes(content)
    return str(file)


def test_a_secret_is_the_variable_or_its_default(monkeypatch, no_secret):
    assert env.secret("REHAB_X", "none") == "none"
    monkeypatch.setenv("REHAB_X", "from the shell")
    assert env.secret("REHAB_X") == "from the shell"


def test_a_secret_comes_from_a_file_without_its_end_of_line(monkeypatch, no_secret, tmp_path):
    monkeypatch.setenv("REHAB_X_FILE", a_file(tmp_path, b"k7Qw-Zr=\n"))
    assert env.secret("REHAB_X", "never this") == "k7Qw-Zr="


def test_a_secret_that_is_given_twice_is_refused(monkeypatch, no_secret, tmp_path):
    monkeypatch.setenv("REHAB_X_FILE", a_file(tmp_path, b"one\n"))
    monkeypatch.setenv("REHAB_X", "another")
    with pytest.raises(ImproperlyConfigured, match="both set"):
        env.secret("REHAB_X")


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"two\nlines\n", b"a\x00b", b"\xff\xfe", b"a" * 10_000],
    ids=["empty", "blank", "two lines", "a control character", "not UTF-8", "too long"],
)
def test_a_file_that_holds_no_secret_is_refused(monkeypatch, no_secret, tmp_path, content):
    monkeypatch.setenv("REHAB_X_FILE", a_file(tmp_path, content))
    with pytest.raises(ImproperlyConfigured, match="REHAB_X_FILE"):
        env.secret("REHAB_X", "never this")


def test_a_secret_file_that_is_missing_is_refused(monkeypatch, no_secret, tmp_path):
    monkeypatch.setenv("REHAB_X_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret("REHAB_X", "never this")


def test_an_error_never_prints_the_secret(monkeypatch, no_secret, tmp_path):
    monkeypatch.setenv("REHAB_X_FILE", a_file(tmp_path, b"hush\nhush\n"))
    with pytest.raises(ImproperlyConfigured) as refused:
        env.secret("REHAB_X")
    assert "hush" not in str(refused.value)


def test_the_address_of_a_database_may_come_from_a_file(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DATABASE_URL_FILE", a_file(tmp_path, b"postgres://ann:p@db.example/rehab\n"))
    assert env.database()["PASSWORD"] == "p"


# --- the database --------------------------------------------------------------
def test_database_reads_every_part(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss@db.example:5433/rehab")
    assert env.database() == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "rehab",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {},
    }


def test_database_hands_on_how_the_connection_is_encrypted(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann@db.example/rehab?sslmode=verify-full")
    assert env.database()["OPTIONS"] == {"sslmode": "verify-full"}


def test_database_refuses_a_parameter_that_nobody_reads(monkeypatch):
    """A misspelt sslmode would be a connection in clear."""
    monkeypatch.setenv("DATABASE_URL", "postgres://ann@db.example/rehab?ssl_mode=require")
    with pytest.raises(ImproperlyConfigured, match="ssl_mode"):
        env.database()


def test_database_reads_a_socket(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres:///rehab?host=/run/postgresql&user=ann")
    database = env.database()
    assert (database["HOST"], database["USER"], database["PORT"]) == ("/run/postgresql", "ann", "")


def test_database_refuses_another_engine(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/rehab")
    with pytest.raises(ImproperlyConfigured, match="postgres://"):
        env.database()


def test_database_is_none_where_unset(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert env.database() is None


def test_a_file_sets_what_is_not_set_yet(monkeypatch, tmp_path):
    monkeypatch.setenv("REHAB_X", "from the shell")
    monkeypatch.setenv("REHAB_Y", "gone")
    monkeypatch.delenv("REHAB_Y")
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nREHAB_X=from the file\nexport REHAB_Y='a = b'\n")
    env.read_file(file)
    assert (env.text("REHAB_X"), env.text("REHAB_Y")) == ("from the shell", "a = b")


def test_a_file_with_another_line_is_refused(tmp_path):
    file = tmp_path / ".env"
    file.write_text("SITE_URL: https://rehab.example\n")
    with pytest.raises(ImproperlyConfigured, match="line 1"):
        env.read_file(file)


def test_no_file_is_no_error(tmp_path):
    before = dict(os.environ)
    env.read_file(tmp_path / "absent")
    assert dict(os.environ) == before


@pytest.mark.parametrize("name", ["absent", "."])
def test_a_file_that_is_named_and_cannot_be_read_stops_the_start(tmp_path, name):
    """Else a slip of the pen in a unit begins a demonstration in the database of a real site."""
    with pytest.raises(ImproperlyConfigured, match="REHAB_ENV_FILE=.* cannot be read"):
        env.read_file(tmp_path / name, is_named=True)


def test_nothing_can_be_named():
    before = dict(os.environ)
    env.read_file(Path(os.devnull), is_named=True)
    assert dict(os.environ) == before


def test_every_command_stops_where_the_named_file_is_not_there(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rehab.settings",
        "REHAB_ENV_FILE": str(tmp_path / "rehab.nev"),
        "REHAB_VAR_DIR": str(tmp_path),
    }
    command = [sys.executable, "manage.py", "prepare"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "rehab.nev cannot be read" in run.stderr
    assert not list(tmp_path.iterdir())
