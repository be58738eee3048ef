"""Whatever happens in whatever order: one open case for each pressing pause, with an owner who has access."""

import contextlib
import datetime
import random

import pytest

from accounts.models import Consent
from accounts.services import grant_consent, revoke_consent
from programs.models import RedFlagCase
from programs.services.errors import NotLetIn, Refused
from programs.services.overrides import clear_pause
from programs.services.watch import watch_red_flags
from tests.integration.story import Story
from tests.integration.test_red_flag_cases import EMERGENCY, URGENT, case_of, is_whole, sign, take
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
ACTS = ("sign", "worse", "take", "clear", "give", "end", "watch", "day")


def act(story: Story, what: str, day: int, at: datetime.datetime, chance: random.Random) -> None:
    """One thing that may happen; what is refused has not happened."""
    who = chance.choice(story.everybody)
    match what:
        case "sign" | "worse":
            sign(story, URGENT if what == "sign" else EMERGENCY, at)
        case "take":
            take(story, who, at)
        case "clear":
            seen = {"assessed_by": "Dr Ada Ames", "assessed_on": story.date(day)}
            words = {"reason": "seen and well", "reason_code": "assessment"}
            clear_pause(enrolment=story.enrolment, by=who, now=at, **words, **seen)
        case "give":
            grant_consent(runner=story.runner, clinician=who, now=at)
        case "end":
            revoke_consent(runner=story.runner, clinician=who, now=at)
        case "watch":
            watch_red_flags(now=at)


@pytest.mark.parametrize("seed", range(4))
def test_one_case_with_an_owner_whatever_happens(seed):
    chance = random.Random(seed)
    story = Story()
    story.everybody = [story.seen_by(), a_clinician("lena@example.org", "Lena Lead")]
    for day in range(2, 8):
        for hour in (9, 12, 15):
            at = story.at(day, datetime.time(hour))
            with contextlib.suppress(Refused, NotLetIn, RedFlagCase.DoesNotExist):
                act(story, chance.choice(ACTS), day, at, chance)
            assert is_whole()
        story.close(day)
        assert is_whole()
    now = story.at(8)
    watch_red_flags(now=now)
    if RedFlagCase.objects.filter(closed_at__isnull=True).exists():
        let_in = set(Consent.objects.in_force(now).values_list("clinician", flat=True))
        owner = case_of(story).owner_id
        assert owner in let_in if let_in else owner is None
