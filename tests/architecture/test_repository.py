"""What a clone must and must not hold."""

import re
import subprocess
from pathlib import Path

import pytest

from rehab import settings as real_settings

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".html", ".css", ".js", ".sh", ".toml", ".txt", ".yaml", ".yml", ".example", ""}


def tracked() -> list[Path]:
    """Return the files of the repository, or skip where this is not one."""
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in run.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_requirement_is_pinned_and_says_what_it_is_for():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.strip()]
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert not [line for line in pins if not re.match(r"[A-Za-z0-9_.\[\]-]+==\S+\s+# \S", line)]


def test_no_file_is_there_that_running_makes():
    made = re.compile(r"(\.sqlite3|\.pyc|celerybeat-schedule.*|\.coverage)$|(^|/)(var|\.venv|__pycache__)/")
    assert not [path for path in tracked() if made.search(str(path.relative_to(ROOT)))]


def test_templates_hold_no_inline_script_or_style():
    """The Content-Security-Policy would block them, in the browser and unseen by unit tests."""
    inline = re.compile(
        r"<script(?![^>]*\b(src=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
    )
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    assert not [str(path.relative_to(ROOT)) for path in pages if inline.search(path.read_text())]


def test_every_environment_variable_is_documented():
    readers = re.compile(r'env\.(text|secret|flag|number|words|database|choice|web_address)\(\s*"([A-Z_]+)"')
    sources = Path(real_settings.__file__).parent.glob("*.py")
    found = [match for path in sources for match in readers.findall(path.read_text())]
    names = {name for _reader, name in found} | {"DATABASE_URL", "DATABASE_URL_FILE"}
    names |= {f"{name}_FILE" for reader, name in found if reader in ("secret", "web_address")}
    for document in (".env.example", "docs/operations.md"):
        text = (ROOT / document).read_text()
        assert not sorted(name for name in names if name not in text), document
