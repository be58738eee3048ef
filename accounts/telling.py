"""What a page says once after an act, kept in the session until the next page shows it."""

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponse

#: A phone sends what waited there without showing a page between: the newest of it is told, and
#: a session, which is read and written with every act, does not grow without end.
MOST = 10


class Messages(SessionStorage):
    """The newest few."""

    def _store(self, messages: list[Message], response: HttpResponse, *args, **kwargs) -> list[Message]:
        return super()._store(messages[-MOST:], response, *args, **kwargs)
