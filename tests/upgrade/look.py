"""Looks at an upgraded database from inside Django, and prints what it sees as JSON.

python -m tests.upgrade.look
"""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from django.apps import apps  # noqa: E402
from django.db import DatabaseError, connection, models, transaction  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.models.base import AppendOnlyModel  # noqa: E402
from accounts.services.second_factor import add_authenticator_app  # noqa: E402
from programs.models import Enrolment  # noqa: E402
from tests.support.people import TOTP_SECRET, signed_in  # noqa: E402

UPDATE, DELETE = 'UPDATE "{table}" SET "{key}" = "{key}"', 'DELETE FROM "{table}"'
NEVER_CHANGED = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]


def pages() -> dict[str, int]:
    """Address name -> status, for each runner and for the physiotherapist."""
    found = {}
    for runner in User.objects.filter(role="runner").order_by("pk"):
        hers = signed_in(runner)
        for name in ("today", "progress"):
            found[f"{name} of {runner.name}"] = hers.get(reverse(name)).status_code
    clinician = User.objects.get(role="clinician")
    add_authenticator_app(user=clinician, secret=TOTP_SECRET)
    petra = signed_in(clinician)
    found["caseload"] = petra.get(reverse("caseload")).status_code
    for enrolment in Enrolment.objects.filter(runner__consents_given__clinician__isnull=False):
        address = reverse("runner", args=[enrolment.public_id])
        found[f"runner {enrolment.runner.name}"] = petra.get(address).status_code
    return found


def changeable() -> list[str]:
    """Append-only tables with rows whose database lets a row be changed or deleted: there must be none."""
    found = []
    for model in NEVER_CHANGED:
        table, key = model._meta.db_table, model._meta.pk.column
        if not model._base_manager.exists():
            continue
        for statement in (UPDATE.format(table=table, key=key), DELETE.format(table=table)):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    transaction.set_rollback(True)
                found.append(statement)
            except DatabaseError as error:
                # Not only a foreign key that happens to be in the way.
                found += [] if "append-only" in str(error) else [f"{statement}: {error}"]
    return found


def missing_constraints() -> list[str]:
    """Constraints of the models that the database does not have."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            wanted = [
                item.name for item in model._meta.constraints if isinstance(item, models.BaseConstraint)
            ]
            found += [name for name in wanted if name not in there]
    return found


def enrolments() -> dict[str, list]:
    """Runner -> step, whether paused, last closed date: what a page rests on."""
    rows = Enrolment.objects.values_list("runner__name", "stage", "paused_at", "decided_through")
    return {name: [stage, at is not None, date.isoformat()] for name, stage, at, date in rows}


LOOKS = (enrolments, missing_constraints, changeable, pages)

if __name__ == "__main__":
    print(json.dumps({look.__name__: look() for look in LOOKS}))
