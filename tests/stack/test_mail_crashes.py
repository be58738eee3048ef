"""kill -9 at every step of sending a mail; two workers with two beats: all arrive, repeats are counted."""

import json
import signal
from collections import Counter

import pytest

from tests.stack.harness import Stack
from tests.support.faulty_smtp import FaultySmtp
from tests.support.services import wait_until

#: Where the server had the whole mail and no row said so.
MAY_REPEAT = ("after the dot", "before the mark")


@pytest.mark.fault
@pytest.mark.parametrize("connections", [1, 4])
def test_a_deliverer_that_is_killed_loses_nothing_and_repeats_what_was_in_flight(bare: Stack, connections):
    with FaultySmtp().running() as server:
        bare.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "EMAIL_USE_TLS": "0"}
        done = bare._run(["-m", "tests.stack.dying_deliverer", str(connections)], check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    came = Counter(kept.message_id for kept in server.kept)
    repeats = {}
    for point, told in report.items():
        assert told["signal"] == signal.SIGKILL, point
        assert set(told["statuses"]) == {"sent"}, point
        assert all(came[message_id] for message_id in told["ids"]), point
        repeats[point] = sum(came[message_id] - 1 for message_id in told["ids"])
    print(f"{connections} connection(s), {len(report)} crash points, repeats: {repeats}")
    if connections == 1:
        assert {point: count for point, count in repeats.items() if count} == dict.fromkeys(MAY_REPEAT, 1)
    assert max(repeats.values()) <= connections
    assert max(came.values()) <= 2


@pytest.mark.fault
def test_two_workers_and_two_beats_send_each_mail_once(full: Stack):
    """Greylisting at that: every mail is refused at its first try."""
    seen = set()

    def greylist(step: str, to: str) -> bytes | None:
        if step != "rcpt" or to in seen:
            return None
        seen.add(to)
        return b"451 4.7.1 come back later"

    with FaultySmtp().running() as server:
        server.act = greylist
        full.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "EMAIL_USE_TLS": "0"}
        mails = full.step("owe-mails", "20")
        for number in (1, 2):
            full.worker(name=f"worker{number}", concurrency=1)
            full.beat(name=f"beat{number}")
        wait_until(lambda: len(seen) == mails, 60, what="a first try of each")
        # It would wait a minute otherwise.
        wait_until(lambda: full.step("hurry") >= 0 and len(server.kept) >= mails, 40, what="all mails")
        wait_until(lambda: full.step("messages") == {"sent": mails}, 20, what="all marks")
    assert set(Counter(kept.message_id for kept in server.kept).values()) == {1}
