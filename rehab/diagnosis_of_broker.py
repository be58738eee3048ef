"""What the doctor asks of Redis: does it answer, does it keep what it is given, what waits in it."""

from collections.abc import Iterator
from datetime import datetime

import redis
from django.conf import settings

from rehab import watchdog
from rehab.findings import Finding, good, warning, wrong

#: Waiting messages that tell a slow worker from one that hears nothing.
LONG_QUEUE = 20


def broker(now: datetime) -> Finding:
    if not settings.REDIS_URL:
        return good("broker", "memory of the web process (REDIS_URL is unset)")
    try:
        client = watchdog.connect(settings.REDIS_URL)
        client.ping()
        faults = list(_faults(client))
    except redis.RedisError as error:
        return wrong("broker", f"does not answer: {error}", "Check REDIS_URL, and that Redis runs.")
    if not faults:
        return good("broker", "Redis answers")
    texts, advice = zip(*faults, strict=True)
    return warning("broker", "; ".join(["answers", *texts]), " ".join(advice))


def _faults(client: redis.Redis) -> Iterator[tuple[str, str]]:
    """What is not as it should be, and what to do about it."""
    try:
        # Not by CONFIG, which hosts of Redis for others forbid.
        policy = client.info("memory").get("maxmemory_policy", "unknown")
        keeps = client.info("persistence").get("aof_enabled")
    except redis.ResponseError:
        policy, keeps = "noeviction", 1
        yield "does not tell its settings", "Make sure of `maxmemory-policy noeviction` and `appendonly yes`."
    if policy != "noeviction":
        advice = "Set `maxmemory-policy noeviction`: Redis must not throw messages away."
        yield f"maxmemory-policy is {policy}", advice
    if not keeps:
        advice = "Set `appendonly yes`: what waits would be gone with Redis, and comes only with later ticks."
        yield "appendonly is off", advice
    seconds = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if seconds <= settings.CELERY_TASK_TIME_LIMIT:
        advice = "Set REHAB_VISIBILITY_SECONDS to 900: a long task runs twice at the same time."
        yield f"hands out again after {seconds} s what a task may still hold", advice


def queue(now: datetime) -> Finding:
    """Each queue has workers of its own: one that grows alone lacks them."""
    if not settings.REDIS_URL:
        return good("queue", "inside the web process")
    waiting = watchdog.queue_lengths(watchdog.connect(settings.REDIS_URL))
    if waiting is None:
        return wrong("queue", "the broker does not answer", "Check REDIS_URL, and that Redis runs.")
    text = ", ".join(f"{name} {length}" for name, length in waiting.items())
    if long := [name for name, length in waiting.items() if length > LONG_QUEUE]:
        advice = (
            f"If it grows, start a worker that listens to {' and '.join(long)}, or give it more processes."
        )
        return warning("queue", f"messages wait: {text}", advice)
    return good("queue", f"messages wait: {text}")
