"""What changed and why, newest first: the ledger, each decision with all that it rests on."""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from accounts.among import Among, given_ids
from accounts.kept import Kept
from accounts.statements import ObjectStatement
from programs.engine.criteria import Status
from programs.engine.values import Refer, Trigger
from programs.models import Decision, Enrolment, ProgrammeVersion
from programs.presentation import REFERS, TRIGGERS, Tag, tag_of
from programs.said import said
from programs.selectors.chart_marks import news_of
from programs.selectors.criteria import CriterionRow, criterion_rows, recorded
from programs.selectors.day_words import full_day, full_instant, weekday_full_day
from programs.selectors.editions_lived import Editions
from programs.selectors.evidence import RuleEvidence, Source, rule_evidence
from programs.selectors.inputs import Fact, Inputs, inputs_of, shadow_of, wall_time
from programs.selectors.ledger_changes import Change
from programs.selectors.progress_rows import ProgressRows

PER_PAGE = 30
#: Each comes with all that it rests on: a year of changes is no more work than a week.
CHANGES_PER_PAGE = 10
#: Entries of runners in one process, with their HTML about ten kilobytes each.
MOST_KEPT = 1000
_kept = Kept(MOST_KEPT)
_DAY_CLOSE = Trigger.DAY_CLOSE.value
_HOW = {
    Trigger.DAY_CLOSE: "",
    Trigger.RED_FLAG: gettext_lazy("at once, on a warning sign"),
    Trigger.CORRECTION: gettext_lazy("again, after you corrected your diary"),
    Trigger.RUNNER: gettext_lazy("by your own statement"),
}
#: Why a decision was made, said to the runner herself.
_BECAUSE = {
    Trigger.DAY_CLOSE: gettext_lazy("The day was over"),
    Trigger.RED_FLAG: gettext_lazy("You answered yes to a warning sign"),
    Trigger.CORRECTION: gettext_lazy("You corrected your diary"),
    Trigger.CLINICIAN: gettext_lazy("A physiotherapist acted"),
    Trigger.RUNNER: gettext_lazy("You said that somebody has seen you"),
}


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row of the ledger in words.

    ``move`` names both steps where the step changed; ``how`` is empty for the
    ordinary decision at the end of a day. ``replaces`` and ``replaced_by`` name
    the other decision. ``inputs`` are there for the physiotherapist only.
    """

    pk: int
    date: datetime.date
    when: str
    tag: Tag
    reason: str
    move: str
    takes_effect: str
    how: str
    refer: Tag | None
    is_superseded: bool
    replaced_by: str
    replaces: str
    met: int
    criteria: tuple[CriterionRow, ...]
    rule: RuleEvidence
    facts: tuple[Fact, ...]
    shadow: Tag | None
    shadow_rule: str
    inputs: Inputs | None
    #: What templates have made of it; it never changes.
    shown: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def total(self) -> int:
        """How many criteria there were, of which ``met`` are met."""
        return len(self.criteria)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page; ``newer`` and ``older`` are numbers of pages, None at the ends."""

    entries: tuple[LedgerEntry, ...]
    every_day: bool
    number: int
    pages: int
    total: int
    newer: int | None
    older: int | None


def ledger_page(
    rows: ProgressRows,
    *,
    every_day: bool,
    number: int = 1,
    sources: dict[str, Source],
    with_inputs: bool = False,
) -> LedgerPage:
    """Page ``number`` of the ledger, the last one where there are not so many.

    ``rows`` were read for the same ``every_day``; their enrolment comes with runner and version. One query.
    """
    told = told_of(rows.changes, every_day=every_day)
    size = PER_PAGE if every_day else CHANGES_PER_PAGE
    pages = max(-(-len(told) // size), 1)
    number = min(max(number, 1), pages)
    shown = told[size * (number - 1) : size * number]
    by_pk = {line.pk: line for line in rows.changes}
    book = _Book(rows.enrolment, rows.editions, by_pk, sources, with_inputs)
    return LedgerPage(
        entries=tuple(_entries(book, shown)) if shown else (),
        every_day=every_day,
        number=number,
        pages=pages,
        total=len(told),
        newer=number - 1 if number > 1 else None,
        older=number + 1 if number < pages else None,
    )


def _entries(book: "_Book", shown: Sequence[Change]) -> Iterator[LedgerEntry]:
    """For a runner they are kept by their rows, which never change and are read anew all the same."""
    ids = [line.pk for line in shown]
    if book.with_inputs:
        found = {row.pk: book.entry(row, book.lines[row.pk]) for row in _with_inputs.all(ids=ids)}
    else:
        found = {entry.pk: entry for entry in map(book.kept, _without_inputs.as_stored(ids=ids))}
    return (found[pk] for pk in ids if pk in found)


@ObjectStatement
def _with_inputs() -> QuerySet[Decision]:
    return Decision.objects.filter(Among("pk", given_ids())).select_related("decided_by", "override")


@ObjectStatement
def _without_inputs() -> QuerySet[Decision]:
    shown = Decision.objects.filter(Among("pk", given_ids())).select_related("decided_by", "override")
    return shown.defer("inputs")


def told_of(lines: Sequence[Change], *, every_day: bool) -> list[Change]:
    """Newest first; without the days on which all stayed as it was, unless asked.

    A plain hold, or one more day of a pause or an advice, changes nothing;
    whatever a person or a correction touched does.
    """
    told = lines
    if not every_day:
        news = {line.pk for line, _kind in news_of(lines)}
        told = [line for line in lines if line.pk in news or line.trigger != _DAY_CLOSE or line.superseded_by]
    return sorted(told, key=attrgetter("date", "pk"), reverse=True)


#: Place of the primary key in a stored row.
_PK = 0


@dataclass(frozen=True, slots=True)
class _Book:
    """What every entry of one page needs."""

    enrolment: Enrolment
    editions: Editions
    lines: dict[int, Change]
    sources: dict[str, Source]
    with_inputs: bool

    def kept(self, stored: tuple) -> LedgerEntry:
        """Of a row as the database gave it. The key is all that ``entry`` looks at, to the letter.

        The row stands in it as a hash: with it come columns of whoever decided that nobody should keep.
        """
        line = self.lines[stored[_PK]]
        key = (
            hashlib.sha256(repr(stored).encode()).digest(),
            (self._named(line.superseded_by), self._named(line.supersedes), line.superseded_by is None),
            # Of all that she has followed, so also of those that this entry names.
            tuple((version.pk, version.content_hash) for version in self._followed()),
            (self.enrolment.runner_id, str(self.enrolment.runner.zone), get_language(), id(self.sources)),
        )
        # The sources are kept as well, so that no others come to stand at their place in memory.
        return _kept.of(key, lambda: (self.entry(_without_inputs.made_of(stored), line), self.sources))[0]

    def _followed(self) -> Iterator[ProgrammeVersion]:
        yield self.editions.present
        yield from self.editions.left.values()

    def entry(self, row: Decision, line: Change) -> LedgerEntry:
        # Each by the edition that decided it: she may have been moved since.
        version = self.editions.of(row.version_id)
        criteria = criterion_rows(recorded(row.criteria), version, row.stage_before, self.sources, then=True)
        shadow, shadow_rule = shadow_of(row) if self.with_inputs else (None, "")
        return LedgerEntry(
            pk=row.pk,
            date=row.date,
            when=weekday_full_day(row.date),
            tag=tag_of(row),
            reason=said(row.reason),
            move=self._move(row),
            takes_effect=full_day(row.takes_effect_on),
            how=self._how(row),
            refer=REFERS[row.refer] if row.refer != Refer.NONE else None,
            is_superseded=line.superseded_by is not None,
            replaced_by=self._named(line.superseded_by),
            replaces=self._named(line.supersedes),
            met=sum(criterion.state == Status.MET for criterion in criteria),
            criteria=criteria,
            rule=rule_evidence(row.rule, self.sources),
            facts=tuple(self._facts(row)),
            shadow=shadow,
            shadow_rule=shadow_rule,
            inputs=inputs_of(row, version) if self.with_inputs else None,
        )

    def _move(self, row: Decision) -> str:
        ends_in = (row.override and row.override.version_id) or row.version_id
        if (row.stage_before, row.version_id) == (row.stage_after, ends_in):
            return ""
        before = self.editions.title(row.stage_before, row.version_id)
        after = self.editions.title(row.stage_after, ends_in)
        return _("From “%(before)s” to “%(after)s”") % {"before": before, "after": after}

    def _how(self, row: Decision) -> str:
        if row.trigger == Trigger.CLINICIAN:
            return _("by %(name)s") % {"name": row.decided_by}
        return str(_HOW[row.trigger])

    def _named(self, pk: int | None) -> str:
        """The other decision of a correction, by its day and outcome."""
        other = self.lines.get(pk)
        return f"{tag_of(other).label}, {weekday_full_day(other.date)}" if other else ""

    def _facts(self, row: Decision):
        runner = self.enrolment.runner
        because = TRIGGERS.get(row.trigger, row.trigger) if self.with_inputs else _BECAUSE[row.trigger]
        at = full_instant(wall_time(row.decided_at, runner.zone))
        yield Fact(_("Why then"), str(because))
        yield Fact(_("When"), _("%(at)s, the runner's time") % {"at": at} if self.with_inputs else at)
        yield Fact(pgettext("who decided", "Who"), self._author(row))
        if row.override:
            if self.with_inputs and row.trigger == Trigger.CLINICIAN:
                yield Fact(_("Kind of reason"), row.override.get_reason_code_display())
            yield Fact(_("Reason given"), row.override.reason)
            if row.override.assessed_by:
                seen = {"name": row.override.assessed_by, "date": full_day(row.override.assessed_on)}
                yield Fact(_("Seen by"), _("%(name)s on %(date)s") % seen)
            if row.override.review_on:
                yield Fact(_("To be looked at again"), full_day(row.override.review_on))
        yield Fact(_("Programme"), self._edition(row.version_id))
        if row.override and row.override.version_id:
            yield Fact(_("Moved to"), self._edition(row.override.version_id))
        yield Fact(_("Version of the rules"), row.engine_version)

    def _edition(self, version_id: int) -> str:
        version = self.editions.of(version_id)
        words = {"title": said(version.document["title"]), "number": version.number}
        return _("%(title)s, edition %(number)s") % words

    def _author(self, row: Decision) -> str:
        if row.decided_by_id is None:
            return _("The rules of the programme, by themselves")
        if row.decided_by_id == self.enrolment.runner_id and not self.with_inputs:
            return _("You")
        return str(row.decided_by)
