from programs.models.adjustment import Adjustment, AdjustmentKind
from programs.models.calendar_feed import CalendarFeed
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
from programs.models.mail_choice import ChosenVia, MailChoice
from programs.models.measures import MeasureOccasion, MeasureResponse, NamedActivity
from programs.models.notification import (
    BY_THE_CLOCK,
    CHOSEN,
    OF_A_LIST,
    MessageKind,
    MessageOwed,
    MessageStatus,
)
from programs.models.template import NOTE_OF_COPY, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.models.watching import Alarm, AlarmName, CountMark, DecisionCount

__all__ = [
    "BY_THE_CLOCK",
    "CHOSEN",
    "NOTE_OF_COPY",
    "OF_A_LIST",
    "Adjustment",
    "AdjustmentKind",
    "Alarm",
    "AlarmName",
    "CalendarFeed",
    "CaseloadSeen",
    "ChosenVia",
    "ClinicalNote",
    "CountMark",
    "DayChoice",
    "Decision",
    "DecisionCount",
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
    "MailChoice",
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
