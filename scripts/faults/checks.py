"""What must hold after every round, asked of the database; run inside Django by a hand."""

import datetime
from collections.abc import Sequence
from itertools import groupby, pairwise

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from programs.engine.calendar import closing_instant
from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed, Override
from programs.services.quiet_hours import not_before
from programs.services.verification import LedgerReport, verify_ledger
from programs.snapshots import programmes_of
from scripts.faults import pauses
from scripts.faults.flags import from_json
from scripts.faults.flags import lost as lost_flags

CLOSE_HOUR = 3
#: Where days begin and end first.
KIRITIMATI = datetime.timezone(datetime.timedelta(hours=14))
#: Owed for longer than that while it was due again and again: nobody sends it.
STUCK = datetime.timedelta(hours=30)
#: A mail that was tried is tried again so soon at the latest: docs/operations.md.
NEXT_TRY = datetime.timedelta(hours=1)
#: A minute without a broker is two days of a run, of which a mail may go out by day alone.
MOST_NIGHTS = datetime.timedelta(days=4)
#: Pauses as well (``pauses.py``): these are told as they begin, and not every night.
SPOKEN = ("advance", "step_back")


def state(poisoned: list[int]) -> dict:
    """What is still to be done at this moment; all must come to nothing when a fault is over."""
    now = timezone.now()
    due = Enrolment.objects.due_for_close(now).exclude(pk__in=poisoned)
    active = Enrolment.objects.active().exclude(pk__in=poisoned)
    return {
        "due": due.count(),
        "claimed": active.filter(claimed_until__gt=now).count(),
        "aside": active.exclude(last_error="").count(),
        "mails": MessageOwed.objects.due(now).count(),
        "leased": MessageOwed.objects.filter(status="owed", leased_until__gt=now).count(),
    }


def ranges(count: int) -> list[list[int]]:
    """Id ranges as a tick hands them out."""
    ids = list(Enrolment.objects.active().order_by("pk").values_list("pk", flat=True))
    size = max(1, len(ids) // count)
    parts = [ids[start : start + size] for start in range(0, len(ids), size)]
    return [[part[0], part[-1]] for part in parts]


def due_now(count: int) -> list[int]:
    """Some whose day is about to be closed at this moment."""
    now = timezone.now()
    return list(Enrolment.objects.due_for_close(now).values_list("pk", flat=True)[:count])


def check(
    since: int,
    poisoned: list[int],
    saves: dict,
    overrides: list[str],
    erased: list[int],
    flags: Sequence[dict] = (),
) -> dict:
    """Return what was lost, doubled and otherwise wrong; ``since``: newest decision verified before."""
    return {
        "lost": _gaps(poisoned)
        + _lost_saves(saves, erased)
        + _lost_overrides(overrides)
        + _untold()
        + pauses.untold(poisoned)
        + pauses.forgotten(poisoned)
        + lost_flags(from_json(flags), erased)
        + _stuck(),
        "doubled": _doubled(),
        "wrong": _chains(poisoned)
        + _unverified(since)
        + _closing(poisoned)
        + _erased(erased)
        + _unrecorded(),
        "decisions": Decision.objects.filter(trigger="day_close").count(),
        "newest": Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    }


def _rows(sql: str, *arguments) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def _doubled() -> list[str]:
    twice = _rows(
        "SELECT enrolment_id, date, count(*) FROM programs_decision WHERE trigger = 'day_close'"
        " GROUP BY 1, 2 HAVING count(*) > 1"
    )
    entries = _rows(
        "SELECT enrolment_id, date, count(*) FROM programs_diaryentry GROUP BY 1, 2 HAVING count(*) > 1"
    )
    acts = _rows(
        "SELECT enrolment_id, reason, count(*) FROM programs_override GROUP BY 1, 2 HAVING count(*) > 1"
    )
    return (
        [f"enrolment {e}: {d} was closed {n} times" for e, d, n in twice]
        + [f"enrolment {e}: {n} entries of {d}" for e, d, n in entries]
        + [f"enrolment {e}: the act {r} {n} times" for e, r, n in acts]
    )


def _gaps(poisoned: list[int]) -> list[str]:
    """Every local date from the start to the last closed one has one decision, written in order."""
    found = _rows(
        """
        SELECT e.id, e.started_on, e.decided_through, count(d.id), min(d.date), max(d.date)
        FROM programs_enrolment e LEFT JOIN programs_decision d
             ON d.enrolment_id = e.id AND d.trigger = 'day_close'
        GROUP BY 1, 2, 3
        HAVING count(d.id) <> e.decided_through - e.started_on + 1
            OR min(d.date) < e.started_on OR max(d.date) > e.decided_through
        """
    )
    disorder = _rows(
        """
        SELECT enrolment_id, date FROM (
            SELECT enrolment_id, date, lag(date) OVER (PARTITION BY enrolment_id ORDER BY id) AS before
            FROM programs_decision WHERE trigger = 'day_close') d
        WHERE before IS NOT NULL AND date <> before + 1
        """
    )
    late = list(
        Enrolment.objects.due_for_close(timezone.now()).exclude(pk__in=poisoned).values_list("pk", flat=True)
    )
    return (
        [f"enrolment {e}: {n} decisions from {a} to {b}" for e, a, b, n, *_ in found]
        + [f"enrolment {e}: {d} does not follow the day before it" for e, d in disorder]
        + [f"enrolment {pk}: still not closed" for pk in late]
    )


def _lost_saves(saves: dict, erased: list[int]) -> list[str]:
    """What somebody was told is saved, is there: the newest score of the run for that date."""
    lost = []
    for key, rest in saves.items():
        pk, date = key.split()
        if int(pk) in erased:
            continue
        stored = DiaryEntry.objects.filter(enrolment=pk, date=date).values_list("rest", flat=True).first()
        if stored != rest:
            lost.append(f"enrolment {pk}: {rest} was saved for {date}, stored is {stored}")
    return lost


def _lost_overrides(marks: list[str]) -> list[str]:
    there = dict(Override.objects.filter(reason__in=marks).values_list("reason", "decision"))
    return [f"the act {mark} has no decision" for mark in marks if mark in there and there[mark] is None]


def _untold() -> list[str]:
    """Every step has its mail, whatever became of it."""
    found = _rows(
        """
        SELECT d.enrolment_id, d.date, d.decision FROM programs_decision d
        JOIN programs_enrolment e ON e.id = d.enrolment_id AND e.status = 'active'
        WHERE d.trigger = 'day_close' AND d.decision = ANY(%s) AND NOT EXISTS (
            SELECT 1 FROM programs_messageowed m
            WHERE m.enrolment_id = d.enrolment_id AND m.kind = d.decision AND m.local_date = d.date)
        """,
        list(SPOKEN),
    )
    return [f"enrolment {e}: no mail of the {k} on {d}" for e, d, k in found]


def _stuck() -> list[str]:
    now = timezone.now()
    owed = MessageOwed.objects.filter(status="owed", wanted_at__lt=now - STUCK, local_date__year__gt=2000)
    # In a day that takes half a minute, a mail server that is moody all the time may refuse one each time.
    old = owed.exclude(due_at__gt=now, due_at__lte=now + NEXT_TRY).select_related("recipient", "enrolment")
    found = [row for row in old if row.wanted_at < now - MOST_NIGHTS or not _sleeps(row, now)]
    return [f"mail {row.pk} ({row.kind}) is owed and never settled" for row in found]


def _sleeps(row: MessageOwed, now: datetime.datetime) -> bool:
    """Does it wait for the end of quiet hours? What was refused all day waits another night."""
    return row.due_at > now and row.due_at == not_before(row, now)


def _chains(poisoned: list[int]) -> list[str]:
    """The stage is what the ledger leads to. A correction may only have put it further back."""
    rows = Decision.objects.exclude(enrolment__in=poisoned).order_by("enrolment", "pk")
    fields = ("enrolment", "version", "trigger", "stage_before", "stage_after")
    stages = dict(Enrolment.objects.values_list("pk", "stage"))
    wrong = []
    for pk, written in groupby(rows.values_list(*fields).iterator(chunk_size=5000), key=lambda row: row[0]):
        steps = [*written, (pk, None, "now", stages[pk], stages[pk])]
        wrong += _broken(pk, steps)
    return wrong


def _broken(pk: int, steps: list[tuple]) -> list[str]:
    chain = [step for step in steps if step[2] != "correction"]
    if len(chain) == len(steps):
        pairs = [(before, after) for before, after in pairwise(chain) if before[4] != after[3]]
        return [f"enrolment {pk}: {b[2]} led to {b[4]}, {a[2]} began at {a[3]}" for b, a in pairs]
    version = chain[0][1]
    place = programmes_of([version])[version].positions
    pairs = [(before, after) for before, after in pairwise(chain) if place[after[3]] > place[before[4]]]
    return [f"enrolment {pk}: after a correction {b[4]} became {a[3]}" for b, a in pairs]


def _unverified(since: int) -> list[str]:
    report = LedgerReport()
    return [str(one) for one in verify_ledger(report, Decision.objects.filter(pk__gt=since))]


def _closing(poisoned: list[int]) -> list[str]:
    """Each open day closes at its hour where the runner is now; none was closed before it ended anywhere."""
    furthest = timezone.now().astimezone(KIRITIMATI) - datetime.timedelta(hours=CLOSE_HOUR)
    early = Enrolment.objects.filter(decided_through__gte=furthest.date()).values_list("pk", flat=True)
    rows = Enrolment.objects.active().exclude(pk__in=poisoned).select_related("runner")
    return [f"enrolment {pk}: a day was closed before it was over" for pk in early] + [
        f"enrolment {row.pk} closes at {row.closes_at}, not as {row.runner.time_zone} has it"
        for row in rows
        if row.closes_at != closing_instant(row.open_date, row.runner.zone, CLOSE_HOUR)
    ]


def _erased(erased: list[int]) -> list[str]:
    left = Enrolment.objects.filter(pk__in=erased, runner__erased_at__isnull=True)
    mails = MessageOwed.objects.filter(enrolment__in=erased, status="owed")
    return [f"enrolment {pk} was erased and is there" for pk in left.values_list("pk", flat=True)] + [
        f"mail {pk} is owed about somebody who was erased" for pk in mails.values_list("pk", flat=True)
    ]


def _unrecorded() -> list[str]:
    """Acts without their decision, and mails about a runner to somebody else that no record tells of."""
    acts = Override.objects.filter(decision__isnull=True).values_list("pk", flat=True)
    mails = _rows(
        """
        SELECT m.id FROM programs_messageowed m
        JOIN programs_enrolment e ON e.id = m.enrolment_id AND e.runner_id <> m.recipient_id
        JOIN accounts_user u ON u.id = e.runner_id AND u.erased_at IS NULL
        WHERE m.status = 'sent' AND NOT EXISTS (
            SELECT 1 FROM accounts_accessrecord a
            WHERE a.runner_id = e.runner_id AND a.actor_id = m.recipient_id AND a.act = 'mail')
        """
    )
    return [f"act {pk} has no decision" for pk in acts] + [
        f"mail {pk} is in nobody's record" for (pk,) in mails
    ]


def advanced_twice(since: int) -> list[str]:
    """Whose missed days moved her on more than once: all of them were lived under one stage."""
    rows = Decision.objects.filter(pk__gt=since, trigger="day_close", decision="advance")
    often = rows.values("enrolment").annotate(times=Count("pk")).filter(times__gt=1)
    return [f"enrolment {row['enrolment']} advanced {row['times']} times at once" for row in often]


def mails() -> dict:
    """Message-ID -> status and tries of all, for the comparison with what the mail server has."""
    rows = MessageOwed.objects.values_list("message_id", "status", "attempts")
    return {mail: (status, tries) for mail, status, tries in rows.iterator()}


ACTS = {
    "state": state,
    "ranges": ranges,
    "due-now": due_now,
    "check": check,
    "mails": mails,
    "advanced-twice": advanced_twice,
}
