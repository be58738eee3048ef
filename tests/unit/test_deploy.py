"""The ways of running it name the same programs, queues and settings, and each of these exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from rehab import processes
from rehab.queues import QUEUES, WORKERS
from tests.unit.test_settings_table import PROVIDERS, names_read

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAMS = [program.name for program in processes.everything("127.0.0.1:8000", 2, 2)]
#: Of the images of others.
OTHERS = ("POSTGRES_", "PYTHON")
SECRETS = ("SECRET_KEY", "DATABASE_URL", "REHAB_FIELD_KEY", "EMAIL_HOST_PASSWORD", "POSTGRES_PASSWORD")


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def ours() -> dict[str, dict]:
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_queue_has_a_worker_among_the_programs():
    assert ["web", *(f"worker-{name}" for name in WORKERS), "beat"] == PROGRAMS
    assert {queue for heard in WORKERS.values() for queue in heard} == set(QUEUES)


# --- the same programs everywhere ----------------------------------------------------------------
def test_the_process_file_runs_all_of_them():
    lines = [line.partition(": ") for line in text_of("Procfile").splitlines() if not line.startswith("#")]
    ran = {name: command.removeprefix(".venv/bin/python manage.py ") for name, _, command in lines}
    assert ran.pop("release") == "prepare"
    assert ran == {name: f"process {name}" for name in PROGRAMS}


def test_the_units_run_all_of_them():
    ran = [line for path in UNITS for line in re.findall(r"manage\.py (process \S+)", path.read_text())]
    instances = [line.replace("%i", name) for line in ran for name in (WORKERS if "%i" in line else [""])]
    assert sorted(instances) == sorted(f"process {name}" for name in PROGRAMS)
    assert "manage.py up --prepare" in text_of("deploy/systemd/rehab.service")
    assert "manage.py prepare" in text_of("deploy/systemd/rehab-prepare.service")


def test_the_containers_run_all_of_them():
    ran = {name: service["command"] for name, service in ours().items()}
    assert ran.pop("prepare") == ["prepare"]
    assert ran == {name: ["process", name] for name in PROGRAMS}


def test_the_document_names_all_of_them():
    text = text_of("docs/operations.md")
    for path in [*UNITS, *DEPLOY.glob("*.*"), DEPLOY / "Containerfile", DEPLOY / "Caddyfile"]:
        assert path.name in text, path.name
    for name in PROGRAMS:
        assert f"`{name}`" in text, name


# --- settings ------------------------------------------------------------------------------------
def variables() -> dict[str, set[str]]:
    """File -> the variables that it sets."""
    found = {path.name: set(re.findall(r"^Environment=(\w+)=", path.read_text(), re.M)) for path in UNITS}
    image = text_of("deploy/Containerfile").partition("ENV ")[2].partition("USER")[0]
    found["Containerfile"] = set(re.findall(r"\b([A-Z_]{3,})=", f" {image}")) - {"PATH"}
    for name, service in compose()["services"].items():
        found[f"compose {name}"] = set(service.get("environment", {}))
    return found


def test_every_variable_that_is_set_exists():
    known = names_read() | PROVIDERS
    strange = {
        (file, name)
        for file, names in variables().items()
        for name in names
        if name not in known and not name.startswith(OTHERS)
    }
    assert not strange
    assert sum(map(len, variables().values())) > 20


def test_no_secret_stands_anywhere():
    for name, service in compose()["services"].items():
        inline = {key for key in service.get("environment", {}) if key in SECRETS}
        assert not inline, name
        mounted = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
        asked = {str(at) for key, at in service.get("environment", {}).items() if key.endswith("_FILE")}
        assert asked <= mounted, name
    assert set(compose()["secrets"]) == {
        key for one in compose()["services"].values() for key in one.get("secrets", [])
    }
    left_out = text_of(".dockerignore").split()
    assert {".env", "var", ".git", "deploy/secrets"} <= set(left_out)
    assert "deploy/secrets/" in text_of(".gitignore").split()
    for path in UNITS:
        told = dict(re.findall(r"^Environment=(\w+)=(.*)$", path.read_text(), re.M))
        assert not set(told) & set(SECRETS), path.name
        credentials = set(re.findall(r"^LoadCredential=(\w+):", path.read_text(), re.M))
        assert {at.removeprefix("%d/") for name, at in told.items() if at.startswith("%d/")} == credentials


# --- safety --------------------------------------------------------------------------------------
def test_containers_are_nobody_on_a_disk_that_cannot_be_written():
    image = text_of("deploy/Containerfile")
    assert re.search(r"^USER 10001:10001$", image, re.M)
    assert image.index("USER 10001") < image.index("ENTRYPOINT")
    for name, service in ours().items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service and "user" not in service, name
    assert [service["ports"] for service in ours().values() if "ports" in service] == [
        ["127.0.0.1:8000:8000"]
    ]
    assert compose()["networks"]["inside"] == {"internal": True}


def test_the_image_holds_what_runs_and_not_what_tests():
    assert "sed '/--- to test/,$d' requirements.txt" in text_of("deploy/Containerfile")
    runs, mark, tests = text_of("requirements.txt").partition("--- to test")
    assert mark and "Django==" in runs and "gunicorn==" in runs and "pytest==" in tests


def test_its_backup_programs_are_as_new_as_its_server():
    server = compose()["services"]["postgres"]["image"].rpartition(":")[2]
    assert f"postgresql-client-{server}" in text_of("deploy/Containerfile")


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda p: p.name)
def test_units_may_do_nothing_but_their_work(path):
    text = path.read_text()
    for line in ("User=rehab", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert f"\n{line}\n" in text, line
    if "Type=oneshot" not in text:
        assert "\nRestart=always\n" in text


def test_systemd_understands_the_units(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is not installed here")
    for path in UNITS:
        # What is installed on the machine of the test, in place of what is on that of the site.
        text = path.read_text().replace("/srv/rehab/.venv/bin/python", "/usr/bin/env")
        name = path.name.replace("@.", "@days.")
        (tmp_path / name).write_text(text.replace("/srv/rehab", str(tmp_path)))
    command = [analyze, "verify", "--man=no", *sorted(tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_command_by_hand_has_what_the_unit_has():
    """Else it would find an empty database of its own, and say that all is well."""
    by_hand, unit = text_of("deploy/manage.sh"), text_of("deploy/systemd/rehab.service")
    secrets = re.findall(r"^LoadCredential=(\w+):", unit, re.MULTILINE)
    assert secrets and secrets == re.findall(r"LoadCredential=(\w+):", by_hand)
    for line in re.findall(r"^Environment=(\w+=\S+)$", unit, re.MULTILINE):
        assert line.replace("%d", "$secrets") in by_hand, line
    for line in ("User=rehab", "WorkingDirectory=/srv/rehab", "StateDirectory=rehab"):
        assert f"--property {line}" in by_hand, line
    subprocess.run(["sh", "-n", DEPLOY / "manage.sh"], check=True)


# --- the proxy -----------------------------------------------------------------------------------
def test_the_proxy_of_the_document_is_the_one_of_the_file():
    """Headers that are believed, and addresses that are keys."""
    block = text_of("docs/operations.md").partition("### The proxy")[2].partition("\n## ")[0]
    lines = [line.strip().partition("   #")[0] for line in block.splitlines()]
    file = [line.strip() for line in text_of("deploy/nginx.conf").splitlines()]
    for begin in ("proxy_set_header", "client_max_body_size", "map $uri", "access_log"):
        said = [line for line in lines if line.startswith(begin)]
        assert said and not [line for line in said if line not in file], begin
    assert "request_body" in text_of("deploy/Caddyfile")
    assert all(key in text_of("deploy/Caddyfile") for key in ("/m/*", "/c/*", "/metrics"))
