"""Breaks the engine on purpose, one place at a time, and sees whether a test fails.

    .venv/bin/python scripts/mutate_engine.py [--only MODULE ...] [--name TEXT] [--list]

A mutant is one small change of the source: a limit moved by one, >= made >,
a condition dropped, two rows of the table swapped, and so on. Each runs in a
child process of its own, in memory: no file is changed. A mutant that no test
notices is printed and makes the exit status 1, unless it stands in SAME with
the reason why it behaves as the original does. One process at a time; about
a quarter of an hour for the whole engine.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "programs" / "engine"
TESTS = ROOT / "tests" / "unit" / "engine"
MODULES = (
    "conditions",
    "facts",
    "rules",
    "decide",
    "transition",
    "entry",
    "programme",
    "values",
    "redflags",
    "reasons",
    "criteria",
    "plan",
    "records",
    "simulate",
    "calendar",
    "once",
)
#: The test files that look at a module most closely run first; then all others.
FIRST = {
    "entry": ("entry",),
    "programme": ("programme", "rule_limits"),
    "values": ("entry", "transition"),
    "redflags": ("redflags",),
    "reasons": ("reasons",),
    "criteria": ("criteria",),
    "plan": ("plan",),
    "records": ("records",),
    "simulate": ("simulate",),
    "calendar": ("calendar",),
    "transition": ("transition",),
    "decide": ("transition",),
    "rules": ("rule_order",),
}
ALL = (
    "rule_limits",
    "rule_order",
    "transition",
    "reasons",
    "criteria",
    "plan",
    "simulate",
    "records",
    "entry",
    "programme",
    "redflags",
    "calendar",
    "scenarios",
    "properties",
)
#: A mutant that loops for ever ends here, and counts as caught.
CPU_SECONDS = 40
#: Mutants that behave as the original does: name -> why.
SAME: dict[str, str] = {
    "conditions.not_better: one more `gained * 100`": "no two whole scores 0-10 lie between the limits",
    "decide.decide: if always `row.outcome is Outcome.PAUSE_AND_REFER`": "an open level always pauses",
    "transition.after: one more `written_on or 0`": "lower than any day",
    "transition.after: one less `written_on or 0`": "lower than any day",
    "simulate.with_events: one more `state.hold.until if state.hold else 0`": "lower than any day",
    "simulate.with_events: one less `state.hold.until if state.hold else 0`": "lower than any day",
    "reasons.mean_of_three: one less `total * 20 + 3`": "the rest of 20n by 6 is even",
    "reasons.mean_of_three: one less `tenths // 10`": "a mean of 9 or 10 pauses before",
    "values.worse_refer: flip `REFER_RANK[first] >= REFER_RANK[second]`": "equal ranks are equal levels",
    "reasons._given: if always `row.refer in (Refer.URGENT, Refer.EMERGENCY)`": "no code has another level",
    "reasons._given: if always `flag is not None`": "other texts name no flag",
    "reasons._given: if always `row.outcome in (Outcome.ADVANCE, Outcome.STEP_BACK)`": "no other text has it",
    "calendar._first_minute_with: one more `(0, int((late - early).total_seconds() // 60))`": "never 0",
    "calendar._first_minute_with: one less `(0, int((late - early).total_seconds() // 60))`": "never 0",
    "calendar._first_minute_with: arithmetic `(late - early).total_seconds() // 60`": "only a wider search",
    "calendar._first_minute_with: one less `(late - early).total_seconds() // 60`": "only a wider search",
    "calendar._first_minute_with: flip `wall > naive`": "a gap holds no such wall time",
}


@dataclass(frozen=True)
class Mutant:
    """One change: ``change`` alters the parsed module in place."""

    module: str
    line: int
    name: str
    change: Callable[[ast.Module], None]


# --- what can be changed in a node -----------------------------------------------------------
Edit = tuple[str, Callable[[ast.AST], None]]
FLIPPED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
ATTRIBUTES = {
    "during": "after",
    "after": "during",
    "morning": "rest",
    "rest": "morning",
    "today": "yesterday",
    "yesterday": "today",
    "stage_before": "stage_after",
    "stage_after": "stage_before",
    "entered": "started",
    "baseline": "intake",
    "ADVANCE": "HOLD",
    "STEP_BACK": "HOLD",
    "PAUSE_AND_REFER": "HOLD",
    "NONE": "ROUTINE",
    "URGENT": "EMERGENCY",
    "EMERGENCY": "URGENT",
    "BELOW_KNEE": "ABOVE_KNEE",
    "DONE": "PARTIAL",
    "STOPPED_PAIN": "PARTIAL",
    "PARTIAL": "SKIPPED",
    "SKIPPED": "SKIPPED_PAIN",
    "RESOLVED": "PERSISTED",
    "PERSISTED": "RESOLVED",
    "RESOLVED_RETURNED": "RESOLVED",
    "ALTERNATE": "DAILY",
    "FINAL": "DAILY",
    "REST": "DAILY",
    "MET": "NOT_MET",
    "NOT_MET": "MET",
    "NO_DATA": "NOT_MET",
}
ROW = {
    "_advance": "_hold",
    "_hold": "_advance",
    "_back": "_hold",
    "_pause": "_hold",
    "_none": "_routine",
    "_routine": "_none",
    "_urgent": "_routine",
    "_emergency": "_urgent",
}


def put(field: str, value: object) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, value)


def put_item(field: str, place: int, value: object) -> Callable[[ast.AST], None]:
    return lambda node: getattr(node, field).__setitem__(place, value)


def drop_item(field: str, place: int) -> Callable[[ast.AST], None]:
    return lambda node: getattr(node, field).pop(place)


def swap_items(field: str, place: int) -> Callable[[ast.AST], None]:
    def swap(node: ast.AST) -> None:
        items = getattr(node, field)
        items[place], items[place + 1] = items[place + 1], items[place]

    return swap


def negate(field: str) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, ast.UnaryOp(ast.Not(), getattr(node, field)))


def compare_edits(node: ast.Compare) -> Iterator[Edit]:
    for place, op in enumerate(node.ops):
        if type(op) in FLIPPED:
            yield "flip", put_item("ops", place, FLIPPED[type(op)]())


def bool_edits(node: ast.BoolOp) -> Iterator[Edit]:
    yield "and/or", put("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        yield f"without part {place + 1}", drop_item("values", place)


def unary_edits(node: ast.UnaryOp) -> Iterator[Edit]:
    if isinstance(node.op, ast.Not):
        yield "without not", negate("operand")
    elif isinstance(node.op, ast.USub):
        yield "without minus", put("op", ast.UAdd())


def binary_edits(node: ast.BinOp) -> Iterator[Edit]:
    if type(node.op) in ARITHMETIC:
        yield "arithmetic", put("op", ARITHMETIC[type(node.op)]())


def constant_edits(node: ast.Constant) -> Iterator[Edit]:
    if isinstance(node.value, bool):
        yield "turned", put("value", not node.value)
    elif isinstance(node.value, int):
        yield "one more", put("value", node.value + 1)
        yield "one less", put("value", node.value - 1)


def name_edits(node: ast.Name) -> Iterator[Edit]:
    for other in (NAMES.get(node.id), ROW.get(node.id)):
        if other and isinstance(node.ctx, ast.Load):
            yield f"{other}", put("id", other)


def attribute_edits(node: ast.Attribute) -> Iterator[Edit]:
    if node.attr in ATTRIBUTES:
        yield ATTRIBUTES[node.attr], put("attr", ATTRIBUTES[node.attr])


def if_edits(node: ast.If | ast.IfExp) -> Iterator[Edit]:
    yield "if always", put("test", ast.Constant(True))
    yield "if never", put("test", ast.Constant(False))


def call_edits(node: ast.Call) -> Iterator[Edit]:
    if isinstance(node.func, ast.Name) and node.func.id == "replace":
        for place, keyword in enumerate(node.keywords):
            yield f"without {keyword.arg}", drop_item("keywords", place)


def row_name(row: ast.expr) -> str:
    """D5E_LIMP, or the guard and first code of a section."""
    if isinstance(row.args[0], ast.Constant):
        return row.args[0].value
    return f"section of {row.args[1].elts[0].args[0].value}"


def tuple_edits(node: ast.Tuple) -> Iterator[Edit]:
    """Rows and sections of the decision table."""
    rows = [
        row
        for row in node.elts
        if isinstance(row, ast.Call) and getattr(row.func, "id", "") in ("Rule", "Section")
    ]
    if not rows or len(rows) != len(node.elts):
        return
    for place, row in enumerate(rows):
        yield f"row {row_name(row)} removed", drop_item("elts", place)
        if place + 1 < len(rows):
            yield f"rows {row_name(row)} and {row_name(rows[place + 1])} swapped", swap_items("elts", place)


EDITS: dict[type, Callable[[ast.AST], Iterator[Edit]]] = {
    ast.Compare: compare_edits,
    ast.BoolOp: bool_edits,
    ast.UnaryOp: unary_edits,
    ast.BinOp: binary_edits,
    ast.Constant: constant_edits,
    ast.Name: name_edits,
    ast.Attribute: attribute_edits,
    ast.If: if_edits,
    ast.IfExp: if_edits,
    ast.Call: call_edits,
    ast.Tuple: tuple_edits,
}


# --- all mutants of a module ---------------------------------------------------------------------
def _changes_nothing(parent: ast.AST, field: str) -> bool:
    """Annotations, decorators, field() of dataclasses and defaults of exceptions decide nothing."""
    if field in ("annotation", "returns", "decorator_list"):
        return True
    return isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "field"


Path_ = tuple[tuple[str, int | None], ...]


def nodes(node: ast.AST, path: Path_ = (), owner: str = "") -> Iterator[tuple[ast.AST, Path_, str]]:
    """Every node that decides something, with the way to it and the function it stands in."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        owner = f"{owner}.{node.name}" if owner else node.name
    yield node, path, owner
    for field, value in ast.iter_fields(node):
        if _changes_nothing(node, field):
            continue
        for place, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):
                step = (field, place if isinstance(value, list) else None)
                yield from nodes(child, (*path, step), owner)


def at(tree: ast.AST, path: Path_) -> ast.AST:
    for field, place in path:
        tree = getattr(tree, field) if place is None else getattr(tree, field)[place]
    return tree


@cache
def source_of(module: str) -> str:
    """Read once: places of mutants stay right while somebody edits."""
    return (ENGINE / f"{module}.py").read_text()


def mutants_of(module: str) -> Iterator[Mutant]:
    tree = ast.parse(source_of(module))
    seen: Counter[str] = Counter()
    for node, path, owner in nodes(tree):
        for what, edit in EDITS.get(type(node), lambda _node: ())(node):
            shown = "" if isinstance(node, ast.Tuple) else f" `{ast.unparse(_shown(tree, path))[:90]}`"
            name = f"{module}.{owner or 'module'}: {what}{shown}"
            seen[name] += 1
            if seen[name] > 1:
                name += f" #{seen[name]}"
            yield Mutant(module, node.lineno, name, lambda tree, path=path, edit=edit: edit(at(tree, path)))


def _shown(tree: ast.AST, path: Path_) -> ast.AST:
    """A number or a name alone says little: show the expression round it."""
    node = at(tree, path)
    small = isinstance(node, ast.Constant | ast.Name | ast.Attribute)
    around = at(tree, path[:-1]) if small and path else node
    if isinstance(node, ast.If | ast.IfExp):
        return node.test
    return around if isinstance(around, ast.expr | ast.keyword) else node


# --- one mutant in a child process ------------------------------------------------------------------
class Broken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the one module from its changed tree."""

    def __init__(self, module: str, tree: ast.Module):
        self.name = f"programs.engine.{module}"
        self.path = str(ENGINE / f"{module}.py")
        self.tree = tree

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self, origin=self.path) if name == self.name else None

    def exec_module(self, module):
        exec(compile(self.tree, self.path, "exec"), module.__dict__)  # noqa: S102 - our own source


def files_for(module: str) -> list[str]:
    order = dict.fromkeys((*FIRST.get(module, ()), *ALL))
    return [str(TESTS / f"test_{name}.py") for name in order]


def run_tests(module: str) -> bool:
    """All engine tests, the closest first; False at the first failure."""
    options = ["-x", "-q", "-c", os.devnull, f"--rootdir={ROOT}", "--noconftest", "--tb=no"]
    plugins = ["--assert=plain", "-p", "no:django", "-p", "no:cacheprovider"]
    return all(pytest.main([*options, *plugins, path]) == 0 for path in files_for(module))


def survives(mutant: Mutant | None) -> bool:
    """Run the tests on the mutant (None: on the engine as it is) in a child process."""
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        try:
            if mutant:
                tree = ast.parse(source_of(mutant.module))
                mutant.change(tree)
                sys.meta_path.insert(0, Broken(mutant.module, ast.fix_missing_locations(tree)))
            os._exit(0 if run_tests(mutant.module if mutant else "") else 1)
        except BaseException:
            os._exit(2)
    _pid, status = os.waitpid(child, 0)
    return status == 0


def judge(mutants: list[Mutant]) -> int:
    """Run every mutant; report; return how many unexpected ones survived."""
    results: Counter[str] = Counter()
    lived, begin = [], time.monotonic()
    for number, mutant in enumerate(mutants, start=1):
        if mutant.name in SAME:
            results["equivalent"] += 1
            continue
        alive = survives(mutant)
        results["survived" if alive else "caught"] += 1
        if alive:
            lived.append(mutant)
            print(f"SURVIVED {mutant.module}.py:{mutant.line} {mutant.name}", flush=True)
        if number % 50 == 0:
            print(
                f"{number} of {len(mutants)}, {time.monotonic() - begin:.0f} s: {dict(results)}", flush=True
            )
    minutes = (time.monotonic() - begin) / 60
    print(
        f"{len(mutants)} mutants in {minutes:.1f} min: {results['caught']} caught, "
        f"{results['equivalent']} equivalent, {results['survived']} survived"
    )
    return len(lived)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=MODULES, default=MODULES)
    parser.add_argument("--name", default="", help="only mutants whose name holds this")
    parser.add_argument("--list", action="store_true", help="name the mutants and run nothing")
    asked = parser.parse_args()
    mutants = [mutant for module in asked.only for mutant in mutants_of(module) if asked.name in mutant.name]
    if asked.list:
        for mutant in mutants:
            print(f"{mutant.module}.py:{mutant.line} {mutant.name}")
        print(len(mutants))
        return 0
    if not survives(None):
        print("The tests fail on the engine as it is; repair that first.")
        return 2
    return 1 if judge(mutants) else 0


os.chdir(ROOT)
sys.path.insert(0, str(ROOT))
sys.dont_write_bytecode = True
os.environ["ENGINE_EXAMPLES"] = os.environ.get("ENGINE_EXAMPLES", "60")

# Loaded once here, so that no child pays for it; the engine itself is loaded in each child.
import hypothesis  # noqa: E402, F401
import hypothesis.strategies  # noqa: E402, F401
import pytest  # noqa: E402
import yaml  # noqa: E402, F401

if __name__ == "__main__":
    sys.exit(main())
