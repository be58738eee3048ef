"""The Celery application, its schedule, and the only doors to Celery's own machinery."""

import os

from celery import Celery, signals
from celery.beat import EmbeddedService
from celery.worker import state
from django.conf import settings
from kombu import Exchange, Queue

from accounts import correlation
from rehab import broker, patience, watchdog
from rehab.queues import QUEUE_OF, QUEUES, SLOW

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
broker.install()
app = Celery("rehab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Each with an exchange of its own: left to Celery, all would hang on one and get every message.
app.conf.task_queues = [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in QUEUES]
app.conf.task_default_queue = SLOW
app.conf.task_routes = {task: {"queue": queue} for task, queue in QUEUE_OF.items()}

TICK = "programs.tasks.tick"
# A tick that waited for four others is of no use: the next one does the same.
TICK_OPTIONS = {"expires": settings.REHAB_TICK_SECONDS * 4}
MINUTE = 60
HOUR = 3600
#: A mail waits at most so long for somebody to look at what is due.
LOOK_FOR_MAILS = min(15, settings.REHAB_TICK_SECONDS)
# In code and without a schedule file: a lost or wrong file silenced a beat for
# days (measured). One plain tick in UTC; who is due is data. Clinical work is
# never scheduled by a crontab in local time: at clock changes those fire twice
# or not at all.
SCHEDULER = "rehab.schedule:SteadyScheduler"
app.conf.beat_scheduler = SCHEDULER
app.conf.beat_schedule = {
    "tick": {"task": TICK, "schedule": settings.REHAB_TICK_SECONDS, "options": TICK_OPTIONS},
    # Somebody waits for a code. It is not sent in the request that asks for it:
    # accounts/models/mail.py.
    "account mail": {
        "task": "accounts.tasks.send_account_mail",
        "schedule": settings.REHAB_MAIL_SECONDS,
        "options": {"expires": settings.REHAB_MAIL_SECONDS * 4},
    },
    "messages": {
        "task": "programs.tasks.send_due",
        "schedule": LOOK_FOR_MAILS,
        "options": {"expires": LOOK_FOR_MAILS},
    },
    # Due after a week's notice: ten minutes more or less are nothing.
    "hand-overs": {
        "task": "accounts.tasks.carry_out_hand_overs",
        "schedule": HOUR / 6,
        "options": {"expires": HOUR / 6},
    },
    # Who is late is data; a few minutes are little of four working hours.
    "red flags": {
        "task": "programs.tasks.watch_flags",
        "schedule": HOUR / 12,
        "options": {"expires": HOUR / 12},
    },
    # Once a day, by what the database says of the last time; a restart must not put it off.
    "retention": {
        "task": "programs.tasks.keep_no_longer",
        "schedule": HOUR,
        "options": {"expires": HOUR},
    },
    "forget counts": {"task": "accounts.tasks.forget_counts", "schedule": HOUR, "options": {"expires": HOUR}},
    "site": {"task": "rehab.tasks.watch_site", "schedule": MINUTE, "options": {"expires": MINUTE}},
    "counts of decisions": {
        "task": "rehab.tasks.count_decisions",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
}


def tick_now() -> None:
    """Queue one tick, so that a start does not wait for beat's first interval."""
    app.send_task(TICK, **TICK_OPTIONS)


def embedded_worker():
    """Return a worker for a thread of the web process.

    A plain WorkController sets no signal handlers, so it runs off the main
    thread. Solo: measured 15 times as fast on memory:// as a thread pool.
    """
    return app.WorkController(
        pool="solo",
        hostname="embedded@local",
        quiet=True,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )


def embedded_beat():
    """Return a beat as a daemon thread of the web process."""
    return EmbeddedService(app, thread=True, scheduler_cls=SCHEDULER)


@signals.worker_init.connect
def on_worker_init(**kwargs) -> None:
    """Before it forks: its children are as patient with the database."""
    patience.install()


@signals.worker_ready.connect
def on_worker_ready(**kwargs) -> None:
    """Begin with a tick, and with the watch against deafness where there is a broker."""
    tick_now()
    if settings.REDIS_URL:
        listens_to = tuple(app.amqp.queues.consume_from)
        watchdog.start(signs=_signs, is_busy=lambda: bool(state.active_requests), queues=listens_to)


def _signs() -> int:
    """How many answers of the broker, and tasks, came to this worker so far."""
    return broker.Channel.answers + sum(state.total_count.values())


@signals.task_unknown.connect
def on_unknown_task(name=None, **kwargs) -> None:
    """Of another version, perhaps: Celery drops it, and it is counted with what is no message."""
    if settings.REDIS_URL:
        broker.count_rejected("no such task")


# --- one id from a request to its tasks ------------------------------------------------
#: Header of a message of the broker.
CORRELATION = "rehab_correlation"


@signals.before_task_publish.connect
def pass_on(headers=None, **kwargs) -> None:
    """What a request or a job asks for is of the same id; what beat asks for begins one.

    Bound to the run again in ``rehab.tasks``.
    """
    if headers is not None:
        headers.setdefault(CORRELATION, correlation.current() or correlation.new_id())
