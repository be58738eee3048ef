"""The clinic of the demonstration: how it works, and a programme of its own that waits for a person."""

import copy
import datetime

from accounts.models import Clinic, TellsOf, User
from accounts.services.clinic_settings import ClinicSettings, change_settings
from accounts.services.clinics import create_clinic, join_clinic
from programs.models import ProgrammeVersion
from programs.services.demo.cast import OWN_PROGRAMME
from programs.services.demo.people import CLINIC, MARA, PAUL, PETRA
from programs.services.drafts import begin_draft
from programs.services.editions import publish

#: A copy of this one, which asks for a person before the first run.
COPIED, CONFIRMED_STAGE = "lbp-acute-default", "S2_core"
TITLE = "Riverside: return to running, first run confirmed"
#: What the draft of the next edition asks for: another week before the first run.
LONGER = 14
_WORKING_WEEK = [1, 2, 3, 4, 5]


def found(users: dict[str, User], founded: datetime.datetime) -> Clinic:
    """Petra leads it and Paul works there; its days close as those of the site."""
    clinic = create_clinic(name=CLINIC, by=users[MARA], now=founded)
    for email in (PETRA, PAUL):
        join_clinic(clinic=clinic, clinician=users[email], now=founded, is_lead=email == PETRA)
    values = ClinicSettings(
        close_hour=None,
        emergency_number="",
        urgent_service="",
        tells_of_red_flags=TellsOf.LEAD_TOO,
        silent_from_days=3,
        time_zone="Europe/London",
        opens_at=datetime.time(8),
        shuts_at=datetime.time(18),
        working_days=_WORKING_WEEK,
        red_flags_at_night=True,
        mails_name_runners=False,
    )
    change_settings(clinic=clinic, by=users[PETRA], now=founded, values=values)
    return clinic


def publish_own(
    users: dict[str, User], versions: dict[str, ProgrammeVersion], founded: datetime.datetime
) -> dict[str, ProgrammeVersion]:
    """The shipped programmes, and one of the clinic's own."""
    document = copy.deepcopy(versions[COPIED].document)
    document["title"] = TITLE
    _stage_of(document)["sign_off"] = True
    petra = users[PETRA]
    draft = begin_draft(by=petra, now=founded, document=document)
    note = "The first run starts once one of us has looked at the walking."
    own = publish(draft=draft, by=petra, now=founded, note=note, known_hash=draft.content_hash)
    return {**versions, OWN_PROGRAMME: own}


def begin_next_edition(own: ProgrammeVersion, petra: User, now: datetime.datetime) -> ProgrammeVersion:
    """A draft that differs in one number, for its differences and its impact."""
    document = copy.deepcopy(own.document)
    _stage_of(document)["criteria"]["min_days"]["value"] = LONGER
    return begin_draft(by=petra, now=now, document=document, template=own.template)


def _stage_of(document: dict) -> dict:
    return next(stage for stage in document["stages"] if stage["key"] == CONFIRMED_STAGE)
