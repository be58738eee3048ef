"""Her programmes: the editions that she followed, the diary, the ledger, the mails."""

import datetime

from django.db.models import Model

from programs.archive import of_care as care
from programs.archive import of_programmes as tables
from programs.archive.check import place_of, rows_of
from programs.archive.columns import Table
from programs.archive.faults import ArchiveRefused
from programs.engine.daily import furthest
from programs.engine.document import programme_from_document
from programs.engine.values import Site
from programs.engine.week import WEEKDAYS
from programs.library.loader import content_hash
from programs.measures.items import check_stored
from programs.models import DiaryEntry, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services.days import POISON
from programs.services.diary import EntryValues
from programs.services.imports.building import Known, take_over
from programs.services.verification import LedgerReport, verify_ledger
from programs.snapshots import entry_of, programmes_of, state_of

JOB = "import_person"
AFTER_PROGRAMMES = (
    tables.ENROLMENTS,
    tables.INTAKES,
    tables.DIARY_ENTRIES,
    tables.ENTRY_REVISIONS,
    tables.PAIN_NOTES,
    tables.PLANNED_SESSIONS,
    tables.DAY_CHOICES,
    tables.ACTIVITIES,
    tables.MEASURE_RESPONSES,
    tables.OVERRIDES,
    tables.DECISIONS,
    tables.MESSAGES,
    care.CLINICAL_NOTES,
    care.SHARED_MESSAGES,
    care.ADJUSTMENTS,
    care.RED_FLAGS,
    care.SNOOZES,
    care.DISCHARGES,
    care.SAVED_VIEWS,
)


def take_versions(document: dict, known: Known) -> None:
    """Editions under their own numbers: the ledger names them. One that is here already is the same one."""
    table = tables.PROGRAMME_VERSIONS
    for index, written in enumerate(rows_of(document, table)):
        _check_document(index, written)
        content, number = written["document"], written["edition"]
        template, _ = ProgrammeTemplate.objects.get_or_create(
            key=written["key"], defaults={"title": content["title"], "family": content["family"]}
        )
        version = template.versions.filter(number=number).first()
        version = version or _retired(template, written, at=known.people[0].date_joined)
        if version.content_hash != written["content_hash"]:
            raise ArchiveRefused(
                f"{place_of(table, index)}: {written['key']} {number} has another content here. "
                "Import before the library is loaded."
            )
        known.add(table, written, version)


def _retired(template: ProgrammeTemplate, written: dict, *, at: datetime.datetime) -> ProgrammeVersion:
    """For her alone: nobody else is given what came in a file, and ``load_library`` publishes its own."""
    return template.versions.create(
        number=written["edition"],
        status=VersionStatus.RETIRED,
        document=written["document"],
        content_hash=written["content_hash"],
        created_at=at,
        published_at=at,
        published_job=JOB,
    )


def _check_document(index: int, written: dict) -> None:
    place = place_of(tables.PROGRAMME_VERSIONS, index)
    if content_hash(written["document"]) != written["content_hash"]:
        raise ArchiveRefused(f"{place}.content_hash: is not that of the document.")
    try:
        programme_from_document(written["document"], version=written["edition"])
    except POISON as error:
        raise ArchiveRefused(f"{place}.document: is not a programme: {error!r}.") from None


def take_programmes(document: dict, known: Known) -> None:
    """Everything else, in the order in which one refers to the other; then the ledger is made again."""
    for table in AFTER_PROGRAMMES:
        rows = take_over(table, document, known, **_owner(table, known))
        for index, row in enumerate(rows):
            why = _why_unsound(table, row) or _unknown_stage(table, row, known)
            if why:
                raise ArchiveRefused(f"{place_of(table, index)}: {why}")
    _check_ledger(known)


def _owner(table: Table, known: Known) -> dict:
    """The column that says whose row it is, where the archive does not."""
    if table in (tables.ENROLMENTS, tables.INTAKES):
        return {"runner": known.people[0]}
    return {"clinician": known.people[0]} if table is care.SAVED_VIEWS else {}


def _why_unsound(table: Table, row: Model) -> str:
    """What a page or the engine would stumble over, and no constraint says."""
    try:
        if table is tables.ENROLMENTS:
            state_of(row, programmes_of([row.version_id])[row.version_id])
            if not WEEKDAYS.issuperset(row.run_days):
                raise ValueError(f"run_days are weekdays from 1 to 7, not {row.run_days}")
        elif table is tables.DIARY_ENTRIES:
            entry_of(row, notes=())
            _check_places(row)
        elif table is tables.PAIN_NOTES:
            entry_of(row.entry)
        elif table is tables.ENTRY_REVISIONS:
            EntryValues(**row.values)
        elif table is tables.MEASURE_RESPONSES:
            check_stored(row.answers)
    except POISON as error:
        return f"cannot be read: {error!r}."
    return ""


def _unknown_stage(table: Table, row: Model, known: Known) -> str:
    """Every stage that a row names must be one of an edition that she followed."""
    named = [getattr(row, name, "") for name in ("stage_shown", "stage_before", "stage_after")]
    if table in (tables.PLANNED_SESSIONS, tables.OVERRIDES):
        named.append(row.stage)
    named = [name for name in named if name]
    if not named:
        return ""
    followed = known.rows[tables.PROGRAMME_VERSIONS.name].values()
    stages = {key for version in followed for key in version.stage_documents}
    unknown = [name for name in named if name not in stages]
    return f"the programme has no stage {unknown[0]!r}." if unknown else ""


def _check_places(row: DiaryEntry) -> None:
    """Leg pain and places are two columns for one answer; days from before there were places name none."""
    leg = furthest(Site(site) for site in row.sites)
    if row.sites and leg != row.leg:
        raise ValueError(f"leg is {row.leg!r}, but the places say {leg.value!r}")


def _check_ledger(known: Known) -> None:
    """Every decision must follow from its inputs, as it did where it was made."""
    rows = {row.pk: number for number, row in known.rows.get("decisions", {}).items()}
    some = next(iter(known.rows.get("decisions", {}).values()), None)
    if some is None:
        return
    try:
        found = list(verify_ledger(LedgerReport(), type(some).objects.filter(pk__in=rows)))
    except POISON as error:
        raise ArchiveRefused(f"decisions: the ledger cannot be read: {error!r}.") from None
    if found:
        raise ArchiveRefused(
            *(
                f"{place_of(tables.DECISIONS, rows[fault.decision_id] - 1)}: {fault.what}"
                for fault in found[:20]
            )
        )
