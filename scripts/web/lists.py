"""A caseload as so many days leave it: rows written at once, because services would take minutes."""

import copy
import datetime
import json
import random
import uuid
from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

from accounts.models import Consent, User
from programs.engine.calendar import closing_instant, local_date
from programs.models import (
    Decision,
    DiaryEntry,
    Enrolment,
    Override,
    PainNote,
    PlannedSession,
    ProgrammeVersion,
    ReadMark,
    RedFlagCase,
    SharedMessage,
    Snooze,
)

#: Copied by the database: for other runners, and what is older, day by day of the newest.
COPIED: tuple[type[Model], ...] = (DiaryEntry, Decision, PlannedSession)
CRITERIA = json.dumps([{"name": "quiet", "state": "met", "numbers": {"days": 3}}] * 6)


def columns_of(table: type[Model]) -> list[str]:
    return [field.column for field in table._meta.concrete_fields if not field.primary_key]


class Filler:
    """Runners of one physiotherapist, each with ``days`` closed days and an open one."""

    def __init__(self, clinician: User, now: datetime.datetime, days: int) -> None:
        self.clinician, self.now, self.days = clinician, now, days
        self.today = local_date(now, clinician.zone)
        self.draw = random.Random(5)
        self.version = ProgrammeVersion.objects.filter(template__key="lbp-acute-default").latest("number")
        self.stages = [stage["key"] for stage in self.version.document["stages"]][1:7]
        self.read: dict[tuple[str, datetime.date], str] = {}

    def dates(self) -> list[datetime.date]:
        return [self.today - datetime.timedelta(days=back) for back in range(self.days, -1, -1)]

    def runners(self, numbers: range) -> list[User]:
        """People who let this physiotherapist in when their diary began."""
        people = [
            User(email=f"r{self.clinician.pk}-{n}@example.org", name=f"Runner Number{n}") for n in numbers
        ]
        runners = User.objects.bulk_create(people)
        granted = self.now - datetime.timedelta(days=self.days)
        Consent.objects.bulk_create(
            [Consent(runner=runner, clinician=self.clinician, granted_at=granted) for runner in runners]
        )
        return runners

    def fill(self, numbers: range) -> None:
        enrolments = Enrolment.objects.bulk_create([self.enrolment(one) for one in self.runners(numbers)])
        entries = DiaryEntry.objects.bulk_create(
            [entry for e in enrolments for entry in self.entries(e)], batch_size=2000
        )
        PlannedSession.objects.bulk_create(
            [
                PlannedSession(enrolment=e, date=day, stage=e.stage)
                for e in enrolments
                for day in self.dates()[::2]
            ],
            batch_size=2000,
        )
        self.decide(enrolments)
        PainNote.objects.bulk_create([self.note(entry) for entry in entries[::40]])
        self.of_physiotherapists(enrolments)

    def fill_like(self, other: User) -> None:
        """As many runners as somebody has whose list is filled, each with the newest days of one of those."""
        theirs = list(Enrolment.objects.filter(runner__consents_given__clinician=other).order_by("pk"))
        runners = self.runners(range(len(theirs)))
        enrolments = [self.copied(*pair) for pair in zip(theirs, runners, strict=True)]
        enrolments = Enrolment.objects.bulk_create(enrolments)
        self._copy_rows(theirs, enrolments)
        entries = DiaryEntry.objects.filter(enrolment__in=enrolments).order_by("enrolment", "date")
        noted = list(entries.values_list("pk", flat=True))[::40]
        entries = DiaryEntry.objects.filter(pk__in=noted).select_related("recorded_by")
        PainNote.objects.bulk_create([self.note(entry) for entry in entries])
        self.of_physiotherapists(enrolments)

    def copied(self, one: Enrolment, runner: User) -> Enrolment:
        other = copy.copy(one)
        other.pk, other.public_id, other.runner = None, Enrolment().public_id, runner
        other.started_on, other.created_at = self.dates()[0], self.now - datetime.timedelta(days=self.days)
        return other

    def _copy_rows(self, theirs: Sequence[Enrolment], ours: Sequence[Enrolment]) -> None:
        given = {"theirs": [e.pk for e in theirs], "ours": [e.pk for e in ours], "first": self.dates()[0]}
        given["runners"] = [e.runner_id for e in ours]
        other = {"enrolment_id": "m.ours", "recorded_by_id": "m.runner"}
        with connection.cursor() as cursor:
            for table in COPIED:
                columns, name = columns_of(table), table._meta.db_table
                values = (other.get(column, f"t.{column}") for column in columns)
                cursor.execute(
                    f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {name} t "  # noqa: S608
                    "JOIN unnest(%(theirs)s::bigint[], %(ours)s::bigint[], %(runners)s::bigint[]) "
                    "AS m (theirs, ours, runner) ON t.enrolment_id = m.theirs WHERE t.date >= %(first)s",
                    given,
                )

    def enrolment(self, runner: User) -> Enrolment:
        paused = self.draw.random() < 0.05
        return Enrolment(
            runner=runner,
            version=self.version,
            family="low-back-pain",
            started_on=self.dates()[0],
            created_at=self.now - datetime.timedelta(days=self.days),
            stage=self.draw.choice(self.stages),
            stage_entered_on=self.today - datetime.timedelta(days=self.draw.randrange(40)),
            baseline_morning=self.draw.choice((1, 2, 2, 3)),
            intake_pain=6,
            refer="urgent" if paused else "none",
            paused_at=self.now - datetime.timedelta(days=3) if paused else None,
            decided_through=self.today - datetime.timedelta(days=1),
            closes_at=closing_instant(self.today, runner.zone, 3),
        )

    def entries(self, enrolment: Enrolment) -> list[DiaryEntry]:
        """A score on most days, a session every other; every tenth runner has fallen silent."""
        silent_from = self.draw.randrange(3, 40) if self.draw.random() < 0.1 else 0
        rows = []
        for back, date in zip(range(self.days, -1, -1), self.dates(), strict=True):
            if back < silent_from or self.draw.random() < 0.08:
                continue
            ran = {"session": "none"}
            if back % 2 == 0:
                ran = {
                    "session": "done",
                    "during": self.draw.choice((0, 1, 2)),
                    "after": self.draw.choice((0, 1, 2)),
                }
            scores = {"morning": self.draw.choice((0, 1, 1, 2, 3)), "rest": self.draw.choice((0, 1, 1, 2, 3))}
            at = {"recorded_at": enrolment.created_at, "recorded_by": enrolment.runner}
            rows.append(
                DiaryEntry(enrolment=enrolment, date=date, stage_shown=enrolment.stage, **scores, **ran, **at)
            )
        return rows

    def decide(self, enrolments: Sequence[Enrolment]) -> None:
        """A decision for each closed day; what many of them have read is made text once."""
        columns = columns_of(Decision)
        with connection.cursor() as cursor:
            written = f"COPY {Decision._meta.db_table} ({', '.join(columns)}) FROM STDIN"
            with cursor.cursor.copy(written) as table:
                for enrolment in enrolments:
                    for date in self.dates()[:-1]:
                        row = self.decision(enrolment, date)
                        table.write_row([getattr(row, name) for name in columns])

    def outcome(self, enrolment: Enrolment, date: datetime.date) -> dict:
        """Most days hold; some move on, some step back, those of a pause name it."""
        if enrolment.paused_at and date >= enrolment.paused_at.date():
            return {"decision": "pause_and_refer", "rule": "D2_URGENT", "stage_change": 0, "refer": "urgent"}
        chance = self.draw.random()
        if chance < 0.05:
            return {"decision": "advance", "rule": "D9A_ADVANCE", "stage_change": 1, "refer": "none"}
        if chance < 0.07:
            return {"decision": "step_back", "rule": "D5A_RED_PAIN", "stage_change": -1, "refer": "none"}
        return {"decision": "hold", "rule": "D8M_QUIET_DAYS", "stage_change": 0, "refer": "none"}

    def inputs(self, stage: str, date: datetime.date) -> str:
        """Three weeks of entries, as text of JSON."""
        if (stage, date) not in self.read:
            window = [(date - datetime.timedelta(days=back)).isoformat() for back in range(21)]
            of_day = {
                "morning": 1,
                "rest": 1,
                "session": "done",
                "during": 1,
                "after": 1,
                "stage_shown": stage,
            }
            read = dict.fromkeys(window, of_day)
            read[date.isoformat()] = {**of_day, "red_flags": ["FEVER_UNWELL"]}
            self.read[stage, date] = json.dumps({"entries": read, "state": {"stage": stage}})
        return self.read[stage, date]

    def decision(self, enrolment: Enrolment, date: datetime.date) -> Decision:
        """Its columns of JSON are text: it is written by COPY."""
        return Decision(
            enrolment=enrolment,
            date=date,
            trigger="day_close",
            stage_before=enrolment.stage,
            stage_after=enrolment.stage,
            takes_effect_on=date + datetime.timedelta(days=1),
            has_rest_score=True,
            reason="Three quiet days in a row (0-2) are needed first.",
            criteria=CRITERIA,
            inputs=self.inputs(enrolment.stage, date),
            inputs_hash="0" * 64,
            version=self.version,
            engine_version="1.0.0",
            time_zone="UTC",
            decided_at=datetime.datetime.combine(
                date + datetime.timedelta(days=1), datetime.time(3), tzinfo=datetime.UTC
            ),
            job="bench",
            **self.outcome(enrolment, date),
        )

    def note(self, entry: DiaryEntry) -> PainNote:
        at = {"noted_at": self.now, "recorded_at": self.now, "recorded_by": entry.recorded_by}
        return PainNote(entry=entry, key=uuid.uuid4(), occasion="rest", site="back", score=2, **at)

    def of_physiotherapists(self, enrolments: list[Enrolment]) -> None:
        """Holds, notes to self, messages and owners of red flags, each on some runners."""
        by = {"made_by": self.clinician, "made_at": self.now - datetime.timedelta(days=2)}
        day = {"date": self.today - datetime.timedelta(days=2), "reason": "Seen in clinic"}
        until = self.today + datetime.timedelta(days=5)
        hold = {"kind": "hold_until", "until": until, "review_on": until, **day, **by}
        Override.objects.bulk_create([Override(enrolment=e, **hold) for e in enrolments[::9]])
        Snooze.objects.bulk_create(
            [
                Snooze(enrolment=e, need="silent", until=until, note="Away until Friday", **by)
                for e in enrolments[::15]
            ]
        )
        SharedMessage.objects.bulk_create(
            [
                SharedMessage(enrolment=e, words="May I run?", written_at=self.now, written_by=e.runner)
                for e in enrolments[::4]
                for _ in range(5)
            ]
        )
        past = self.now - datetime.timedelta(days=9)
        ReadMark.objects.bulk_create(
            [ReadMark(enrolment=e, reader=self.clinician, read_through=past) for e in enrolments[::5]]
        )
        RedFlagCase.objects.bulk_create(
            [
                RedFlagCase(
                    enrolment=e,
                    level="urgent",
                    opened_at=e.paused_at,
                    owner=self.clinician,
                    owned_since=e.paused_at,
                )
                for e in enrolments
                if e.paused_at
            ]
        )

    def lengthen(self, days: int) -> None:
        """Every diary goes back ``days`` further, with the newest days once more."""
        whose = Consent.objects.filter(clinician=self.clinician).values("runner")
        ids = list(Enrolment.objects.filter(runner__in=whose).values_list("pk", flat=True))
        Enrolment.objects.filter(pk__in=ids).update(
            started_on=self.today - datetime.timedelta(days=self.days + days)
        )
        with connection.cursor() as cursor:
            for table in COPIED:
                self._copy(cursor, table, ids, days)

    def _copy(self, cursor, table: type[Model], ids: list[int], days: int) -> None:
        columns = columns_of(table)
        moved = {"date", "takes_effect_on"}
        values = (f"{name} - %(back)s" if name in moved else name for name in columns)
        name = table._meta.db_table
        asked = (
            f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {name} "  # noqa: S608
            "WHERE enrolment_id = ANY(%(ids)s) AND date >= %(first)s"
        )
        period = self.days + 1
        for back in range(period, days + period, period):
            # The last part is as long as what is left.
            first = self.today - datetime.timedelta(days=min(self.days, days - (back - period) - 1))
            cursor.execute(asked, {"ids": ids, "first": first, "back": back})
