"""What the settings of signing in are where people's data are, and what stops the start."""

import json

import pytest

from tests.unit.test_settings import SAFE, manage

ASK = "import json; from django.conf import settings; print(json.dumps([{}]))"


def asked(*names: str, tmp_path, **environment) -> list:
    wanted = ", ".join(f"settings.{name}" for name in names)
    run = manage("shell", "--no-imports", "-c", ASK.format(wanted), tmp_path=tmp_path, **environment)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("environment", "may"),
    [
        ({}, True),
        ({"SITE_URL": "http://localhost:8000"}, True),
        ({"SITE_URL": "https://localhost"}, False),
        ({"SITE_URL": "https://rehab.example"}, False),
        (SAFE, False),
    ],
)
def test_a_passkey_is_taken_over_plain_http_on_a_developers_own_machine_only(tmp_path, environment, may):
    environment = {"SECRET_KEY": SAFE["SECRET_KEY"]} | environment
    assert asked("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", tmp_path=tmp_path, **environment) == [may]


def test_nothing_signs_in_by_itself_and_no_code_goes_round_the_app(tmp_path):
    names = ("ACCOUNT_EMAIL_VERIFICATION", "MFA_PASSKEY_LOGIN_ENABLED", "ACCOUNT_REAUTHENTICATION_REQUIRED")
    assert asked(*names, tmp_path=tmp_path, **SAFE) == ["mandatory", True, True]
    asks = "a.LOGIN_ON_PASSWORD_RESET, a.LOGIN_BY_CODE_ENABLED, m.TRUST_ENABLED, m.TOTP_INSECURE_BYPASS_CODE"
    imports = "from allauth.account import app_settings as a; from allauth.mfa import app_settings as m; "
    run = manage("shell", "--no-imports", "-c", f"{imports}print({asks})", tmp_path=tmp_path, **SAFE)
    assert run.stdout.split() == ["False", "False", "False", "None"]


def test_the_key_of_second_factors_comes_from_the_environment_or_a_file(tmp_path):
    new, former = "n" * 32, "f" * 40
    keys = asked("REHAB_FIELD_KEYS", tmp_path=tmp_path, REHAB_FIELD_KEY=f"{new}, {former}")
    assert keys == [[new, former]]
    file = tmp_path / "field_key"
    file.write_text(f"{new}\n")
    assert asked("REHAB_FIELD_KEYS", tmp_path=tmp_path, REHAB_FIELD_KEY_FILE=str(file)) == [[new]]
    assert asked("REHAB_FIELD_KEYS", tmp_path=tmp_path) == [[]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REHAB_FIELD_KEY", "too short"),
        ("REHAB_FIELD_KEY", f"{'n' * 32},short"),
        ("REHAB_IDLE_MINUTES", "0"),
        ("REHAB_SESSION_HOURS", "1000"),
    ],
)
def test_a_setting_that_would_protect_nothing_stops_the_start(tmp_path, name, value):
    run = manage("check", tmp_path=tmp_path, **{name: value})
    assert run.returncode != 0
    assert name in run.stderr
