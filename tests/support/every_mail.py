"""Mails of every kind without a database: rows that are not saved, and what would be read for them."""

import datetime

from accounts.models import Role, User
from accounts.models.user import clean_name
from accounts.selectors.clinic_defaults import AS_THE_SITE
from programs.emails import Content, email_for
from programs.mail_contents.last_week import LastWeek
from programs.mail_contents.lists import ListRow
from programs.mail_contents.today import PlanLines, SessionLine
from programs.mailing import RULES
from programs.mailing.kinds import To
from programs.models import Decision, Enrolment, MessageKind, MessageOwed, ProgrammeVersion

DATE = datetime.date(2026, 11, 21)
CHINESE = "zh-hans"
VERSION = ProgrammeVersion(
    number=1, document={"stages": [{"key": "S3", "title": "Run 1, walk 4"}, {"key": "S4", "title": "Run 2"}]}
)
REASON = "Pain reached 7/10 during the session, above the limit of 5. “Two easy days” & more."
PLAN = PlanLines(
    "A session day", "A session is planned today.", (SessionLine("Run 1, walk 4", "35 minutes"),)
)
WEEK = LastWeek(
    first=datetime.date(2026, 11, 9),
    last=datetime.date(2026, 11, 15),
    days=7,
    recorded=5,
    done=2,
    planned=3,
    pain="1 to 4 of 10, on average 2.4",
    decided=("Tuesday 10 November: Move on: Run 1, walk 4",),
    stage="Run 1, walk 4",
)
LINK = "https://rehab.example.org/runners/1/"


def a_row(who: str = "RR", reason: str = "") -> ListRow:
    return ListRow(
        runner_id=1,
        who=who,
        need="Worse after a session",
        reason=reason,
        standing="for 3 days",
        link=LINK,
        is_review_due=True,
    )


def a_content(kind: str, *, name: str = "", **context) -> Content:
    """As ``mail_contents`` would give it."""
    name = clean_name(name)
    lists = {"rows": [a_row(name or "RR", name)], "more": 4, "total": 5}
    given = {
        MessageKind.WEEKLY: {"week": WEEK},
        MessageKind.DIGEST: {**lists, "counts": [("Worse after a session", 5)], "on_the_list": 9},
        MessageKind.REVIEWS: lists,
        **dict.fromkeys(("reminder", "nudge", "again"), {"plan": PLAN}),
    }
    return Content({**given.get(kind, {}), **context})


def is_to_a_clinician(kind: str) -> bool:
    return RULES[kind].to is To.CLINICIAN


def a_message(
    kind: str, *, refer: str = "routine", name: str = "Rosa Runner", reason: str = REASON, language: str = ""
) -> MessageOwed:
    rosa = User(email="rosa@example.org", name=name, language=language)
    petra = User(email="petra@example.org", name="Petra Physio", role=Role.CLINICIAN, language=language)
    enrolment = Enrolment(runner=rosa, version=VERSION)
    enrolment.of_clinic = AS_THE_SITE
    decision = Decision(
        date=DATE,
        takes_effect_on=DATE + datetime.timedelta(days=1),
        stage_before="S4",
        stage_after="S3",
        refer=refer,
        reason=reason,
        version=VERSION,
    )
    return MessageOwed(
        pk=17,
        recipient=petra if is_to_a_clinician(kind) else rosa,
        enrolment=None if kind in ("digest", "reviews") else enrolment,
        kind=kind,
        local_date=DATE,
        level=refer,
        decision=decision if kind in ("advance", "step_back", "pause", "clinician_pause") else None,
        message_id="<1@example.org>",
    )


def a_mail(kind: str, *, content: Content | None = None, **fields):
    return email_for(a_message(kind, **fields), content or a_content(kind, name=fields.get("name", "")))


def html_of(mail) -> str:
    return mail.alternatives[0].content
