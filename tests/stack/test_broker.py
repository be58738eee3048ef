"""Messages that are none of ours, put into a real Redis: dropped, counted, and what follows arrives."""

import base64
import json
import uuid

import kombu
import pytest
import redis
from celery import signals

from rehab import broker
from rehab.celery import app

QUEUE = "days"
TASK = "programs.tasks.close_range"


def a_message(body: object = ((), {"first": 1, "last": 2}, {}), raw: bytes | None = None, **changes) -> dict:
    """As a worker gets it; what is named differently is wrong."""
    number = str(uuid.uuid4())
    written = base64.b64encode(json.dumps(body).encode() if raw is None else raw).decode()
    return {
        "body": written,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"task": TASK, "id": number},
        "properties": {
            "delivery_tag": number,
            "delivery_info": {"exchange": QUEUE, "routing_key": QUEUE},
            "body_encoding": "base64",
        },
    } | changes


NONE_OF_OURS = {
    "no JSON": b"this is no message {",
    "no text": b"\xff\xfe\x00",
    "a word": b'"word"',
    "a number": b"7",
    "nothing": b"null",
    "a list": b"[1, 2]",
    "empty": b"{}",
    "no headers": a_message(headers=None),
    "no id": a_message(headers={"task": TASK}),
    "a task that is no name": a_message(headers={"task": [1], "id": "1"}),
    "no tag": a_message(properties={}),
    "no way back": a_message(properties={"delivery_tag": "1", "delivery_info": {}}),
    "pickled": a_message(**{"content-type": "application/x-python-serialize"}),
    "another encoding": a_message(**{"content-encoding": "nonsense"}),
    "a body that is no JSON": a_message(raw=b"\xff\xfe not json"),
    # Before it was looked at, this one ended every worker that took it, and went back to the queue each time.
    "a body that is a number": a_message(7),
    "a body of two": a_message([[], {}]),
    "a body of other kinds": a_message([{}, [], {}]),
    "a body that is not packed": a_message(body="@@@"),
}


@pytest.fixture
def site(settings, redis_url):
    settings.REDIS_URL = redis_url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "rehab:"}
    with redis.Redis.from_url(redis_url) as client:
        client.delete("rehab:rejected")
        yield client


def taken(client: redis.Redis, url: str, count: int, on_message=None) -> list[str]:
    """Take messages as a worker does, until ``count`` of ours have come."""
    came = []

    def keep(message: kombu.Message) -> None:
        came.append(message.headers["id"])
        if on_message:
            on_message(message)
        message.ack()

    options = {"global_keyprefix": "rehab:"}
    with kombu.Connection(url, transport_options=options) as connection, connection.channel() as channel:
        queue = kombu.Queue(QUEUE, kombu.Exchange(QUEUE, type="direct"), routing_key=QUEUE)
        with kombu.Consumer(channel, [queue], on_message=keep, accept=["json"]):
            while len(came) < count:
                connection.drain_events(timeout=10)
    return came


def test_what_is_none_of_ours_is_dropped_and_counted_and_what_follows_arrives(site, redis_url, caplog):
    sent = []
    for wrong in NONE_OF_OURS.values():
        ours = a_message()
        sent.append(ours["headers"]["id"])
        site.lpush(f"rehab:{QUEUE}", wrong if isinstance(wrong, bytes) else json.dumps(wrong))
        site.lpush(f"rehab:{QUEUE}", json.dumps(ours))
    assert taken(site, redis_url, len(sent)) == sent
    assert broker.rejected(site) == len(NONE_OF_OURS)
    assert site.llen(f"rehab:{QUEUE}") == site.hlen("rehab:unacked") == 0
    assert "this is no message" not in caplog.text


def test_what_a_worker_stumbles_over_goes_back_to_no_queue(site, redis_url):
    first, second = a_message(), a_message()

    def stumble(message: kombu.Message) -> None:
        if message.headers["id"] == first["headers"]["id"]:
            raise TypeError("argument of type 'int' is not iterable")

    for one in (first, second):
        site.lpush(f"rehab:{QUEUE}", json.dumps(one))
    assert taken(site, redis_url, 2, stumble)[-1] == second["headers"]["id"]
    assert broker.rejected(site) == 1
    assert site.llen(f"rehab:{QUEUE}") == site.hlen("rehab:unacked") == 0


def test_what_celery_writes_itself_is_ours(site, redis_url):
    with kombu.Connection(redis_url, transport_options={"global_keyprefix": "rehab:"}) as connection:
        app.send_task(TASK, kwargs={"first": 1, "last": 2}, connection=connection, expires=60)
    (raw,) = site.lrange(f"rehab:{QUEUE}", 0, -1)
    assert broker.fault_of(json.loads(raw)) == ""
    site.delete(f"rehab:{QUEUE}")


def test_a_task_that_is_not_known_is_counted_too(site):
    """Celery drops it by itself, and says so by this signal."""
    signals.task_unknown.send(sender=None, name="no.such.task", message=None)
    assert broker.rejected(site) == 1
