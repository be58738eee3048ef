"""The people that ``scripts/enumeration.py`` asks about; run by it, inside Django.

    python -m scripts.enumeration_people COUNT

Makes so many accounts of each kind and prints, as JSON, the sessions of those
who are signed in already. One hash serves all: its cost is what matters.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402

from accounts.models import User  # noqa: E402
from scripts.enumeration import CLINICIAN_ROUNDS, HOST, PASSWORD, RUNNER_ROUNDS, address  # noqa: E402
from tests.support.people import a_clinician, signed_in  # noqa: E402

#: Kind -> what is special about the account, and whether its address is proved.
KINDS = {
    "known": ({}, True),
    "closed": ({"is_active": False}, True),
    "nopasswd": ({"password": "!nothing"}, True),
    "unproved": ({}, False),
}


def make_accounts(count: int) -> None:
    password = make_password(PASSWORD)
    for kind, (fields, proved) in KINDS.items():
        users = User.objects.bulk_create(
            User(**{"email": address(kind, number), "name": "Ann", "password": password} | fields)
            for number in range(count)
        )
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, verified=proved, primary=True) for user in users
        )


def sessions(count: int) -> dict[str, list[str]]:
    """Browsers that are signed in; by limits, each allows a few tries."""
    password = make_password(PASSWORD)
    runners = User.objects.bulk_create(
        User(email=f"runner{number}@{HOST}", name="Rosa", password=password)
        for number in range(count // RUNNER_ROUNDS + 1)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in runners
    )
    clinicians = [a_clinician(f"clinician{number}@{HOST}") for number in range(count // CLINICIAN_ROUNDS + 1)]
    kinds = {"runners": runners, "clinicians": clinicians}
    name = settings.SESSION_COOKIE_NAME
    return {kind: [signed_in(user).cookies[name].value for user in users] for kind, users in kinds.items()}


if __name__ == "__main__":
    make_accounts(int(sys.argv[1]))
    print(json.dumps(sessions(int(sys.argv[1]))))
