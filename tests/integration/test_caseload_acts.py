"""What a physiotherapist does on her list: put off, "I have seen these", views, one message to several."""

import datetime
import uuid
from dataclasses import replace

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.services import grant_consent, revoke_consent
from programs.engine.triage import NeedCode
from programs.models import CaseloadSeen, Enrolment, SavedView, SharedMessage, Snooze
from programs.selectors.caseload import caseload_page
from programs.selectors.caseload_filters import Asked, filters_of
from programs.services.caseload import (
    MOST_VIEWS,
    end_snooze,
    mark_seen,
    save_view,
    snooze,
    write_to_several,
)
from programs.services.days import close_due
from programs.services.diary import EntryValues, record_entry
from programs.services.errors import NotLetIn, Refused
from programs.services.overrides import clear_pause, hold_until, set_stage
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FLAGGED = EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",))


@pytest.fixture(autouse=True)
def at_noon():
    """Days that were lived are closed: before three in the morning the day before is still open."""
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=True):
        yield


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def sil(petra) -> Enrolment:
    """Silent for four days."""
    return on_her_list(petra, "Sil Silent", QUIET, None, None, None, None)


def on_her_list(petra, name: str, *days) -> Enrolment:
    runner = a_runner(email=f"{name.split()[0].lower()}@example.org", name=name)
    return live(an_enrolment(runner, clinician=petra, days_ago=len(days)), *days)


def page_of(clinician, now=None, **filters):
    return caseload_page(clinician=clinician, now=now or timezone.now(), asked=Asked(**filters))


def names(rows) -> list[str]:
    return [row.name for row in rows]


def put_off(enrolment, by, *, days=3, need="silent", note="Away until Friday"):
    now = timezone.now()
    return snooze(enrolment=enrolment, by=by, now=now, need=need, until=now.date() + days * DAY, note=note)


# --- putting off ------------------------------------------------------------------------
def test_who_is_put_off_stands_at_the_end_with_the_note(petra, sil):
    on_her_list(petra, "Fay Fine", QUIET, QUIET)
    put_off(sil, petra)
    page = page_of(petra)
    assert (names(page.rows), names(page.put_off)) == (["Fay Fine"], ["Sil Silent"])
    assert (page.total, page.put_off[0].put_off.note) == (2, "Away until Friday")
    html = signed_in(petra).get("/caseload/").content.decode()
    assert "Away until Friday" in html and "Back on the list now" in html


def test_each_physiotherapist_puts_off_for_herself(petra, sil):
    paul = a_clinician("paul@example.org", "Paul Other")
    grant_consent(runner=sil.runner, clinician=paul, now=timezone.now())
    put_off(sil, petra)
    assert names(page_of(paul).rows) == ["Sil Silent"]
    put_off(sil, paul, note="Phoned her")
    assert end_snooze(enrolment=sil, by=paul, now=timezone.now()) is True
    assert end_snooze(enrolment=sil, by=paul, now=timezone.now()) is False
    assert names(page_of(paul).rows) == ["Sil Silent"]
    assert names(page_of(petra).put_off) == ["Sil Silent"]


def test_it_ends_after_its_day_and_a_new_one_takes_the_place_of_the_old(petra, sil):
    put_off(sil, petra, days=1)
    later = timezone.now() + 2 * DAY
    assert names(page_of(petra, later).rows) == ["Sil Silent"]
    put_off(sil, petra, days=5, note="Still away")
    assert Snooze.objects.filter(ended_at__isnull=True).count() == 1
    assert page_of(petra, later).put_off[0].put_off.note == "Still away"


def test_a_more_pressing_need_brings_a_runner_back_at_once(petra, sil):
    put_off(sil, petra)
    an_entry(sil, now=timezone.now(), morning=2, rest=6, session="none")
    (row,) = page_of(petra).rows
    assert row.need.code is NeedCode.ABOVE_BASELINE
    assert row.put_off is None


def test_another_pause_than_the_one_that_was_put_off_brings_a_runner_back(petra):
    legs = EntryValues(morning=1, rest=1, leg="below_knee")
    ida = on_her_list(petra, "Ida Injured", QUIET, legs, legs)
    put_off(ida, petra, days=20, need="paused", note="Sees her doctor next week")
    assert names(page_of(petra).put_off) == ["Ida Injured"]
    now = timezone.now()
    clear_pause(enrolment=ida, by=petra, now=now, reason="Her doctor found nothing")
    Enrolment.objects.filter(pk=ida.pk).update(refer="routine", paused_at=now + datetime.timedelta(hours=1))
    page = page_of(petra, now=now + datetime.timedelta(hours=2))
    assert (names(page.rows), names(page.put_off)) == (["Ida Injured"], [])


def test_a_stage_that_was_set_in_a_pause_does_not_end_it(petra):
    low = EntryValues(morning=7, rest=7)
    enrolment = on_her_list(petra, "Pam Paused", low, low)
    given = {"by": petra, "now": timezone.now(), "reason": "Begin gently"}
    before = page_of(petra).rows[0]
    assert before.need.code == NeedCode.PAUSED
    set_stage(enrolment=enrolment, stage="S2_core", **given)
    after = page_of(petra).rows[0]
    assert {row.words.next_step for row in (before, after)} == {"See them, then clear the pause."}


def test_a_milder_need_stays_put_off_through_the_day(petra, sil):
    put_off(sil, petra)
    an_entry(sil, now=timezone.now(), morning=1, rest=1, session="none")
    assert names(page_of(petra).put_off) == ["Sil Silent"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"days": 0}, "until"),
        ({"days": 31}, "until"),
        ({"note": "  "}, "note"),
        ({"note": "x" * 301}, "note"),
        ({"need": "emergency"}, None),
        ({"need": "fine"}, None),
        ({"need": "nonsense"}, None),
    ],
)
def test_it_needs_a_day_a_note_and_something_to_put_off(petra, sil, changed, field):
    with pytest.raises(Refused) as refusal:
        put_off(sil, petra, **changed)
    assert refusal.value.field == field
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("need", ["urgent", "paused", "silent"])
def test_nobody_puts_a_red_flag_off_whatever_the_form_says(petra, need):
    uma = on_her_list(petra, "Uma Urgent", FLAGGED)
    with pytest.raises(Refused):
        put_off(uma, petra, need=need)
    address = reverse("snooze", args=[uma.public_id])
    browser = signed_in(petra)
    html = browser.get(address).content.decode()
    assert "This cannot be put off" in html and 'name="until"' not in html
    browser.post(address, {"need": need, "until": _in(2), "note": "Later"})
    assert not Snooze.objects.exists()
    assert names(page_of(petra).rows) == ["Uma Urgent"]


def test_the_database_keeps_no_snooze_of_a_red_flag(petra, sil):
    row = {"enrolment": sil, "until": timezone.now().date(), "note": "x", "made_at": timezone.now()}
    for need in ("emergency", "urgent"):
        with pytest.raises(IntegrityError, match="a_red_flag_is_never_snoozed"), transaction.atomic():
            Snooze.objects.create(need=need, made_by=petra, **row)


def test_a_red_flag_that_comes_later_is_on_top_although_she_was_put_off(petra, sil):
    put_off(sil, petra, days=20)
    an_entry(sil, now=timezone.now(), morning=2, rest=2, red_flags=("CE_SADDLE",))
    page = page_of(petra)
    assert page.rows[0].need.code is NeedCode.EMERGENCY
    assert page.put_off == ()


def test_a_stranger_puts_nobody_off(petra, sil):
    with pytest.raises(NotLetIn):
        put_off(sil, a_clinician("paul@example.org", "Paul Other"))
    revoke_consent(runner=sil.runner, clinician=petra, now=timezone.now())
    with pytest.raises(NotLetIn):
        end_snooze(enrolment=sil, by=petra, now=timezone.now())


def test_a_stranger_reaches_neither_form_nor_button(petra, sil):
    form = {"need": "silent", "until": _in(3), "note": "Away until Friday"}
    addresses = [reverse(name, args=[sil.public_id]) for name in ("snooze", "snooze_end")]
    stranger = signed_in(a_clinician("paul@example.org", "Paul Other"))
    hers = signed_in(petra)
    assert hers.get(addresses[0]).status_code == 200
    revoke_consent(runner=sil.runner, clinician=petra, now=timezone.now())
    for browser in (stranger, hers):
        answers = [browser.post(address, form) for address in addresses]
        for answer in (*answers, browser.get(addresses[0])):
            assert answer.status_code == 404
            assert "Silent" not in answer.content.decode()
    assert not Snooze.objects.exists()


def test_the_form_puts_off_and_one_on_another_need_asks_again(petra, sil):
    browser, address = signed_in(petra), reverse("snooze", args=[sil.public_id])
    form = {"need": "silent", "until": _in(3), "note": "Away until Friday"}
    changed = browser.post(address, form | {"need": "ready"})
    assert "has changed meanwhile" in changed.content.decode()
    assert 'value="silent"' in changed.content.decode()
    refused = browser.post(address, form | {"until": _in(40)}).content.decode()
    assert "at most 30 days ahead" in refused and "Away until Friday" in refused
    told = browser.post(address, form, follow=True).content.decode()
    day = date_format(datetime.date.fromisoformat(form["until"]), "j F Y")
    assert f"is put off until {day}." in told
    browser.post(reverse("snooze_end", args=[sil.public_id]))
    assert names(page_of(petra).rows) == ["Sil Silent"]


def _in(days: int) -> str:
    return (timezone.now() + days * DAY).date().isoformat()


def test_nobody_is_ever_lost_whatever_is_put_off(petra):
    """Every active runner once, in one of both parts, with every filter and without any."""
    everybody = {
        on_her_list(petra, "Sil Silent", QUIET, None, None, None).pk,
        on_her_list(petra, "Fay Fine", QUIET, QUIET).pk,
        on_her_list(petra, "Uma Urgent", FLAGGED).pk,
        on_her_list(petra, "Bea Above", QUIET, EntryValues(morning=2, rest=5)).pk,
    }
    for pk, need in zip(sorted(everybody), ("silent", "ready", "silent", "above_baseline"), strict=True):
        enrolment = Enrolment.objects.get(pk=pk)
        if enrolment.refer == "none":
            put_off(enrolment, petra, need=need)
        page = page_of(petra)
        assert sorted(row.number for row in (*page.rows, *page.put_off)) == sorted(everybody)
    by_need = [page_of(petra, need=code.value) for code in NeedCode]
    shown = [row.number for page in by_need for row in (*page.rows, *page.put_off)]
    assert sorted(shown) == sorted(everybody)


# --- since she last looked --------------------------------------------------------------
def test_what_the_engine_did_since_is_told_by_kind_with_its_reason(petra):
    gus = on_her_list(petra, "Gus Good", *[COMFORTABLE] * 4)
    on_her_list(petra, "Uma Urgent", FLAGGED, None)
    on_her_list(petra, "Fay Fine", QUIET)
    since = page_of(petra).since
    told = {group.tag.icon: [line.name for line in group.lines] for group in since.groups}
    assert told == {"advance": ["Gus Good"]}
    mark_seen(by=petra, now=timezone.now(), through=timezone.now() - 5 * DAY)
    since = page_of(petra).since
    told = {group.tag.icon: [line.name for line in group.lines] for group in since.groups}
    assert told == {"pause": ["Uma Urgent"], "advance": ["Gus Good"]}
    line = since.groups[1].lines[0]
    assert "Brisk walking" in line.what
    html = signed_in(petra).get(line.url).content.decode()
    assert f'id="{line.url.partition("#")[2]}"' in html
    assert str(gus.public_id) in line.url


def test_what_a_close_still_writes_while_she_looks_is_told_the_next_time(petra):
    """A job dates all its decisions with its beginning; its last ones are written minutes later."""
    gus = live(an_enrolment(clinician=petra, days_ago=4), *[COMFORTABLE] * 3)
    evening = timezone.now() - datetime.timedelta(hours=1)
    record_entry(enrolment=gus, by=gus.runner, now=evening, date=gus.open_date, values=COMFORTABLE)
    began = timezone.now()
    Enrolment.objects.filter(pk=gus.pk).update(closes_at=began - datetime.timedelta(minutes=1))
    shown = page_of(petra, now=began + datetime.timedelta(seconds=20)).since
    pressed = began + datetime.timedelta(seconds=30)
    mark_seen(by=petra, now=pressed, through=datetime.datetime.fromisoformat(shown.made_at))
    close_due(now=began, job="test")
    assert (shown.total, page_of(petra, now=pressed).since.total) == (0, 1)


def test_it_is_seen_by_a_button_never_by_looking_and_only_moves_on(petra):
    on_her_list(petra, "Gus Good", *[COMFORTABLE] * 4)
    browser = signed_in(petra)
    assert "I have seen these" in browser.get("/caseload/").content.decode()
    assert not CaseloadSeen.objects.exists()
    made_at = page_of(petra).since.made_at
    browser.post(reverse("caseload_seen"), {"through": made_at})
    assert CaseloadSeen.objects.get().seen_through == datetime.datetime.fromisoformat(made_at)
    assert page_of(petra).since.total == 0
    mark_seen(by=petra, now=timezone.now(), through=timezone.now() - 9 * DAY)
    assert CaseloadSeen.objects.get().seen_through == datetime.datetime.fromisoformat(made_at)
    now = timezone.now()
    mark_seen(by=petra, now=now, through=now + 9 * DAY)
    assert CaseloadSeen.objects.get().seen_through == now
    for nonsense in ("nonsense", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        browser.post(reverse("caseload_seen"), {"through": nonsense})
    assert CaseloadSeen.objects.get().seen_through == now


# --- filters and views ------------------------------------------------------------------
def test_filters_by_programme_stage_and_what_else_is_true(petra, sil):
    fay = on_her_list(petra, "Fay Fine", QUIET)
    now = timezone.now()
    hold_until(enrolment=fay, by=petra, now=now, until=now.date() + 3 * DAY, reason="Settle first")
    SharedMessage.objects.create(enrolment=sil, words="May I?", written_at=now, written_by=sil.runner)
    on_her_list(petra, "Uma Urgent", FLAGGED)
    assert names(page_of(petra, flag="held").rows) == ["Fay Fine"]
    assert names(page_of(petra, flag="unread").rows) == ["Sil Silent"]
    assert names(page_of(petra, flag="paused").rows) == ["Uma Urgent"]
    assert names(page_of(petra, flag="covered").rows) == []
    assert page_of(petra, programme="lbp-acute-default").shown == 3
    assert page_of(petra, programme="another").shown == 0
    (group,) = page_of(petra).filters.stages
    assert page_of(petra, stage=group.choices[0].value).shown == group.choices[0].count
    assert page_of(petra).rows[-1].unread == 0


def test_stages_of_one_title_name_their_programme(petra, sil):
    (row,) = page_of(petra).rows
    (group,) = filters_of([row], Asked()).stages
    assert [choice.label for choice in group.choices] == [row.stage]
    copy = replace(row, programme="Our copy", programme_key="copy")
    labels = {choice.label for group in filters_of([row, copy], Asked()).stages for choice in group.choices}
    assert labels == {f"{row.stage} · {row.programme}", f"{row.stage} · Our copy"}


def test_a_view_keeps_filters_under_a_name(petra, sil):
    browser = signed_in(petra)
    browser.post(reverse("caseload_view_save"), {"name": "Quiet ones", "need": "silent", "q": "sil"})
    view = SavedView.objects.get()
    assert (view.clinician, view.query) == (petra, "q=sil&need=silent")
    html = browser.get(f"/caseload/?{view.query}").content.decode()
    assert "Quiet ones" in html and 'aria-current="true"' in html
    again = browser.post(reverse("caseload_view_save"), {"name": "Quiet ones", "need": "silent"})
    refused = again.content.decode()
    assert "You have a view of that name." in refused and 'class="error-summary"' in refused
    assert 'value="Quiet ones"' in refused and '<option value="silent" selected' in refused
    assert SavedView.objects.get().query == "q=sil&need=silent"
    same = {"name": "Quiet ones", "need": "silent", "q": "sil"}
    assert browser.post(reverse("caseload_view_save"), same).status_code == 302
    browser.post(reverse("caseload_view_save"), {"name": "  ", "need": "silent"})
    browser.post(reverse("caseload_view_save"), {"name": "Nothing"})
    assert SavedView.objects.count() == 1
    other = signed_in(a_clinician("paul@example.org", "Paul Other"))
    gone = reverse("caseload_view_delete", args=[SavedView.objects.get().public_id])
    assert other.post(gone).status_code == 404
    assert browser.post(gone).status_code == 302
    assert not SavedView.objects.exists()


def test_twelve_views_are_enough(petra):
    for number in range(MOST_VIEWS):
        save_view(by=petra, now=timezone.now(), name=f"View {number}", query="need=silent")
    with pytest.raises(Refused):
        save_view(by=petra, now=timezone.now(), name="One more", query="need=silent")
    with pytest.raises(Refused, match="of that name"):
        save_view(by=petra, now=timezone.now(), name="View 1", query="need=fine")
    assert SavedView.objects.count() == MOST_VIEWS


# --- one message to several -------------------------------------------------------------
def test_the_same_message_goes_to_each_once(petra, sil):
    fay = on_her_list(petra, "Fay Fine", QUIET)
    form = {
        "key": str(uuid.uuid4()),
        "chosen": [str(sil.public_id), str(fay.public_id)],
        "words": "How does it go?",
    }
    browser = signed_in(petra)
    for _ in range(2):
        answer = browser.post(reverse("caseload_message"), form, follow=True)
        assert "went to 2 runners" in answer.content.decode()
    assert SharedMessage.objects.count() == 2
    assert {message.enrolment for message in SharedMessage.objects.all()} == {sil, fay}


def test_only_who_is_harmless_can_be_chosen_and_a_refused_form_comes_back_filled_in(petra, sil):
    uma = on_her_list(petra, "Uma Urgent", FLAGGED)
    browser, key = signed_in(petra), str(uuid.uuid4())
    chosen = [str(sil.public_id), str(uma.public_id)]
    form = {"key": key, "chosen": chosen, "words": "How <b>does</b> it go?"}
    html = browser.post(reverse("caseload_message"), form).content.decode()
    assert "Nothing was sent" in html and "How &lt;b&gt;does&lt;/b&gt; it go?" in html
    assert f'value="{sil.public_id}" form="several" checked' in html
    assert f'value="{uma.public_id}"' not in html and key in html
    for broken in ({"chosen": []}, {"words": " "}, {"key": "x"}):
        assert browser.post(reverse("caseload_message"), form | broken).status_code == 200
    assert not SharedMessage.objects.exists()


def test_a_message_to_nobody_takes_the_focus_and_leads_to_the_runners(petra, sil):
    form = {"key": str(uuid.uuid4()), "words": "How does it go?"}
    html = signed_in(petra).post(reverse("caseload_message"), form).content.decode()
    assert html.count("data-take-focus") == 1 and "Choose at least one runner of the list." in html
    assert 'href="#runners"' in html and 'id="runners"' in html


def test_where_nobody_can_be_chosen_there_is_nothing_to_write_in(petra, sil):
    on_her_list(petra, "Uma Urgent", FLAGGED)
    browser = signed_in(petra)
    assert 'id="several-message"' in browser.get("/caseload/").content.decode()
    assert 'id="several-message"' not in browser.get("/caseload/?flag=paused").content.decode()


def test_whoever_ended_access_meanwhile_gets_none(petra, sil):
    fay = on_her_list(petra, "Fay Fine", QUIET)
    revoke_consent(runner=fay.runner, clinician=petra, now=timezone.now())
    common = {"by": petra, "now": timezone.now(), "words": "Hello", "key": uuid.uuid4()}
    assert write_to_several(enrolments=[sil, fay], **common) == 1
    assert SharedMessage.objects.get().enrolment == sil
