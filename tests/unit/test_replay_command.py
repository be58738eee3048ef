"""``manage.py replay`` as it is used: formats, files, standard input, exit status."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programs.library.loader import SHIPPED
from programs.library.parsing import read_yaml

ROOT = Path(__file__).resolve().parents[2]
DIARY = (
    "date,morning,rest,session,during,after,limp,red_flags,event\n"
    "2026-01-05,4,4,,,,,,\n"
    "2026-01-06,4,4,done,7,3,true,,\n"
    "2026-01-08,4,4,,,,,NEW_CODE,\n"
)
FIELDS = ["date", "day", "decision", "rule", "refer", "stage_before", "stage", "reason"]
TRACKER = "name,startday,startmonth,startyear,intensity\nKnee Pain,5,1,2026,2.5\nKnee Pain,5,1,2026,2\n"


@pytest.fixture
def diary(tmp_path) -> Path:
    path = tmp_path / "diary.csv"
    path.write_text(DIARY)
    return path


def run(path: Path | str, *options: str) -> str:
    out = io.StringIO()
    call_command("replay", str(path), *options, stdout=out)
    return out.getvalue()


def refused(path: Path | str, *options: str) -> str:
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("replay", str(path), *options, stdout=out)
    assert error.value.returncode == 2
    assert out.getvalue() == ""
    return str(error.value)


# --- formats -------------------------------------------------------------------------
def test_json_is_a_list_with_one_object_a_day(diary):
    days = json.loads(run(diary, "--format", "json"))
    assert [list(day) for day in days] == [FIELDS] * 4
    assert [day["day"] for day in days] == [1, 2, 3, 4]
    assert days[0] == {
        "date": "2026-01-05",
        "day": 1,
        "decision": "advance",
        "rule": "D9B_S0_EASED",
        "refer": "none",
        "stage_before": "S0_relative_rest",
        "stage": "S1_walking",
        "reason": "Pain has eased enough. Tomorrow you start gentle walking.",
    }
    assert [(day["decision"], day["rule"], day["refer"]) for day in days[1:]] == [
        ("hold", "D5Z_FLOOR", "routine"),
        ("hold", "D8A_NO_LOG", "none"),
        ("pause_and_refer", "D2_URGENT", "urgent"),
    ]


def test_csv_says_the_same_as_json(diary):
    table = list(csv.DictReader(io.StringIO(run(diary, "--format", "csv"))))
    assert [{**row, "day": int(row["day"])} for row in table] == json.loads(run(diary, "--format", "json"))


def test_the_table_has_one_line_a_day_with_the_reason(diary):
    lines = run(diary).splitlines()
    days = [line for line in lines if line.startswith("2026-01-")]
    assert [line.split()[0] for line in days] == ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]
    for line, reason in zip(
        days, (day["reason"] for day in json.loads(run(diary, "--format", "json"))), strict=True
    ):
        assert line.endswith(f"  {reason}")
    assert "4/4/–/–" in days[0]
    assert "S0_relative_rest → S1_walking" in days[0]
    assert "4/4/7/3" in days[1]
    assert "done, limp" in days[1]
    assert "= hold (routine)" in days[1]
    assert "no entry" in days[2]
    assert "■ pause and refer (urgent)" in days[3]


def test_the_table_says_what_it_is_and_counts(diary):
    text = run(diary, "--programme-day", "3", "--step-back", "2025-12-20")
    assert "lbp-acute-default (as shipped, version 1, content " in text
    assert "programme day 3, intake pain 4, baseline morning 4, earlier step-backs 2025-12-20" in text
    assert "Nothing here has been approved by a clinician." in text
    assert "Decisions: ▲ advance 1, = hold 2, ▼ step back 0, ■ pause and refer 1" in text
    assert "Days: 4, of which 1 without an entry." in text


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_report_says_how_many_scores_were_rounded(tmp_path, form, capsys):
    path = tmp_path / "tracker.csv"
    path.write_text(TRACKER)
    out = run(path, "--symptom", "Knee Pain", "--format", form)
    said = "1 of 2 scores had decimals and were rounded half up."
    assert (said in out) == (form == "table")
    assert (said in capsys.readouterr().err) == (form != "table")


# --- programmes --------------------------------------------------------------------------
@pytest.mark.parametrize("key", sorted(path.stem for path in (SHIPPED / "programmes").glob("*.yaml")))
def test_every_shipped_programme_replays_by_its_key(diary, key):
    days = json.loads(run(diary, "--programme", key, "--format", "json"))
    first = read_yaml(SHIPPED / "programmes" / f"{key}.yaml", key)["stages"][0]["key"]
    assert days[0]["stage_before"] == first


def test_a_programme_may_be_a_yaml_or_a_json_file(diary, tmp_path):
    shipped = SHIPPED / "programmes" / "lbp-chronic.yaml"
    copy = tmp_path / "mine.json"
    copy.write_text(json.dumps(read_yaml(shipped, shipped.name)))
    by_key = run(diary, "--programme", "lbp-chronic", "--format", "json")
    assert run(diary, "--programme", str(copy), "--format", "json") == by_key
    assert run(diary, "--programme", str(shipped), "--format", "json") == by_key
    assert "from mine.json, not published" in run(diary, "--programme", str(copy))


def test_a_programme_below_the_floor_is_refused_with_every_fault(diary, tmp_path):
    document = read_yaml(SHIPPED / "programmes" / "lbp-acute-default.yaml", "")
    document["stages"][1]["criteria"]["q"]["value"] = 6
    document["stages"][2]["criteria"]["min_days"]["value"] = 1
    path = tmp_path / "bold.json"
    path.write_text(json.dumps(document))
    message = refused(diary, "--programme", str(path))
    assert "stage S1_walking: criteria.q" in message
    assert "stage S2_core: criteria.min_days" in message


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", "{"), ("a.yaml", "a: [b"), ("a.yaml", "- 1"), ("a.json", "[]")]
)
def test_a_file_that_is_no_programme_is_refused(diary, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert "--programme" in refused(diary, "--programme", str(path))


# --- bad input ---------------------------------------------------------------------------
def test_bad_input_decides_nothing(diary):
    diary.write_text(DIARY + "2026-01-09,11,x,,,,,,\n")
    message = refused(diary)
    assert message.startswith("diary.csv: 2 faults, nothing was decided.\n")
    assert "line 5, column morning: '11'" in message
    assert "line 5, column rest: 'x'" in message


def test_a_diary_that_cannot_be_read(tmp_path):
    assert "No such file" in refused(tmp_path / "none.csv")
    assert "Is a directory" in refused(tmp_path)
    assert "cannot be read" in refused("a\0b")


def test_standard_input(monkeypatch, diary):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DIARY.encode())))
    assert run("-", "--format", "json") == run(diary, "--format", "json")


# --- as a process ------------------------------------------------------------------------
def process(*options: str, **more) -> subprocess.CompletedProcess:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "rehab.settings", **more.pop("env", {})}
    command = [sys.executable, "manage.py", "replay", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, **more)


def test_exit_status_and_streams(var_dir):
    env = {"REHAB_VAR_DIR": str(var_dir)}
    good = process("-", "--format", "json", input=DIARY.encode(), env=env)
    assert (good.returncode, good.stderr) == (0, b"")
    assert len(json.loads(good.stdout)) == 4
    bad = process("-", input=b"date,rest\n2026-01-05,11\n", env=env)
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert b"line 2, column rest: '11'" in bad.stderr
    assert b"Traceback" not in bad.stderr
    # On a fresh clone there is no database, and replay makes none.
    assert list(var_dir.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_error(var_dir):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "rehab.settings", "REHAB_VAR_DIR": str(var_dir)}
    long = "date,rest\n" + "".join(f"{year}-01-01,3\n" for year in range(2000, 2030))
    child = subprocess.Popen(
        [sys.executable, "manage.py", "replay", "-"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    child.stdout.close()
    child.stdin.write(long.encode())
    child.stdin.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 141
