"""A database that the first release filled: migrated with its data, and its ledger is what it was."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: Migrating takes ten seconds on an idle machine, and is done for both databases.
pytestmark = pytest.mark.timeout(300)
DECISIONS = 247
#: Of each runner where the first release left her: step, paused, last closed date.
LEFT = {
    "Anna": ["S6_run4_walk1", False],
    "Bela": ["S1_walking", True],
    "Cara": ["S3_run1_walk4", True],
    "Dora": ["S5_run3_walk2", False],
    "Ella": ["S1_walking", False],
    "Fay": ["S3_run1_walk4", False],
}


@dataclass(frozen=True)
class Site:
    """An upgraded installation: its environment, and its ledger before and after."""

    environment: dict[str, str]
    before: list[dict]
    after: list[dict]
    #: What tests/upgrade/look.py saw in it.
    seen: dict = field(default_factory=dict)

    def run(self, *argv: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [sys.executable, *argv],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done


def release(database: str) -> str:
    return gzip.decompress((HERE / f"first_release.{database}.sql.gz").read_bytes()).decode()


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    ours = {"REHAB_VAR_DIR": str(folder), "REHAB_ENV_FILE": os.devnull, "REHAB_DEMO": "0"}
    ours |= {"ALLOWED_HOSTS": "testserver"}
    return kept | {"DJANGO_SETTINGS_MODULE": "rehab.settings"} | ours | more


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory) -> Site:
    folder = tmp_path_factory.mktemp("upgrade")
    file = folder / "rehab.sqlite3"

    def rows() -> list[dict]:
        with closing(sqlite3.connect(file)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute("SELECT * FROM programs_decision ORDER BY id")]

    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(release("sqlite"))
    return migrated(environment(folder), rows)


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory, postgres_cluster) -> Site:
    url = postgres_cluster.create_database("first_release")

    def rows() -> list[dict]:
        with psycopg.connect(
            postgres_cluster.dsn("first_release"), row_factory=psycopg.rows.dict_row
        ) as connection:
            return connection.execute("SELECT * FROM programs_decision ORDER BY id").fetchall()

    with psycopg.connect(postgres_cluster.dsn("first_release")) as connection:
        connection.execute(release("postgresql"))
    return migrated(environment(tmp_path_factory.mktemp("upgrade"), DATABASE_URL=url), rows)


def migrated(of_the_site: dict[str, str], rows) -> Site:
    before = rows()
    site = Site(of_the_site, before, [])
    site.run("manage.py", "migrate", "--verbosity", "0")
    after = rows()
    seen = site.run("-m", "tests.upgrade.look").stdout.splitlines()[-1]
    return Site(of_the_site, before, after, json.loads(seen))


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def site(request) -> Site:
    return request.getfixturevalue(request.param)


def test_every_decision_is_what_it_was(site):
    assert len(site.before) == DECISIONS
    # Columns that came later are not asked for: the first release knew nothing of them.
    known = [{name: row[name] for name in site.before[0]} for row in site.after]
    assert known == site.before


def test_every_decision_is_recomputed(site):
    said = site.run("manage.py", "verify_ledger").stdout
    assert f"{DECISIONS} decisions recomputed, 0 differences, 0 written by another engine" in said


def test_the_database_guards_it_as_one_that_was_made_today(site):
    assert site.seen["missing_constraints"] == []
    assert site.seen["changeable"] == []


def test_everybody_stands_where_she_stood_and_her_pages_open(site):
    assert {name: row[:2] for name, row in site.seen["enrolments"].items()} == LEFT
    pages = site.seen["pages"]
    assert len(pages) >= 2 * len(LEFT) + 1
    assert not {name: status for name, status in pages.items() if status != 200}
