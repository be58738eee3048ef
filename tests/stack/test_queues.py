"""A code, a tick and their id, with two thousand slow tasks in front of them."""

import json
import re

import pytest

from scripts.visitor import Visitor
from tests.stack.harness import Stack
from tests.stack.test_account_mail import FORM, SIGN_UP, SOON
from tests.support.services import MailSink, RedisServer, wait_until

MANY = 2_000


def records(stack: Stack, server) -> list[dict]:
    lines = [line for line in server.output.splitlines() if line.startswith('{"time"')]
    return [json.loads(line) for line in lines]


# Two thousand messages, and seven processes that start: on a busy machine that takes its time.
@pytest.mark.timeout(240)
def test_slow_work_holds_up_no_code_and_one_id_leads_from_the_form_to_the_mail(
    full: Stack, smtp_sink: MailSink, redis_server: RedisServer
):
    full.environment |= smtp_sink.environment | {"REHAB_LOG_FORMAT": "json"}
    server = full.up()
    full.wait_healthy()
    full.step("fill-slow", str(MANY))
    asked = Visitor(full.port).post(SIGN_UP, FORM)
    assert asked.status == 302, asked.body
    wait_until(lambda: smtp_sink.messages, SOON, what="the code")
    assert redis_server.client.llen("rehab:slow") > MANY / 4
    assert full.health()["heartbeat_age_seconds"] < 10

    own = dict(asked.headers)["X-Request-ID"]
    assert smtp_sink.messages[0]["X-Correlation-ID"] == own
    found = [record for record in records(full, server) if record["correlation"] == own]
    assert {"method": "POST", "path": "/accounts/signup/", "status": 302}.items() <= found[0].items()
    assert FORM["email"] not in server.output
    assert FORM["name"] not in server.output
    status, figures = full.get("/metrics")
    assert status == 200
    assert int(re.search(r'rehab_queue_messages\{queue="slow"\} (\d+)', figures)[1]) > 0
    assert int(re.search(r'rehab_job_runs_total\{job="tick"\} (\d+)', figures)[1]) > 0
    assert full.get("/livez") == (200, "ok\n")
    assert full.get("/readyz")[0] == 200
