"""The arrows that must never be, held."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import OURS, ROOT, imports, modules, tree_of, where


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
        for line, name in imports(tree_of(path))
        if not name.startswith("programs.engine") and name.partition(".")[0] not in allowed
    ]
    assert not foreign


def test_the_engine_reads_no_clock_no_file_and_no_environment():
    """Pure: the same snapshot gives the same decision on any machine at any time."""
    forbidden = {"os", "io", "pathlib", "random", "socket", "subprocess", "time", "logging", "secrets"}
    impure = []
    for path in modules("programs/engine"):
        tree = tree_of(path)
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
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for line, name in imports(function)
    ]
    assert not hidden


def test_no_signals():
    """What a save causes is written in the service that saves."""
    users = [
        f"{where(path, line)} imports {name}"
        for path in modules("accounts", "programs")
        for line, name in imports(tree_of(path))
        if name.startswith("django.db.models.signals") or name == "django.dispatch"
    ]
    assert not users
