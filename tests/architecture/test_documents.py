"""Documents that would go stale by themselves are compared with the code."""

import ast
import re
import subprocess
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from programs.engine.document import CONSTANT_BOUNDS
from programs.engine.programme import Constants
from programs.engine.redflags import RED_FLAGS
from programs.engine.rules import RULES
from programs.engine.values import Outcome, Refer

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
INVARIANTS = [f"INV-{number:02}" for number in range(1, 23)]
TEST_NAME = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
#: How the index of decisions writes the name of the next one.
PLACEHOLDER = "00NN-short-name.md"
#: Words that every document and every name in the code shares.
TERMS = (
    "runner",
    "clinician",
    "caseload",
    "consent",
    "programme template",
    "programme version",
    "stage",
    "stage-day",
    "prescription",
    "criterion",
    "enrolment",
    "diary entry",
    "check-in",
    "session",
    "planned session",
    "comfortable session",
    "NPRS",
    "flare",
    "red flag",
    "snapshot",
    "decision",
    "rule",
    "day close",
    "outlook",
    "override",
    "ledger",
    "message owed",
    "delivery",
    "easy days",
    "set aside",
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


@cache
def functions_of(path: str) -> frozenset[str]:
    """Return the names of the test functions of a file, none where there is no such file."""
    if not (ROOT / path).is_file():
        return frozenset()
    tree = ast.parse(text_of(path))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing_tests(text: str) -> list[str]:
    return [f"{path}::{name}" for path, name in TEST_NAME.findall(text) if name not in functions_of(path)]


def table_row(text: str, first_cell: str) -> list[str]:
    """Return the cells of the row of a Markdown table that begins with this one."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] == first_cell:
            return cells
    return []


# --- the engine ----------------------------------------------------------------------------------
def test_every_rule_stands_in_its_place_with_outcome_level_grade_and_source():
    text = text_of("docs/engine.md")
    for number, rule in enumerate(RULES, start=1):
        level = f"`{rule.refer}`"
        if rule.outcome is Outcome.PAUSE_AND_REFER and rule.refer is Refer.NONE:
            level = "as set"
        _, code, condition, *rest = table_row(text, str(number))
        assert code == f"`{rule.code}`"
        assert condition
        assert rest == [f"`{rule.outcome}`", level, f"`{rule.grade}`", rule.source], rule.code


def test_every_constant_has_its_default_and_bounds():
    text = text_of("docs/engine.md")
    for constant in fields(Constants):
        low, high = CONSTANT_BOUNDS[constant.name]
        cells = table_row(text, f"`{constant.name}`")
        assert cells[1:3] == [str(constant.default), f"{low}–{high}"], constant.name


def test_every_red_flag_stands_at_its_level():
    text = text_of("docs/engine.md")
    for level in (Refer.EMERGENCY, Refer.URGENT):
        listed = re.findall(r"`(\w+)`", table_row(text, level)[1])
        assert listed == [flag.code for flag in RED_FLAGS.values() if flag.level is level]


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_every_invariant_names_tests_that_exist(invariant):
    cells = table_row(text_of("docs/engine.md"), invariant)
    assert TEST_NAME.search(cells[2])
    assert not missing_tests(cells[2])


# --- the other documents -------------------------------------------------------------------------
def test_every_term_is_explained():
    text = text_of("docs/glossary.md")
    assert not [term for term in TERMS if len(table_row(text, term)) != 3]


def test_every_constraint_stands_in_the_data_model():
    text = text_of("docs/architecture.md")
    models = [model for app in ("accounts", "programs") for model in apps.get_app_config(app).get_models()]
    names = {constraint.name for model in models for constraint in model._meta.constraints}
    assert not sorted(name for name in names if f"`{name}`" not in text)
    assert not [model._meta.db_table for model in models if not table_row(text, f"`{model._meta.db_table}`")]


def hazards() -> dict[str, str]:
    """Hazard id -> its part of the log."""
    parts = re.split(r"^### (H-\d\d) ", text_of("docs/safety.md"), flags=re.MULTILINE)[1:]
    assert len(set(parts[::2])) == len(parts[::2]), "a hazard is numbered twice"
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_hazard_has_cause_harm_control_and_tests_that_exist():
    log = hazards()
    assert list(log) == [f"H-{number:02}" for number in range(1, len(log) + 1)]
    for hazard, text in log.items():
        for part in ("Cause", "Harm", "Control", "Evidence"):
            assert f"- **{part}:** " in text, f"{hazard} has no {part.lower()}"
        evidence = text.partition("**Evidence:**")[2]
        assert TEST_NAME.search(evidence), f"{hazard} has no test"
        assert not missing_tests(evidence), hazard


def test_every_test_that_a_document_names_exists():
    for path in sorted(DOCS.rglob("*.md")):
        assert not missing_tests(path.read_text()), path.name


def test_every_adr_is_in_the_index():
    index = text_of("docs/adr/README.md")
    records = sorted(path.name for path in (DOCS / "adr").glob("0*.md"))
    assert records == sorted(re.findall(r"\]\((0[\w-]+\.md)\)", index))


def test_readme_names_every_make_target():
    targets = re.findall(r"^([a-z]+):.*##", text_of("Makefile"), flags=re.MULTILINE)
    assert {"run", "test"} <= set(targets)
    readme = text_of("README.md")
    assert not [target for target in targets if f"`make {target}`" not in readme]


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def test_links_between_documents_lead_somewhere():
    link = re.compile(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"")
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents()
        for target in ("".join(found) for found in link.findall(path.read_text()))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not broken


def tracked() -> list[str]:
    """Return the names of the files of the repository, or skip where this is not one."""
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("not a git checkout")
    return [name for name in run.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_module_and_no_document_names_a_file_that_a_clone_lacks():
    """A comment that points to somebody's notes helps nobody who has only the repository.

    Every document, and in documents every module too, by name or by the end of its path.
    """
    names = tracked()
    known = {name[cut:] for name in names for cut in ends_of(name)}
    document, module = r"(?<![\w/.:-])(?:[\w-]+/)*[\w-]+\.md\b", r"(?<![\w/.*-])(?:[\w-]+/)*[\w-]+\.py\b"
    lost = []
    for name in names:
        suffix = Path(name).suffix
        if suffix not in (".py", ".md") or name == str(Path(__file__).relative_to(ROOT)):
            continue
        pattern = document if suffix == ".py" else f"{document}|{module}"
        found = set(re.findall(pattern, text_of(name))) - {PLACEHOLDER}
        lost += [f"{name}: {target}" for target in sorted(found) if target not in known]
    assert not lost


def ends_of(name: str) -> list[int]:
    """Return where a path may be cut: at its beginning and after every slash."""
    return [0, *(place + 1 for place, letter in enumerate(name) if letter == "/")]


def test_no_file_speaks_of_one_machine():
    """No absolute path of a home or work folder, and no host from which packages came."""
    folders = "|".join(("work", "root", "home"))
    hosts = "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "dev" + "pi"))
    pattern = re.compile(rf"(?<![\w.])/({folders})/|{hosts}", re.IGNORECASE)
    found = []
    for name in tracked():
        path = ROOT / name
        if "static/vendor" in name:
            continue
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert not found
