"""A warning sign is told to the physiotherapist each time, whatever the level that is told already."""

import pytest

from programs.models import MessageKind
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues, report_red_flags
from tests.builders import QUIET, an_enrolment, an_entry, live, reloaded
from tests.integration.test_messages import HOUR, MINUTE, kinds_to, owed, soon
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("second", ["CE_BLADDER", "FEVER_UNWELL"], ids=["same level", "lower level"])
def test_every_later_warning_sign_is_told_to_the_physiotherapist_once_a_day(second):
    petra = a_clinician()
    enrolment = an_enrolment(clinician=petra)
    enrolment = live(enrolment, EntryValues(rest=2, red_flags=("CE_SADDLE",)), QUIET)
    assert len(kinds_to(petra)) == len(kinds_to(enrolment.runner)) == 1
    now = enrolment.closes_at - HOUR * 6
    for minutes in range(3):
        report_red_flags(
            enrolment=enrolment, by=enrolment.runner, now=now + minutes * MINUTE, codes=(second,)
        )
    told = [message for message in owed(MessageKind.CLINICIAN_PAUSE) if message.recipient_id == petra.pk]
    assert [(message.local_date, message.level) for message in told][1:] == [
        (enrolment.open_date, "emergency")
    ]
    # She herself knows; and the nights of the pause tell nobody anything.
    live(reloaded(enrolment), None, QUIET)
    assert len(kinds_to(petra)) == 2 and len(kinds_to(enrolment.runner)) == 1


def test_another_answer_of_a_day_with_a_warning_sign_tells_nobody_anything():
    petra = a_clinician()
    enrolment = an_enrolment(clinician=petra)
    an_entry(enrolment, rest=2, red_flags=("CE_SADDLE",))
    an_entry(enrolment, rest=3, red_flags=("CE_SADDLE",))
    assert len(kinds_to(petra)) == 1


def test_a_sign_where_the_engine_cannot_decide_is_told_too(monkeypatch, mailoutbox):
    def cannot(*args):
        raise KeyError("a stage that is gone")

    petra = a_clinician()
    enrolment = an_enrolment(clinician=petra)
    monkeypatch.setattr("programs.services.red_flags._decided", cannot)
    an_entry(enrolment, rest=2, red_flags=("CE_SADDLE",))
    assert kinds_to(petra) == [MessageKind.CLINICIAN_PAUSE]
    assert deliver_due(now=soon(enrolment)).sent == 1
    assert mailoutbox[0].subject == "Emergency: a runner needs you now"
