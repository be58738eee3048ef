from programs.models.decision import Decision, Override, OverrideKind
from programs.models.diary import DiaryEntry, EntryRevision, PlannedSession
from programs.models.enrolment import Enrolment, EnrolmentStatus, PainPattern
from programs.models.heartbeat import JobHeartbeat
from programs.models.intake import Intake, IntakeOutcome
from programs.models.library import LibraryItem
from programs.models.notification import MessageKind, MessageOwed, MessageStatus
from programs.models.template import ProgrammeTemplate, ProgrammeVersion, VersionStatus

__all__ = [
    "Decision",
    "DiaryEntry",
    "Enrolment",
    "EnrolmentStatus",
    "EntryRevision",
    "Intake",
    "IntakeOutcome",
    "JobHeartbeat",
    "LibraryItem",
    "MessageKind",
    "MessageOwed",
    "MessageStatus",
    "Override",
    "OverrideKind",
    "PainPattern",
    "PlannedSession",
    "ProgrammeTemplate",
    "ProgrammeVersion",
    "VersionStatus",
]
