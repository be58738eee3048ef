"""A bare clone starts; an unsafe installation does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Tags
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
        ({"SECRET_KEY": "ab" * 40}, "rehab.E001"),
        ({"SECRET_KEY": "django-insecure-" + "k7Qw-Zr_" * 7}, "rehab.E001"),
        ({"ALLOWED_HOSTS": "*"}, "rehab.E002"),
        ({"ALLOWED_HOSTS": "rehab.example,*.example"}, "rehab.E002"),
        ({"ALLOWED_HOSTS": ".example"}, "rehab.E002"),
        ({"SITE_URL": "http://rehab.example"}, "rehab.E003"),
        ({"SITE_URL": ""}, "rehab.E003"),
        ({"DEBUG": "1"}, "rehab.E004"),
        ({"DEBUG": "1", "SITE_URL": "http://rehab.example"}, "rehab.E004"),
        ({"SITE_URL": "https://rehab.example/rehab"}, "rehab.E005"),
        ({"SITE_URL": "https://ann:secret@rehab.example"}, "rehab.E005"),
        ({"REHAB_TRUSTED_PROXIES": "0"}, "rehab.E006"),
        ({"DATABASE_URL": "postgres://rehab:password@127.0.0.1/rehab"}, "rehab.E007"),
        ({"EMAIL_HOST": "smtp.example", "EMAIL_HOST_USER": "ann", "EMAIL_USE_TLS": "0"}, "rehab.E008"),
        ({"REHAB_MAIL_PROVIDER": "pigeons"}, "rehab.E010"),
        ({"REHAB_MAIL_PROVIDER": "postmark"}, "rehab.E010"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else ",".join(f"{k}={v[:24]}" for k, v in value.items())
    ),
)
def test_unsafe_production_does_not_start(tmp_path, change, identity):
    """Of all checks only those of this kind: the others take three times as long, and a start runs all."""
    run = manage("check", "--tag", Tags.security, tmp_path=tmp_path, **SAFE | change)
    assert run.returncode != 0
    assert identity in run.stderr


def test_what_refuses_an_unsafe_start_is_among_all_checks(tmp_path):
    run = manage("check", tmp_path=tmp_path, **SAFE | {"SECRET_KEY": "short"})
    assert run.returncode != 0
    assert "rehab.E001" in run.stderr


def test_a_secret_in_a_file_is_as_good(tmp_path):
    file = tmp_path / "secret_key"
    file.write_text(SAFE["SECRET_KEY"] + "\n")
    change = {"SECRET_KEY": "", "SECRET_KEY_FILE": str(file)}
    run = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **SAFE | change)
    assert run.returncode == 0, run.stderr


def test_a_secret_file_that_is_missing_stops_the_start(tmp_path):
    change = {"SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "absent")}
    run = manage("check", tmp_path=tmp_path, **SAFE | change)
    assert run.returncode != 0
    assert "SECRET_KEY_FILE" in run.stderr


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
    safe = {
        "DEBUG": False,
        "SECRET_KEY": SAFE["SECRET_KEY"],
        "SITE_URL": SAFE["SITE_URL"],
        "ALLOWED_HOSTS": ["rehab.example"],
        "REHAB_TRUSTED_PROXIES": 1,
    }
    for name, value in (safe | changes).items():
        setattr(settings, name, value)
    return {message.id for message in checks.unsafe_settings()}


def visible_after(seconds: int) -> dict:
    return {"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": seconds}}


def test_a_task_that_is_handed_out_again_only_when_it_must_have_ended_is_no_warning(settings):
    assert "rehab.W008" not in identities(settings, REDIS_URL="redis://x", **visible_after(301))


@pytest.mark.parametrize(
    ("changes", "identity"),
    [
        ({"REDIS_URL": ""}, "rehab.W001"),
        ({"DEBUG": True, "SITE_URL": "http://127.0.0.1:8000", "REHAB_BIND": "0.0.0.0:8000"}, "rehab.W004"),
        ({"REHAB_BIND": "0.0.0.0:8000"}, "rehab.W005"),
        ({"EMAIL_HOST": "smtp.example", "EMAIL_USE_TLS": False}, "rehab.W006"),
        ({"REDIS_URL": "redis://x", **visible_after(300)}, "rehab.W008"),
    ],
)
def test_what_may_be_meant_is_a_warning_only(settings, changes, identity):
    assert identity in identities(settings, **changes)
    checks.refuse_unsafe_settings()


def test_the_demonstration_in_production_is_a_warning(settings):
    assert "rehab.W002" in identities(settings, DEMO=True)
    checks.refuse_unsafe_settings()


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_port_on_loopback_is_no_warning(settings, bind):
    assert not {"rehab.W004", "rehab.W005"} & identities(settings, REHAB_BIND=bind)


def test_files_that_everybody_can_read_are_a_warning(settings, tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY=x\n")
    monkeypatch.setenv("REHAB_ENV_FILE", str(file))
    file.chmod(0o644)
    assert "rehab.W007" in identities(settings, VAR_DIR=tmp_path / "absent")
    file.chmod(0o600)
    assert "rehab.W007" not in identities(settings, VAR_DIR=tmp_path / "absent")


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
