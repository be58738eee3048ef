"""A bare clone starts; an unsafe installation does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rehab import checks

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "DEBUG": "0",
    "SECRET_KEY": "k7Qw-Zr_" * 7,
    "SITE_URL": "https://rehab.example",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DATABASE_URL": "postgres://rehab@127.0.0.1:1/rehab",
}


def manage(*arguments: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py in a clean environment, as a person would."""
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "REHAB_VAR_DIR": str(tmp_path),
        "REHAB_ENV_FILE": os.devnull,
    } | environment
    command = [sys.executable, ROOT / "manage.py", *arguments]
    return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)


def test_a_bare_clone_passes_the_checks(tmp_path):
    run = manage("check", tmp_path=tmp_path)
    assert run.returncode == 0, run.stderr


def test_safe_production_passes_djangos_deploy_check(tmp_path):
    run = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **SAFE)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        ({"SECRET_KEY": ""}, "rehab.E001"),
        ({"SECRET_KEY": "short"}, "rehab.E001"),
        ({"ALLOWED_HOSTS": "*"}, "rehab.E002"),
        ({"ALLOWED_HOSTS": "rehab.example,*.example"}, "rehab.E002"),
        ({"SITE_URL": "http://rehab.example"}, "rehab.E003"),
    ],
)
def test_unsafe_production_does_not_start(tmp_path, change, identity):
    run = manage("check", tmp_path=tmp_path, **SAFE | change)
    assert run.returncode != 0
    assert identity in run.stderr


def test_the_web_server_refuses_by_itself(tmp_path):
    """gunicorn runs no system checks, so the entry point does."""
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "REHAB_VAR_DIR": str(tmp_path),
        "REHAB_ENV_FILE": os.devnull,
        "DEBUG": "0",
    }
    command = [sys.executable, "-c", "import rehab.wsgi"]
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "ImproperlyConfigured" in run.stderr


def identities(settings, **changes) -> set[str]:
    for name, value in {"DEBUG": False, "SECRET_KEY": SAFE["SECRET_KEY"]}.items():
        setattr(settings, name, value)
    settings.SITE_URL, settings.ALLOWED_HOSTS = SAFE["SITE_URL"], ["rehab.example"]
    for name, value in changes.items():
        setattr(settings, name, value)
    return {message.id for message in checks.unsafe_settings()}


def test_a_broker_in_memory_is_a_warning_only(settings):
    assert "rehab.W001" in identities(settings, REDIS_URL="")
    checks.refuse_unsafe_settings()


def test_the_demonstration_in_production_is_a_warning(settings):
    assert "rehab.W002" in identities(settings, DEMO=True)


def test_an_error_refuses_with_its_hint(settings):
    identities(settings, ALLOWED_HOSTS=["*"])
    with pytest.raises(ImproperlyConfigured, match="Name the hosts"):
        checks.refuse_unsafe_settings()


def test_everything_follows_from_the_site_url(tmp_path):
    names = ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME"]
    code = "from rehab import settings; import json; print(json.dumps(["
    code += f"getattr(settings, name) for name in {names}]))"
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "REHAB_VAR_DIR": str(tmp_path),
        "REHAB_ENV_FILE": os.devnull,
    } | SAFE
    run = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    expected = [["rehab.example"], ["https://rehab.example"], True, "__Host-sessionid"]
    assert json.loads(run.stdout) == expected
