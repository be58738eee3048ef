"""No secret in what the processes write, whatever happens to them."""

from pathlib import Path

import pytest

from tests.stack.harness import Stack, stack
from tests.support.services import free_port

SECRET = "Zr7QwK9xv2"  # noqa: S105


@pytest.fixture
def nobody(tmp_path: Path):
    """A broker and a database with passwords, where nobody answers."""
    address = f"rehab:{SECRET}@127.0.0.1:{free_port()}"
    places = {"REDIS_URL": f"redis://{address}/0", "DATABASE_URL": f"postgres://{address}/rehab"}
    with stack(tmp_path, **places, EMAIL_HOST_PASSWORD=SECRET, SECRET_KEY=f"{SECRET}-" * 6) as running:
        yield running


def test_no_password_is_written_where_nothing_answers(nobody: Stack):
    """Celery once wrote the address of its broker, with the password, at every start."""
    worker, beat = nobody.worker("--without-mingle"), nobody.beat()
    worker.wait_for("Cannot connect", 60)
    beat.wait_for("beat: Starting", 60)
    doctor = nobody.manage("doctor", check=False)
    checks = nobody.manage("check", "--deploy", check=False)
    web = nobody.manage(
        "shell", "-c", "from django.db import connection; connection.ensure_connection()", check=False
    )
    assert web.returncode != 0
    for written in (
        worker.output,
        beat.output,
        *(part for run in (doctor, checks, web) for part in (run.stdout, run.stderr)),
    ):
        assert SECRET not in written
