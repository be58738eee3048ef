"""`make bench`: figures as lines of JSON, one table, a status; with programs that take no time."""

import json
from pathlib import Path

import pytest

from scripts import bench

FIGURES = 'import json\nprint(json.dumps({"name": "one worker", "value": 15000.5, "unit": "a second"}))\n'
WORDS = "import sys\nprint('told', sys.argv[1:])\nsys.exit(1)\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "day_close.py").write_text(FIGURES)
    (tmp_path / "engine.py").write_text(WORDS)
    return tmp_path


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
    assert ended == {"day_close": (True, ["--sizes", "5000"]), "engine": (False, ["10000"])}
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


def test_what_is_told_is_told_to_programs_that_are_there():
    there = {program.stem for program in bench.FOLDER.glob("*.py")}
    assert bench.QUICK.keys() | bench.FULL.keys() | bench.BESIDE_EACH_OTHER <= there
