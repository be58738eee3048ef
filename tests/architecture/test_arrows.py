"""The arrows that must never be, held."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("accounts", "programs", "rehab")


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a tree imports; relative names begin with a dot."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from ((part.lineno, alias.name) for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            yield part.lineno, "." * part.level + (part.module or "")


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_import_linter_finds_every_contract_kept():
    """The contracts are in pyproject.toml; exhaustive, so that a new module must be given its layer."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_engine_imports_the_standard_library_and_itself_only():
    allowed = sys.stdlib_module_names | {"programs.engine"}
    foreign = [
        f"{where(path, line)} imports {name}"
        for path in modules("programs/engine")
        for line, name in imports(ast.parse(path.read_text()))
        if not name.startswith("programs.engine") and name.partition(".")[0] not in allowed
    ]
    assert not foreign


def test_the_engine_reads_no_clock_no_file_and_no_environment():
    """Pure: the same snapshot gives the same decision on any machine at any time."""
    forbidden = {"os", "io", "pathlib", "random", "socket", "subprocess", "time", "logging", "secrets"}
    impure = []
    for path in modules("programs/engine"):
        tree = ast.parse(path.read_text())
        impure += [
            f"{where(path, line)} imports {name}"
            for line, name in imports(tree)
            if name.partition(".")[0] in forbidden
        ]
        impure += [
            f"{where(path, node.lineno)} calls {node.func.attr}()"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("now", "today", "utcnow")
        ]
        impure += [
            f"{where(path, node.lineno)} calls {node.func.id}()"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print")
        ]
    assert not impure


def test_no_function_imports():
    """An import inside a function is an arrow that nobody sees."""
    hidden = [
        f"{where(path, line)} imports {name} inside {function.name}()"
        for path in modules(*OURS)
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for line, name in imports(function)
    ]
    assert not hidden


def test_the_clock_is_read_at_the_edge_only():
    """Services, selectors and models are given their now; so a test and a replay can give another."""
    readers = ("now", "today", "utcnow", "localdate", "localtime")
    inner = ("programs/services", "programs/selectors", "programs/models", "programs/library")
    calls = [
        f"{where(path, node.lineno)} calls {ast.unparse(node.func)}()"
        for path in modules(*inner)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in readers
        and not node.args
    ]
    assert not calls


def test_no_signals():
    """What a save causes is written in the service that saves."""
    users = [
        f"{where(path, line)} imports {name}"
        for path in modules("accounts", "programs")
        for line, name in imports(ast.parse(path.read_text()))
        if name.startswith("django.db.models.signals") or name == "django.dispatch"
    ]
    assert not users
