"""The readers of the environment refuse what they do not understand."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from rehab import env


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


def test_database_reads_every_part(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss@db.example:5433/rehab")
    assert env.database() == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "rehab",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }


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
    env.read_file(tmp_path / "absent")
