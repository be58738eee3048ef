"""Redis as Celery's broker, with a door: a message that is none of ours is dropped and counted.

Seen and measured: a message that is no JSON ends the worker that takes it, and one whose
body has another shape ends every worker that does, for ever, because it goes back to the
queue each time. Nothing is lost with either: what is due is in the database.
"""

import base64
import binascii
import json
import logging
from queue import Empty

import redis
from django.conf import settings
from kombu import transport
from kombu.transport import redis as with_redis

from rehab import watchdog
from rehab.queues import QUEUES

logger = logging.getLogger(__name__)
#: Redis counts them: the parent of a pool holds no connection to the database.
REJECTED = "rejected"
#: What a message that we did not write can raise on its way to a task.
POISON = (ValueError, TypeError, LookupError, AttributeError)


def count_rejected(why: str) -> None:
    """One more; never what stood in it, for nobody knows what that is."""
    logger.error("A message of the broker is dropped: %s", why)
    try:
        watchdog.connect(settings.REDIS_URL).incr(_key())
    except redis.RedisError:
        logger.warning("and it could not be counted")


def rejected(client: redis.Redis) -> int | None:
    """How many were dropped since Redis began to count; None where it does not answer."""
    try:
        return int(client.get(_key()) or 0)
    except redis.RedisError:
        return None


def _key() -> str:
    return f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS.get('global_keyprefix', '')}{REJECTED}"


def fault_of(message: object) -> str:
    """Why a message cannot be of ours, or nothing; what its task then makes of it is the task's."""
    if not isinstance(message, dict):
        return "no message"
    properties, headers = message.get("properties"), message.get("headers")
    if not (isinstance(properties, dict) and isinstance(headers, dict)):
        return "no properties or no headers"
    tag, info = properties.get("delivery_tag"), properties.get("delivery_info")
    if not (isinstance(tag, str) and isinstance(info, dict) and {"exchange", "routing_key"} <= info.keys()):
        return "no way to acknowledge it"
    if not (isinstance(headers.get("task"), str) and isinstance(headers.get("id"), str)):
        return "no task or no id"
    if (message.get("content-type"), message.get("content-encoding")) != ("application/json", "utf-8"):
        return "another content than JSON"
    return "" if _is_call(message.get("body"), properties) else "its body is no call of a task"


def _is_call(body: object, properties: dict) -> bool:
    """As Celery writes them: positional and named arguments, and what belongs to them."""
    try:
        if properties.get("body_encoding") == "base64":
            body = base64.b64decode(body, validate=True)
        args, kwargs, more = json.loads(body)
    except (binascii.Error, *POISON):
        return False
    return isinstance(args, list) and isinstance(kwargs, dict) and isinstance(more, dict)


class Channel(with_redis.Channel):
    """Lives through what is no JSON at all: it has left the queue when that is seen."""

    #: Of all of this process: how often Redis answered to "is there work?", be it that there is none.
    #: A worker that has room for a task asks once a second.
    answers = 0

    def _brpop_read(self, **options):
        try:
            found = super()._brpop_read(**options)
        except Empty:
            Channel.answers += 1
            raise
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            count_rejected(type(error).__name__)
            found = True
        Channel.answers += 1
        return found


class Transport(with_redis.Transport):
    """Lets through what is of ours; also what a worker stumbles over all the same goes back to no queue."""

    Channel = Channel

    def _deliver(self, message, queue):
        if queue not in QUEUES:
            # Celery's own talk between workers.
            return super()._deliver(message, queue)
        if why := fault_of(message):
            return count_rejected(why)
        try:
            return super()._deliver(message, queue)
        except POISON as error:
            logger.exception("A worker stumbles over a message")
            count_rejected(type(error).__name__)
            self._forget(message["properties"]["delivery_tag"])

    def _forget(self, tag: str) -> None:
        for channel in self.channels:
            channel.basic_reject(tag, requeue=False)


def install() -> None:
    """Have every connection to Redis go through it; the scheme of an address names its transport."""
    ours = f"{__name__}:{Transport.__name__}"
    transport.TRANSPORT_ALIASES |= {"redis": ours, "rediss": ours}
