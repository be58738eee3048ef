"""Who is signed in, read by statements that stay prepared: two of the few that every page asks.

Sessions stay in Django's own table, under its own rules. To make these two
statements anew for each page took as long as the largest of its own.
"""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateTimeField, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.statements import Given, ObjectStatement


@ObjectStatement
def _session() -> QuerySet[Session]:
    key, now = Given("key", CharField()), Given("now", DateTimeField())
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@ObjectStatement
def _user() -> QuerySet[User]:
    return User.objects.filter(pk=Given("pk", BigIntegerField()))


class SessionStore(db.SessionStore):
    """The same sessions in the same table, whichever of the two classes wrote them."""

    def _get_session_from_db(self) -> Session | None:
        found = _session.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> None:
        """Change a session that is there in one statement, without a transaction around it.

        Raises UpdateError where it was ended meanwhile: signing out holds.
        """
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        row = self.create_model_instance(self._get_session(no_load=False))
        columns = {"session_data": row.session_data, "expire_date": row.expire_date}
        if not self.model.objects.filter(pk=row.session_key).update(**columns):
            raise UpdateError


def _get_user(backend: AuthenticationBackend, user_id: int) -> User | None:
    """As Django's own: nobody where the account is not there, or was closed."""
    user = _user.first(pk=user_id)
    return user if user is not None and backend.user_can_authenticate(user) else None


# Sessions name this backend: another one in its place would sign everybody out.
AuthenticationBackend.get_user = _get_user
