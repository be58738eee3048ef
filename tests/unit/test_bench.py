"""`make bench`: figures as lines of JSON, one table, a status; with programs that take no time."""

import contextlib
import io
import json
from pathlib import Path

import pytest

from scripts import bench, prepared

#: Says when it gets ready and measures, in a file that all of them share.
TURNS = """
import sys, time
sys.path.insert(0, {root!r})
from scripts.prepared import wait_for_turn

def say(words):
    with open({file!r}, "a") as file:
        file.write(words + "\\n")

say("{name} begins")
time.sleep(0.2)
print("set up")
wait_for_turn()
wait_for_turn()
say("{name} measures")
time.sleep(0.05)
say("{name} has measured")
"""
FIGURES = 'import json\nprint(json.dumps({"name": "one worker", "value": 15000.5, "unit": "a second"}))\n'
WORDS = "import sys\nprint('told', sys.argv[1:])\nsys.exit(1)\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "day_close.py").write_text(FIGURES)
    (tmp_path / "engine.py").write_text(WORDS)
    return tmp_path


@pytest.fixture(autouse=True)
def no_tables(monkeypatch) -> list[str]:
    """Which programs tables would have been made for."""
    asked_for: list[str] = []

    @contextlib.contextmanager
    def tables_for(programs):
        asked_for.extend(one.stem for one in programs)
        yield

    monkeypatch.setattr(bench, "tables_for", tables_for)
    return asked_for


def measured(folder: Path, *words: str) -> tuple[int, list[dict]]:
    file = folder / "out" / "lines.jsonl"
    status = bench.main([*words, "--json", str(file)], folder=folder)
    return status, [json.loads(line) for line in file.read_text().splitlines()]


def test_figures_are_kept_with_the_name_of_their_program_and_all_are_in_one_table(folder, capsys):
    status, lines = measured(folder)
    assert status == 1
    assert {"program": "day_close", "name": "one worker", "value": 15000.5, "unit": "a second"} in lines
    assert {"program": "engine", "said": "told ['10000']"} in lines
    ended = {line["program"]: (line["held"], line["options"]) for line in lines if "held" in line}
    assert ended == {"day_close": (True, ["--sizes", "10000"]), "engine": (False, ["10000"])}
    shown = capsys.readouterr().out
    assert "one worker  value 15,000.5  unit a second" in shown
    assert "engine     NOT HELD" in shown and "day_close  held" in shown


def test_the_full_form_tells_each_to_take_its_time(folder):
    _, lines = measured(folder, "--full")
    ended = {line["program"]: line["options"] for line in lines if "held" in line}
    assert ended == {"day_close": ["--full"], "engine": []}


def test_one_by_name_and_none_that_does_not_exist(folder):
    status, lines = measured(folder, "day_close")
    assert status == 0 and {line["program"] for line in lines} == {"day_close"}
    with pytest.raises(SystemExit):
        measured(folder, "nothing")


def test_all_get_ready_first_and_then_measure_one_by_one(tmp_path, no_tables):
    noted = tmp_path / "noted"
    for name in ("caseload", "day_close", "pages_wrk"):
        words = TURNS.format(root=str(bench.ROOT), file=str(noted), name=name)
        (tmp_path / f"{name}.py").write_text(words)
    status, lines = measured(tmp_path)
    assert status == 0 and no_tables == ["caseload", "day_close", "pages_wrk"]
    happened = noted.read_text().splitlines()
    assert {line.partition(" ")[2] for line in happened[:3]} == {"begins"}
    assert happened[3:] == [
        *("caseload measures", "caseload has measured"),
        *("day_close measures", "day_close has measured"),
        *("pages_wrk measures", "pages_wrk has measured"),
    ]
    assert [line["said"] for line in lines if "said" in line] == ["set up"] * 3


def test_one_that_fails_while_it_gets_ready_is_not_held_and_keeps_nobody_waiting(tmp_path):
    (tmp_path / "caseload.py").write_text(WORDS)
    (tmp_path / "day_close.py").write_text(FIGURES)
    status, lines = measured(tmp_path)
    held = {line["program"]: line["held"] for line in lines if "held" in line}
    assert status == 1 and held == {"caseload": False, "day_close": True}


def test_what_takes_long_is_in_the_full_form_and_by_name(tmp_path):
    (tmp_path / "player.py").write_text(FIGURES)
    for words, there in (((), False), (("player",), True), (("--full",), True)):
        _, lines = measured(tmp_path, *words)
        assert ("player" in {line["program"] for line in lines}) is there


def test_a_program_that_is_started_alone_waits_for_nobody(monkeypatch, capsys):
    monkeypatch.delenv(prepared.TURNS, raising=False)
    prepared.wait_for_turn()
    assert capsys.readouterr().out == ""


def test_a_program_whose_caller_has_gone_measures_nothing(monkeypatch):
    monkeypatch.setenv(prepared.TURNS, "1")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(SystemExit):
        prepared.wait_for_turn()


def test_what_is_told_is_told_to_programs_that_are_there():
    there = {program.stem for program in bench.FOLDER.glob("*.py")}
    named = bench.QUICK.keys() | bench.FULL.keys() | bench.LONG | bench.NEEDS_TABLES
    assert named | bench.BESIDE_EACH_OTHER | bench.TAKES_TURNS <= there
    assert not bench.TAKES_TURNS & bench.BESIDE_EACH_OTHER
