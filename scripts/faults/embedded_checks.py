"""What must hold after the faults; each broken promise is a line of words. Needs Django that is set up."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from programs.models import Decision, DiaryEntry, Enrolment, EntryRevision, MessageOwed, MessageStatus
from programs.services.verification import LedgerReport, verify_ledger
from scripts.faults.embedded_people import Sent
from scripts.faults.repeats import MOST_COPIES

MESSAGE_ID = re.compile(rb"^Message-ID: (<\S+>)", re.MULTILINE | re.IGNORECASE)


def sqlite_is_whole() -> Iterator[str]:
    with connection.cursor() as cursor:
        said = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall()]
        orphans = cursor.execute("PRAGMA foreign_key_check").fetchall()
    if said != ["ok"]:
        yield f"integrity_check says {said[:3]}"
    if orphans:
        yield f"rows that refer to nothing: {orphans[:3]}"


def each_day_once() -> Iterator[str]:
    """Every local date up to the one that the enrolment says has exactly one day close, in order."""
    closes = Decision.objects.filter(trigger="day_close").order_by("pk").values_list("enrolment", "date")
    dates = defaultdict(list)
    for enrolment, date in closes:
        dates[enrolment].append(date)
    for enrolment in Enrolment.objects.all():
        found = dates[enrolment.pk]
        days = (enrolment.decided_through - enrolment.started_on).days + 1
        wanted = [enrolment.started_on + timedelta(days=number) for number in range(days)]
        if found != wanted:
            doubled = [str(date) for date, times in Counter(found).items() if times > 1]
            yield f"enrolment {enrolment.pk}: {len(found)} closes for {len(wanted)} days, doubled {doubled}"
    if due := Enrolment.objects.due_for_close(timezone.now()).count():
        yield f"{due} enrolments are still due"
    if aside := Enrolment.objects.exclude(last_error="").count():
        yield f"{aside} enrolments are set aside"


def nothing_half_written() -> Iterator[str]:
    """State and ledger were written together: the stage is that of the newest decision in force."""
    for enrolment in Enrolment.objects.all():
        newest = Decision.objects.in_force().filter(enrolment=enrolment).newest_first().first()
        if newest and newest.stage_after != enrolment.stage:
            yield f"enrolment {enrolment.pk} is at {enrolment.stage}, its ledger at {newest.stage_after}"
    report = LedgerReport()
    yield from (f"verify_ledger: {difference}" for difference in verify_ledger(report))
    if not report.checked:
        yield "verify_ledger found nothing to check"


def acknowledged_are_there(sent: Iterable[Sent]) -> Iterator[str]:
    """What was acknowledged is the entry, or a revision that a later answer replaced."""
    by_day = defaultdict(list)
    for one in sent:
        by_day[one.enrolment, one.date].append(one)
    for (enrolment, date), attempts in by_day.items():
        taken = [one for one in attempts if one.is_acknowledged]
        if not taken:
            continue
        entry = DiaryEntry.objects.filter(enrolment=enrolment, date=date).first()
        if entry is None:
            yield f"enrolment {enrolment}, {date}: {len(taken)} acknowledged, no entry"
            continue
        old = EntryRevision.objects.filter(entry=entry).values_list("values", flat=True)
        kept = {(entry.morning, entry.rest)} | {(values["morning"], values["rest"]) for values in old}
        if lost := {one.scores for one in taken} - kept:
            yield f"enrolment {enrolment}, {date}: acknowledged and gone: {sorted(lost)}"
        # What came after the last acknowledged one was cut off: it may have been written or not.
        last = attempts[attempts.index(taken[-1]) :]
        if (entry.morning, entry.rest) not in {one.scores for one in last}:
            yield f"enrolment {enrolment}, {date}: the entry is older than the last acknowledged answer"


def mails_by_id(folder: Path) -> Counter:
    """Count the mails that were written to files, by Message-ID."""
    found = Counter()
    for file in folder.glob("*"):
        found.update(match.decode() for match in MESSAGE_ID.findall(file.read_bytes()))
    return found


def mails_once(folder: Path, interruptions: int) -> Iterator[str]:
    """Every mail is settled; sent is there; a repeat (the same Message-ID) only where a run was cut off."""
    written = mails_by_id(folder)
    rows = {mail: (status, tries) for mail, status, tries in _rows_of_mails()}
    settled = {mail: status for mail, (status, _) in rows.items()}
    if owed := [status for status in settled.values() if status == MessageStatus.OWED]:
        yield f"{len(owed)} messages are still owed"
    lost = [one for one, status in settled.items() if status == MessageStatus.SENT and not written[one]]
    if lost:
        yield f"{len(lost)} messages are said to be sent and are nowhere"
    if not any(status == MessageStatus.SENT for status in settled.values()):
        yield "no mail was sent: nothing was tried"
    repeats = {one: times - 1 for one, times in written.items() if times > 1}
    if sum(repeats.values()) > interruptions:
        yield f"{sum(repeats.values())} repeats of mails at {interruptions} interruptions"
    often = [one for one, (_, tries) in rows.items() if written[one] > min(tries, MOST_COPIES)]
    yield from (f"the mail {one} came {written[one]} times in {rows[one][1]} tries" for one in often)


def _rows_of_mails() -> Iterator[tuple[str, str, int]]:
    return MessageOwed.objects.values_list("message_id", "status", "attempts").iterator()


def all_promises(sent: Iterable[Sent], mails: Path, interruptions: int) -> list[str]:
    """Return every broken promise; none where all is well."""
    return [
        *sqlite_is_whole(),
        *each_day_once(),
        *nothing_half_written(),
        *acknowledged_are_there(sent),
        *mails_once(mails, interruptions),
    ]
