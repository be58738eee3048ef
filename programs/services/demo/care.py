"""What physiotherapists of the demonstration wrote and did in the last days, by the real services."""

import datetime
import uuid
from collections.abc import Mapping

from accounts.models import User
from programs.engine.calendar import local_date
from programs.models import Enrolment
from programs.services.adjustments import Wanted, adjust
from programs.services.caseload import mark_seen, snooze
from programs.services.clinical_notes import write_note
from programs.services.conversation import mark_read, write_message
from programs.services.demo.people import DOMAIN, PAUL, PETRA
from programs.services.demo.timeline import Life
from programs.services.discharges import discharge

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
#: Keys are made of what was written: the same demonstration has the same rows.
NAMESPACE = uuid.UUID("5b1f0f0e-6f6d-4f0c-9a43-2f6d1c2e7a10")

#: (Runner, by whom, how long ago, words); "runner" is she herself.
MESSAGES = (
    ("rosa", PETRA, 50 * HOUR, "Well done with the first week of running. Keep the walks easy."),
    ("rosa", "runner", 26 * HOUR, "Thank you! The calf is a bit tight in the mornings, the back is fine."),
    ("rosa", PETRA, 24 * HOUR, "That is normal at this step. The calf stretch after each run helps."),
    # Nobody has read this one yet.
    ("rosa", "runner", 2 * HOUR, "May I run with a friend on Sunday? She is slower than I am."),
    ("hana", PETRA, 5 * DAY, "Have a good move. Two short runs are enough this week."),
)
NOTES = (
    (
        "rosa",
        PETRA,
        3 * DAY,
        "Seen by video. Squat and single-leg bridge fine on both sides. Worries about bending.",
    ),
    ("hana", PETRA, 6 * DAY, "Long flight and a move. Held for a week; look again when she is back."),
    ("stefan", PAUL, 2 * DAY, "Ran on a slope. Advised flat ground, and to keep the easy days."),
)
READ = ("rosa", "runner", 20 * HOUR), ("rosa", PETRA, 25 * HOUR)
SNOOZED = ("nils", "advised", 2, "Sees the GP on Thursday; I wait for the letter.")
ADJUSTED = ("rosa", Wanted("side_plank", "dose", "A"), "The shoulder is sore; shorter holds for now.")
COMPLETED = (
    "carmen",
    "Runs 30 minutes three times a week without pain. Keep the core set. Come back if it returns.",
)


def care(lives: list[Life], users: Mapping[str, User], now: datetime.datetime) -> None:
    """Notes, messages, a change of an exercise, a runner put off, and one who has completed."""
    ward = {life.cast.name.split()[0].lower(): life for life in lives}
    for name, who, ago, words in NOTES:
        write_note(**_written(ward[name], who, users, now - ago, words))
    for name, who, ago, words in MESSAGES:
        write_message(**_written(ward[name], who, users, now - ago, words))
    for name, who, ago in READ:
        reader = ward[name].user if who == "runner" else users[who]
        mark_read(enrolment=_of(ward[name]), by=reader, now=now - ago, through=now - ago)
    _act(ward, users[PETRA], now)
    mark_seen(by=users[PETRA], now=now - DAY, through=now - DAY)


def _act(ward: Mapping[str, Life], petra: User, now: datetime.datetime) -> None:
    name, need, days, words = SNOOZED
    until = local_date(now, ward[name].user.zone) + days * DAY
    snooze(enrolment=_of(ward[name]), by=petra, now=now, need=need, until=until, note=words)
    name, wanted, reason = ADJUSTED
    given = {"reason_code": "assessment", "reason": reason}
    adjust(enrolment=_of(ward[name]), by=petra, now=now, wanted=wanted, **given)
    name, summary = COMPLETED
    discharge(enrolment=_of(ward[name]), by=petra, now=now, outcome="completed", summary=summary)


def _written(life: Life, who: str, users: Mapping[str, User], at: datetime.datetime, words: str) -> dict:
    by = life.user if who == "runner" else users[who]
    key = uuid.uuid5(NAMESPACE, f"{life.user.email} {words} {DOMAIN}")
    return {"enrolment": _of(life), "by": by, "now": at, "words": words, "key": key}


def _of(life: Life) -> Enrolment:
    return Enrolment.objects.select_related("runner", "version__template").get(pk=life.enrolment.pk)
