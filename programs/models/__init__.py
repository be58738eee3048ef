from programs.models.adjustment import Adjustment, AdjustmentKind
from programs.models.caseload import CaseloadSeen, SavedView, Snooze
from programs.models.clinical import (
    ClinicalNote,
    Discharge,
    DischargeOutcome,
    ReadMark,
    RedFlagCase,
    SharedMessage,
)
from programs.models.decision import SETS_STAGE, Decision, Override, OverrideKind, ReasonCode
from programs.models.diary import DayChoice, DiaryEntry, EntryRevision, PainNote, PlannedSession
from programs.models.enrolment import Enrolment, EnrolmentStatus, PainPattern
from programs.models.heartbeat import JobHeartbeat
from programs.models.intake import Intake, IntakeOutcome
from programs.models.library import ExercisePicture, LibraryItem
from programs.models.measures import MeasureOccasion, MeasureResponse, NamedActivity
from programs.models.notification import MessageKind, MessageOwed, MessageStatus
from programs.models.template import NOTE_OF_COPY, ProgrammeTemplate, ProgrammeVersion, VersionStatus

__all__ = [
    "NOTE_OF_COPY",
    "Adjustment",
    "AdjustmentKind",
    "CaseloadSeen",
    "ClinicalNote",
    "DayChoice",
    "Decision",
    "DiaryEntry",
    "Discharge",
    "DischargeOutcome",
    "Enrolment",
    "EnrolmentStatus",
    "EntryRevision",
    "ExercisePicture",
    "Intake",
    "IntakeOutcome",
    "JobHeartbeat",
    "LibraryItem",
    "MeasureOccasion",
    "MeasureResponse",
    "MessageKind",
    "MessageOwed",
    "MessageStatus",
    "NamedActivity",
    "Override",
    "OverrideKind",
    "PainNote",
    "PainPattern",
    "PlannedSession",
    "ProgrammeTemplate",
    "ProgrammeVersion",
    "ReadMark",
    "ReasonCode",
    "RedFlagCase",
    "SETS_STAGE",
    "SavedView",
    "SharedMessage",
    "Snooze",
    "VersionStatus",
]
