from programs.models.decision import Decision, Override, OverrideKind
from programs.models.diary import DayChoice, DiaryEntry, EntryRevision, PainNote, PlannedSession
from programs.models.enrolment import Enrolment, EnrolmentStatus, PainPattern
from programs.models.heartbeat import JobHeartbeat
from programs.models.intake import Intake, IntakeOutcome
from programs.models.library import LibraryItem
from programs.models.measures import MeasureOccasion, MeasureResponse, NamedActivity
from programs.models.notification import MessageKind, MessageOwed, MessageStatus
from programs.models.template import ProgrammeTemplate, ProgrammeVersion, VersionStatus

__all__ = [
    "DayChoice",
    "Decision",
    "DiaryEntry",
    "Enrolment",
    "EnrolmentStatus",
    "EntryRevision",
    "Intake",
    "IntakeOutcome",
    "JobHeartbeat",
    "LibraryItem",
    "MeasureOccasion",
    "MeasureResponse",
    "MessageKind",
    "MessageOwed",
    "MessageStatus",
    "Override",
    "OverrideKind",
    "PainNote",
    "PainPattern",
    "NamedActivity",
    "PlannedSession",
    "ProgrammeTemplate",
    "ProgrammeVersion",
    "VersionStatus",
]
