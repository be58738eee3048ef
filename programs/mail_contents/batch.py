"""Message number -> its content, in a number of queries that does not grow with the batch."""

import datetime

from programs.emails import NOTHING_MORE, Content
from programs.models import MessageOwed


def contents_of(messages: list[MessageOwed], now: datetime.datetime) -> dict[int, Content]:
    return dict.fromkeys((message.pk for message in messages), NOTHING_MORE)
