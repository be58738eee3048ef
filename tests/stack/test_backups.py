"""The drill: a backup of a site that is written to, brought back elsewhere: nothing is lost or sent twice."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.stack.harness import Stack, stack

SAFETY = ("pause", "clinician_pause", "flag_unseen")


@dataclass
class Drill:
    """The site that was backed up and lived on, the one that its backup came back to, and what each said."""

    lost: Stack
    back: Stack
    file: Path
    list_of_erasures: Path
    said: dict[str, object] = field(default_factory=dict)

    def steps(self, site: Stack, *names: str) -> list:
        done = site._run(["-m", "tests.stack.backup_steps", ",".join(names)], check=True)
        return json.loads(done.stdout.splitlines()[-1])


def play(drill: Drill) -> Drill:
    _, before, backup, lost = drill.steps(drill.lost, "seed", "facts", f"back-up={drill.file}", "go-on")
    restored = drill.back.manage("restore", str(drill.file), "--erasures", str(drill.list_of_erasures))
    # In one process what an operator does in several: each of them takes seconds to begin.
    file = drill.file
    refusals = (f"refused={file}", f"in-use={file}", f"broken={file}")
    held, work, *refused, _, ledger, after = drill.steps(
        drill.back, "facts", "work", *refusals, "resume", "verify", "work"
    )
    drill.said = {
        "before": before,
        "backup": backup,
        "lost": lost,
        "restored": restored.stdout,
        "held": held,
        "work": work,
        "refused": refused,
        "ledger": ledger,
        "after": after,
    }
    return drill


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory, prepared) -> Iterator[Drill]:
    lost, back = tmp_path_factory.mktemp("lost"), tmp_path_factory.mktemp("back")
    shutil.copytree(prepared, lost, dirs_exist_ok=True)
    with stack(lost) as one, stack(back) as other:
        yield play(Drill(one, other, lost / "one.backup", lost / "erasures.log"))


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory, postgres_cluster, migrated) -> Iterator[Drill]:
    lost, back = tmp_path_factory.mktemp("lost"), tmp_path_factory.mktemp("back")
    first = postgres_cluster.create_database("drill_lost", template=migrated)
    second = postgres_cluster.create_database("drill_back")
    with stack(lost, DATABASE_URL=first) as one, stack(back, DATABASE_URL=second) as other:
        yield play(Drill(one, other, lost / "one.backup", lost / "erasures.log"))


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def drill(request) -> Drill:
    return request.getfixturevalue(request.param)


def sent(mails: dict) -> dict[str, str]:
    return {key: message_id for key, (status, message_id) in mails.items() if status == "sent"}


def kind_of(key: str) -> str:
    return key.split("|")[2]


@pytest.mark.timeout(400)
def test_everything_comes_back(drill):
    before, held = drill.said["before"], drill.said["held"]
    assert drill.said["backup"]["mode"] == "0o600"
    assert held["decisions"] == before["decisions"] > 0
    # Somebody wrote all the time: one day of hers more, or not yet.
    assert held["entries"] - before["entries"] in (0, 1)
    assert drill.said["backup"]["written"]
    assert before["is_frozen"] and held["is_frozen"]
    assert "0 differences" in drill.said["ledger"]


def test_whoever_was_erased_since_is_erased_again(drill):
    assert drill.said["before"]["erna"] == 1
    assert drill.said["held"]["erna"] == 0
    assert "Erased again" in drill.said["restored"]
    assert set(drill.said["held"]["names"]) == {"Anna", "Bela", "Cara", "Erased runner", "Petra Physio"}


def test_no_day_is_closed_before_somebody_says_so(drill):
    assert "manage.py resume" in drill.said["held"]["held"]
    assert drill.said["held"]["due"] > 0
    assert drill.said["work"]["closed"] == 0
    assert drill.said["after"]["closed"] > 0
    assert drill.said["after"]["facts"]["due"] == 0


def test_nothing_is_sent_twice_but_notices_about_safety(drill):
    """Those may come twice: of two evils it is the one that harms nobody."""
    lost, back = sent(drill.said["lost"]), sent(drill.said["after"]["mails"])
    assert {kind_of(key) for key in lost} > {"advance", "written", "pause", "clinician_pause"}
    twice = {key for key in lost if key in back}
    assert {kind_of(key) for key in twice} == {"pause", "clinician_pause"}
    assert all(back[key] == lost[key] for key in twice), "with another Message-ID"
    assert set(map(kind_of, back)) <= set(SAFETY)


def test_every_mail_of_the_lost_site_is_accounted_for(drill):
    """Sent once more, or skipped with its reason; none is owed for ever."""
    back = drill.said["after"]["mails"]
    assert not {key for key in sent(drill.said["lost"]) if key not in back}
    assert {status for status, _ in back.values()} == {"sent", "skipped"}


def test_codes_are_wiped_and_sessions_ended(drill):
    assert drill.said["before"]["account_mails"] == ["login_code"]
    assert drill.said["held"]["account_mails"] == []
    assert "1 sessions are ended" in drill.said["restored"]


def test_what_must_not_be_restored_is_refused_and_changes_nothing(drill):
    """What follows it finds the database as it was: the other tests look at that."""
    with_people, in_use, broken = drill.said["refused"]
    assert "--replace" in with_people
    assert "stop the site" in in_use
    assert broken.startswith("refused: ") or "\nrefused: " in broken
