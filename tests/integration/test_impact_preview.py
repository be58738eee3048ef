"""The impact of a draft on real rows: who is counted, who is named, and in how many queries."""

import copy
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.services import grant_consent, revoke_consent
from programs.builder.impact import Effect
from programs.engine.simulate import Simulation, simulate
from programs.models import Decision, Enrolment, ProgrammeVersion
from programs.selectors.impact import EFFECTS, impact_of
from programs.selectors.impact_rows import stretches_of
from programs.selectors.origin import basis_of
from programs.services.drafts import begin_draft
from programs.services.editions import publish
from programs.services.moves import move_version
from programs.services.overrides import hold_until, set_stage
from programs.views import drafts_ahead
from tests.builders import COMFORTABLE, QUIET, a_published_version, an_enrolment, live, reloaded, the_library
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAYS = 12
BEGAN = NOW - datetime.timedelta(days=DAYS)


@pytest.fixture(autouse=True)
def _library():
    the_library()


def a_document(min_days: int | None = None) -> dict:
    document = copy.deepcopy(a_published_version().document)
    document["title"] = "Our own"
    if min_days:
        document["stages"][1]["criteria"]["min_days"]["value"] = min_days
    return document


def an_edition(by, **changes) -> ProgrammeVersion:
    draft = begin_draft(by=by, now=BEGAN, document=a_document(**changes))
    return publish(draft=draft, by=by, now=BEGAN, note="The first", known_hash=draft.content_hash)


def a_next_draft(by, edition: ProgrammeVersion, **changes) -> ProgrammeVersion:
    document = a_document(**changes)
    return begin_draft(by=by, now=NOW, document=document, template=edition.template)


def a_follower(name: str, clinician, edition: ProgrammeVersion, *days) -> Enrolment:
    """Somebody who walked every day and was quiet: after four days she moves on."""
    runner = a_runner(f"{name}@example.org".lower(), name)
    grant_consent(runner=runner, clinician=clinician, now=BEGAN)
    enrolment = an_enrolment(runner, version=edition, days_ago=DAYS, now=NOW)
    return live(enrolment, *(days or [COMFORTABLE] * (DAYS - 1)))


def the_impact(draft: ProgrammeVersion, viewer):
    basis = basis_of(draft=draft, viewer=viewer, now=NOW)
    return impact_of(draft=draft, basis=basis, viewer=viewer, now=NOW)


def effects(impact) -> dict[str, int]:
    return {str(number.tag.label): number.runners for number in impact.numbers}


def label(effect: Effect) -> str:
    return str(EFFECTS[effect].label)


def test_a_draft_that_says_the_same_decides_the_same():
    petra = a_clinician()
    edition = an_edition(petra)
    a_follower("Ann", petra, edition)
    found = the_impact(a_next_draft(petra, edition), petra)
    assert (found.followers, found.compared, found.different) == (1, 1, 0)
    assert effects(found) == {label(Effect.NONE): 1}


def test_who_would_have_moved_on_later_and_on_which_day_first():
    petra = a_clinician()
    edition = an_edition(petra)
    enrolment = a_follower("Ann", petra, edition)
    advance = Decision.objects.filter(enrolment=enrolment, decision="advance").earliest("date")
    found = the_impact(a_next_draft(petra, edition, min_days=9), petra)
    assert effects(found) == {label(Effect.LATER): 1}
    (ann,) = found.named
    assert (ann.name, ann.date, ann.stage) == ("Ann", advance.date, "Gentle walking")
    assert "at least 9" in ann.reason_draft
    (pair,) = found.pairs
    assert (pair.draft, pair.runners) == ("Too few days on this stage", 1)


def test_walked_again_the_present_edition_says_what_is_in_the_ledger():
    """So that what differs comes from the draft and not from the way it is walked."""
    petra = a_clinician()
    edition = an_edition(petra)
    hurt = [COMFORTABLE, QUIET, None, COMFORTABLE, COMFORTABLE, COMFORTABLE, None, None, COMFORTABLE]
    enrolment = a_follower("Ann", petra, edition, *hurt)
    since, until = BEGAN.date() - datetime.timedelta(days=1), NOW.date()
    stretch = stretches_of(Enrolment.objects.active(), since, until)[enrolment.pk]
    walk = Simulation(stretch.programme, stretch.state, stretch.entries, stretch.first, stretch.last)
    again = {
        datetime.date.fromordinal(day.day): (day.decision.rule, str(day.decision.outcome))
        for day in simulate(walk)
    }
    recorded = Decision.objects.in_force().filter(enrolment=enrolment).values_list("date", "rule", "decision")
    assert again == {date: (rule, decision) for date, rule, decision in recorded}


def test_names_are_those_of_her_own_caseload_only():
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul")
    edition = an_edition(petra)
    a_follower("Ann", petra, edition)
    bea = a_follower("Beatrix", petra, edition)
    grant_consent(runner=bea.runner, clinician=paul, now=BEGAN)
    revoke_consent(runner=bea.runner, clinician=petra, now=NOW)
    draft = a_next_draft(petra, edition, min_days=9)
    found = the_impact(draft, petra)
    assert (found.compared, found.different, found.others) == (2, 2, 1)
    assert [one.name for one in found.named] == ["Ann"]
    html = signed_in(petra).get(reverse("draft_impact", args=[draft.template.key])).content.decode()
    assert "Ann" in html
    assert "Beatrix" not in html
    assert "1 more is not on your caseload" in html
    looked = AccessRecord.objects.filter(act="list", actor=petra)
    assert [record.runner.name for record in looked] == ["Ann"]


def test_acts_of_persons_stay_what_they_were():
    petra = a_clinician()
    edition = an_edition(petra)
    enrolment = a_follower("Ann", petra, edition, QUIET)
    then = reloaded(enrolment).closes_at
    held = then + datetime.timedelta(days=20)
    hold_until(enrolment=enrolment, by=petra, now=then, until=held.date(), reason="Away for a week")
    live(enrolment, *[COMFORTABLE] * (DAYS - 3))
    found = the_impact(a_next_draft(petra, edition, min_days=9), petra)
    assert found.different == 0


def test_a_stage_that_the_draft_does_not_have_is_said():
    petra = a_clinician()
    edition = an_edition(petra)
    enrolment = a_follower("Ann", petra, edition, QUIET)
    then = reloaded(enrolment).closes_at
    set_stage(enrolment=enrolment, by=petra, now=then, stage="S4_run2_walk3", reason="She runs already")
    live(enrolment, QUIET, QUIET)
    draft = a_next_draft(petra, edition)
    document = draft.document
    document["stages"] = [stage for stage in document["stages"] if stage["key"] != "S4_run2_walk3"]
    found = the_impact(draft, petra)
    assert effects(found) == {label(Effect.NO_STAGE): 1}
    html = signed_in(petra).get(reverse("draft_impact", args=[draft.template.key]))
    assert html.status_code == 200


def test_after_a_move_only_the_days_of_the_present_edition_count():
    petra = a_clinician()
    edition = an_edition(petra)
    enrolment = a_follower("Ann", petra, edition, COMFORTABLE, COMFORTABLE)
    a_next = a_next_draft(petra, edition, min_days=5)
    second = publish(draft=a_next, by=petra, now=BEGAN, note="Second", known_hash=a_next.content_hash)
    then = reloaded(enrolment).closes_at
    move_version(
        enrolment=enrolment,
        by=petra,
        now=then,
        version=second,
        stage="S1_walking",
        reason_code="programme",
        reason="The second edition fits",
    )
    live(enrolment, *[COMFORTABLE] * 7)
    stretches = stretches_of(
        Enrolment.objects.active(), BEGAN.date() - datetime.timedelta(days=1), NOW.date()
    )
    stretch = stretches[enrolment.pk]
    moved_on = enrolment.overrides.get().date
    assert (stretch.first, stretch.programme.version) == (moved_on.toordinal(), 2)
    found = the_impact(a_next_draft(petra, edition, min_days=9), petra)
    assert effects(found) == {label(Effect.LATER): 1}


def test_whoever_began_today_is_left_out_and_counted():
    petra = a_clinician()
    edition = an_edition(petra)
    runner = a_runner()
    grant_consent(runner=runner, clinician=petra, now=BEGAN)
    an_enrolment(runner, version=edition, now=NOW)
    found = the_impact(a_next_draft(petra, edition), petra)
    assert (found.followers, found.compared, found.left_out) == (1, 0, 1)


def test_as_many_queries_for_one_as_for_many():
    petra = a_clinician()
    edition = an_edition(petra)
    draft = a_next_draft(petra, edition, min_days=9)
    counted = []
    for names in (["Ann"], ["Bea", "Cat", "Dora"]):
        for name in names:
            a_follower(name, petra, edition, COMFORTABLE, COMFORTABLE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            the_impact(draft, petra)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 10


def test_with_many_runners_a_page_says_first_that_it_takes_a_while(monkeypatch):
    monkeypatch.setattr(drafts_ahead, "AT_ONCE", 0)
    petra = a_clinician()
    edition = an_edition(petra)
    a_follower("Ann", petra, edition, COMFORTABLE)
    draft = a_next_draft(petra, edition, min_days=9)
    client = signed_in(petra)
    for page in ("draft_impact", "draft_publish"):
        address = reverse(page, args=[draft.template.key])
        html = client.get(address).content.decode()
        assert 'http-equiv="refresh"' in html
        assert "Ann" not in html
        assert "compared" in client.get(address, {"now": "1"}).content.decode()


def test_a_draft_with_faults_is_run_over_nobody():
    petra = a_clinician()
    edition = an_edition(petra)
    a_follower("Ann", petra, edition, COMFORTABLE)
    draft = a_next_draft(petra, edition, min_days=1)
    html = signed_in(petra).get(reverse("draft_impact", args=[draft.template.key])).content.decode()
    assert "1 thing is not right yet" in html
    assert not AccessRecord.objects.filter(act="list").exists()
