"""What is urgent never stands behind what is slow, in one process as well as in many."""

import pytest
from kombu import Connection

from rehab import processes, tasks
from rehab.celery import app
from rehab.queues import CLOCK, DAYS, MAILS, QUEUE_OF, QUEUES, SLOW, WORKERS

MANY = 2_000


def ours() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if name.startswith(("accounts.", "programs.", "rehab."))}


def test_every_task_of_ours_has_a_queue_by_its_name():
    assert tasks.watch_site.name in ours()
    assert ours() == set(QUEUE_OF)


def test_everything_that_beat_sends_is_a_task_that_waits_in_a_queue():
    sent = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert sent <= set(QUEUE_OF)


@pytest.mark.parametrize("name", ["programs.tasks.close_range", "programs.tasks.send_due", "unheard.of"])
def test_a_message_goes_where_its_task_waits(name):
    route = app.amqp.router.route({}, name)
    assert route["queue"].name == QUEUE_OF.get(name, SLOW)


def test_each_queue_has_an_exchange_of_its_own():
    """Else a message for one would be put into all."""
    queues = app.amqp.queues
    assert set(queues) == set(QUEUES)
    assert {queues[name].exchange.name for name in QUEUES} == set(QUEUES)


def test_every_queue_has_a_worker_and_what_is_slow_has_one_alone():
    programs = processes.workers(2)
    heard = {program.name: program.argv[program.argv.index("--queues") + 1] for program in programs}
    assert heard == {"worker-days": "days,clock", "worker-mails": "mails,clock", "worker-slow": "slow"}
    assert {queue for listens in WORKERS.values() for queue in listens} == set(QUEUES)
    assert [program.environment for program in programs] == [{"REMAP_SIGTERM": "SIGQUIT"}] * 3
    names = [program.argv[program.argv.index("--hostname") + 1] for program in programs]
    assert len(set(names)) == 3


def test_two_thousand_slow_tasks_delay_neither_a_day_nor_a_mail_in_one_process():
    """The embedded worker takes of all queues in turn, one message at a time."""
    taken = []
    with Connection("memory://", transport_options={"polling_interval": 0}) as connection:
        channel = connection.channel()
        bound = {name: app.amqp.queues[name](channel) for name in QUEUES}
        for queue in bound.values():
            queue.declare()
            queue.purge()
        producer = connection.Producer(channel)
        for name in [SLOW] * MANY + [DAYS, MAILS, CLOCK]:
            producer.publish(name, routing_key=name, exchange="")
        channel.basic_qos(0, 1, False)
        with connection.Consumer(list(bound.values()), channel=channel, callbacks=[_note(taken)]):
            for _ in range(8):
                connection.drain_events(timeout=2)
        assert {DAYS, MAILS, CLOCK} <= set(taken)
        for queue in bound.values():
            queue.purge()


def _note(taken: list[str]):
    def note(body, message) -> None:
        taken.append(body)
        message.ack()

    return note
