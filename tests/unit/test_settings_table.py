"""The one table of settings, compared both ways with what the code reads and with .env.example."""

import ast
import functools
import re
from pathlib import Path

import pytest

from rehab import mail_providers

ROOT = Path(__file__).resolve().parents[2]
READER = re.compile(r"env\.\w+")
#: They take NAME_FILE as well.
SECRET = ("env.secret", "env.web_address")
NAME = re.compile(r"`([A-Z][A-Z0-9_]+)`")
#: Read by loops over their names.
PROVIDERS = {
    f"ANYMAIL_{key}" for one in mail_providers.PROVIDERS.values() for key in (*one.needed, *one.may_be)
}
#: Stands for all of them in the table; the names are in a table of their own.
ONE_OF_THE_PROVIDERS = "ANYMAIL_BREVO_API_KEY"
LONGEST_DANGER = 140


@functools.cache
def readings() -> dict[str, ast.Call]:
    """Variable -> where it is read."""
    calls = [
        node
        for path in sorted((ROOT / "rehab").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and READER.fullmatch(ast.unparse(node.func)) and node.args
    ]
    return {call.args[0].value: call for call in calls if isinstance(call.args[0], ast.Constant)}


def names_read() -> set[str]:
    read = readings()
    files = {f"{name}_FILE" for name, call in read.items() if ast.unparse(call.func) in SECRET}
    return {*read, *files, "DATABASE_URL", "DATABASE_URL_FILE"}


def table() -> dict[str, list[str]]:
    """Variable -> its cells: variables, default, effect, danger."""
    text = (ROOT / "docs/operations.md").read_text()
    part = text.partition("| variable | default | effect | danger |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()[2:]]
    assert {len(row) for row in rows} == {4}, "a row has another number of cells"
    return {name: row for row in rows for name in NAME.findall(row[0])}


def test_the_table_has_what_is_read_and_nothing_else():
    assert set(table()) - {ONE_OF_THE_PROVIDERS} == names_read()
    assert ONE_OF_THE_PROVIDERS in PROVIDERS


def test_every_row_says_what_it_does_and_what_may_go_wrong():
    for name, (_, default, effect, danger) in table().items():
        assert default and effect and danger, name
        assert len(danger) <= LONGEST_DANGER, name


@pytest.mark.parametrize("name", sorted(readings()))
def test_the_default_is_the_one_of_the_code(name):
    node, cell = readings()[name], table()[name][1]
    default = next((word.value for word in node.keywords if word.arg == "default"), None)
    default = default or (node.args[1] if len(node.args) > 1 else None)
    if not isinstance(default, ast.Constant):
        # Worked out from another setting, or none: then it is said in words.
        assert cell
        return
    said = {True: "1", False: "0"}.get(default.value, str(default.value))
    assert f"`{said}`" in cell


def test_the_template_names_what_is_read_and_nothing_else():
    text = (ROOT / ".env.example").read_text()
    given = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    by_file = {name for name in names_read() if name.endswith("_FILE")} - {"REHAB_ENV_FILE"}
    assert given - PROVIDERS == names_read() - by_file
    assert not sorted(name for name in by_file if name not in text)


def test_what_readme_tells_of_exists():
    text = (ROOT / "README.md").read_text().partition("## Configuration")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = {name for cell in first_cells for name in NAME.findall(cell)}
    assert named
    assert named - names_read() - PROVIDERS == set()
