"""What records of both apps share: refusal to change, and secrets that are kept as digests."""

from django.db import models
from django.utils.crypto import salted_hmac


class FrozenRowError(Exception):
    """A row that is a record was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows are added and read; the database refuses the rest as well (triggers)."""

    def update(self, **kwargs):
        raise FrozenRowError(f"{self.model._meta.verbose_name_plural} are append-only")

    def delete(self):
        raise FrozenRowError(f"{self.model._meta.verbose_name_plural} are append-only")

    def redact(self, **columns) -> int:
        """Take words out of them in an erasure; without one the triggers refuse. Returns how many rows."""
        return super().update(**columns)


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise FrozenRowError(f"a {self._meta.verbose_name} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise FrozenRowError(f"a {self._meta.verbose_name} is never deleted")


def digest_of(secret: str, *, purpose: str) -> str:
    """What is stored of a secret that was given away: 64 hexadecimal digits, bound to one purpose.

    Keyed, so that whoever reads the table cannot try codes against it.
    """
    return salted_hmac(f"rehab.{purpose}", secret, algorithm="sha256").hexdigest()
