"""The pages of the builder: every form of a draft, what it says is wrong, and two who write at once."""

import json
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from programs.models import ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services.drafts import begin_draft, save_draft
from tests.builders import DEFAULT, a_published_version, every_programme, shipped, the_library
from tests.integration.test_builder import a_clinic_with, a_document, published_now
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
PROGRAMMES_QUERIES, DRAFT_QUERIES, PART_QUERIES = 6, 8, 9
PROGRAMMES = sorted(shipped().of_kind("programme"))


class FormReader(HTMLParser):
    """What a browser would send for the form of a part that nobody touched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = self.area = self.select = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.inside = "data-part" in at
        if not self.inside:
            return
        if tag == "textarea":
            self.area = at["name"]
            self.sent[self.area] = [""]
        elif tag == "select":
            self.select = at["name"]
        elif tag == "option" and "selected" in at:
            self.sent[self.select] = [at["value"]]
        elif tag == "input" and (at["type"] != "checkbox" or "checked" in at):
            self.sent.setdefault(at["name"], []).append(at.get("value", ""))

    def handle_data(self, data):
        if self.area:
            self.sent[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the first line break, and sends the others its own way.
            self.sent[self.area][0] = self.sent[self.area][0].removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        if tag == "form":
            self.inside = False


@pytest.fixture
def petra() -> User:
    the_library()
    return a_clinician()


@pytest.fixture
def client(petra) -> Client:
    return signed_in(petra)


def a_draft(by: User, **changes) -> ProgrammeVersion:
    return begin_draft(by=by, now=timezone.now(), document=a_document(**changes))


def stored(draft: ProgrammeVersion) -> dict:
    return ProgrammeVersion.objects.get(pk=draft.pk).document


def address(draft: ProgrammeVersion, name: str, *args: int) -> str:
    return reverse(name, args=[draft.template.key, *args])


def as_shown(client: Client, url: str) -> dict[str, list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return FormReader(answer.content.decode()).sent


def parts(document: dict):
    yield from (("draft_about",), ("draft_rules",))
    for number, stage in enumerate(document["stages"], start=1):
        yield "draft_stage", number
        for session in range(len(stage["sessions"])):
            yield "draft_session", number, session + 1


@pytest.mark.parametrize("key", PROGRAMMES)
def test_opening_and_saving_every_page_of_a_shipped_programme_changes_nothing(client, petra, key):
    draft = begin_draft(by=petra, now=timezone.now(), document=shipped().content("programme", key))
    # Stages that are alike have forms that are alike: the first three, and the last.
    stages = {1, 2, 3, len(draft.document["stages"])}
    for name, *args in parts(draft.document):
        if args and args[0] not in stages:
            continue
        url = address(draft, name, *args)
        answer = client.post(url, as_shown(client, url))
        assert answer.status_code == 302, url
        assert stored(draft) == draft.document, url


def test_her_programmes_and_those_that_are_shipped(client, petra):
    every_programme()
    a_draft(petra, title="Mine alone")
    a_draft(a_clinician("other@example.org"), title="Of somebody else")
    page = client.get(reverse("programmes")).content.decode()
    assert "Mine alone" in page and "Of somebody else" not in page
    assert page.count("Copy and change") == len(PROGRAMMES)


def test_a_runner_reads_programmes_and_writes_none(petra):
    draft = a_draft(petra)
    runner = signed_in(a_runner())
    assert "Copy and change" not in runner.get(reverse("programmes")).content.decode()
    for name, *args in (("draft",), ("draft_about",), ("draft_stage", 1), ("draft_session", 1, 1)):
        assert runner.get(address(draft, name, *args)).status_code == 403
    assert runner.post(reverse("draft_begin"), {"title": "x"}).status_code == 403


def test_a_draft_of_another_clinic_is_not_there(client, petra):
    other = a_clinician("other@example.org")
    a_clinic_with(other)
    theirs = a_draft(other)
    for name, *args in (("draft",), ("draft_about",), ("draft_rules",), ("draft_stage", 1)):
        assert client.get(address(theirs, name, *args)).status_code == 404
        assert client.post(address(theirs, name, *args), {"title": "x"}).status_code == 404
    for name in ("draft_next", "draft_discard", "draft_check"):
        assert client.post(address(theirs, name)).status_code == 404
    published_now(theirs, other)
    assert client.post(address(theirs, "programme_copy", 1)).status_code == 404
    assert stored(theirs) == theirs.document


def test_what_is_published_is_not_a_draft(client, petra):
    own = a_draft(petra)
    published_now(own, petra)
    for name, *args in (("draft",), ("draft_about",), ("draft_stage", 1)):
        assert client.get(address(own, name, *args)).status_code == 404
        assert client.post(address(own, name, *args), {"title": "x"}).status_code == 404
    assert client.post(address(own, "draft_next")).status_code == 302
    second = ProgrammeVersion.objects.get(status=VersionStatus.DRAFT)
    assert (second.number, second.document) == (2, own.document)
    # Once more leads to the same draft.
    assert client.post(address(own, "draft_next")).url == address(own, "draft")
    assert ProgrammeVersion.objects.count() == 2


def test_a_shipped_programme_is_copied_and_stays(client, petra):
    version = a_published_version()
    answer = client.post(reverse("programme_copy", args=[DEFAULT, 1]))
    copy = ProgrammeTemplate.objects.owned_by(petra).get()
    assert answer.url == reverse("draft", args=[copy.key])
    assert copy.key != DEFAULT
    assert copy.versions.get().document["title"] == f"{version.document['title']} (copy)"
    assert ProgrammeVersion.objects.get(pk=version.pk).document == version.document
    assert client.post(reverse("programme_copy", args=[DEFAULT, 2])).status_code == 404


def test_a_programme_from_nothing_says_what_it_needs(client, petra):
    assert "Give the programme a title." in client.post(reverse("draft_begin"), {}).content.decode()
    answer = client.post(reverse("draft_begin"), {"title": "Back to the hills"})
    page = client.get(answer.url).content.decode()
    assert "There is no stage yet." in page
    assert "things are not right yet" in page
    draft = ProgrammeVersion.objects.get()
    for kind in ("rest", "daily", "alternate", "final"):
        sent = as_shown_stage_new(client, draft) | {"model": f"kind:{kind}"}
        assert client.post(address(draft, "draft_stage_new"), sent).status_code == 302
    url = address(draft, "draft_about")
    words = {"summary": "s", "condition": "c", "audience": "a"}
    assert client.post(url, as_shown(client, url) | words).status_code == 302
    assert "Nothing is wrong with this draft" in client.get(address(draft, "draft")).content.decode()


def as_shown_stage_new(client: Client, draft: ProgrammeVersion) -> dict:
    page = client.get(address(draft, "draft_stage_new"))
    return {"known_hash": page.context["known_hash"]}


def test_a_stage_is_taken_from_another_programme_with_its_sources(client, petra):
    every_programme()
    draft = begin_draft(by=petra, now=timezone.now(), document={"title": "Mine", "stages": []})
    version = ProgrammeVersion.objects.get(template__key="couch-to-5k")
    sent = as_shown_stage_new(client, draft) | {"model": f"copy:{version.pk}:0"}
    assert client.post(address(draft, "draft_stage_new"), sent).status_code == 302
    document = stored(draft)
    assert document["stages"] == [version.document["stages"][0]]
    assert {"NHSC25K", "C25KW"} <= set(document["sources"])
    wrong = as_shown_stage_new(client, draft) | {"model": f"copy:{draft.pk}:0"}
    assert client.post(address(draft, "draft_stage_new"), wrong).status_code == 200
    assert len(stored(draft)["stages"]) == 1


def test_a_value_below_the_floor_is_saved_and_said(client, petra):
    draft = a_draft(petra)
    url = address(draft, "draft_stage", 4)
    answer = client.post(url, as_shown(client, url) | {"criteria-min_days-value": "1"}, follow=True)
    page = answer.content.decode()
    assert "Saved as a draft. It cannot be published yet: 1 thing on this page is not right." in page
    assert '<a href="#id_criteria-min_days-value">Days on this stage at least</a>' in page
    assert "It must be a whole number from 3 to 56." in page
    assert stored(draft)["stages"][3]["criteria"]["min_days"]["value"] == 1
    overview = client.get(address(draft, "draft")).content.decode()
    assert "1 thing is not right" in overview


def test_what_cannot_be_read_comes_back_filled_in_and_nothing_is_saved(client, petra):
    draft = a_draft(petra)
    url = address(draft, "draft_stage", 4)
    sent = as_shown(client, url) | {"criteria-min_days-value": "a week", "title": "Another title"}
    page = client.post(url, sent).content.decode()
    assert 'value="a week"' in page and 'value="Another title"' in page
    assert "Write a whole number, in figures." in page
    # The summary takes the focus, and leads to the field.
    summary = page.partition("data-take-focus")[2].partition("</ul>")[0]
    assert summary.count("<li>") == 1 and 'href="#id_criteria-min_days-value"' in summary
    assert stored(draft) == draft.document


def test_the_check_says_what_a_save_would_and_stores_nothing(client, petra):
    draft = a_draft(petra)
    url = address(draft, "draft_session", 4, 1)
    sent = as_shown(client, url) | {"run_walk-intervals-0-repeats": "6", "per_week-max": "many"}
    found = json.loads(client.post(address(draft, "draft_check"), sent).content)
    assert [(one["target"], one["words"]) for one in found["faults"]] == [
        ("id_per_week-max", "Write a whole number, in figures."),
        (
            "id_run_walk-warm_up_min",
            "“6 min of running” is not accepted. It must be at most 5 minutes, the limit of this stage.",
        ),
    ]
    assert found["heading"] == "2 things are not right yet"
    assert found["picture"].count('class="run"') == 6
    assert stored(draft) == draft.document
    changed = client.post(address(draft, "draft_check"), sent | {"known_hash": "old"}).json()
    assert list(changed) == ["changed"]


def test_the_second_of_two_keeps_her_words_and_sees_what_saving_would_change(petra):
    paula = a_clinician("paula@example.org")
    a_clinic_with(petra, paula)
    draft = a_draft(petra)
    hers, url = signed_in(paula), address(draft, "draft_stage", 4)
    sent = as_shown(hers, url) | {"summary": "What Paula wrote."}
    document = a_document(key=draft.template.key)
    # Petra changed the same stage, and moved it up by one.
    document["stages"][3]["title"] = "Petra's title"
    document["stages"].insert(2, document["stages"].pop(3))
    save_draft(draft=draft, by=petra, now=timezone.now(), document=document, known_hash=draft.content_hash)
    answer = hers.post(url, sent)
    page = answer.content.decode()
    assert "Somebody else changed this draft while you wrote." in page
    assert "What Paula wrote." in page and "Petra&#x27;s title" in page
    assert stored(draft) == document
    again = FormReader(page).sent | {"title": ["Petra's title"]}
    assert f'action="{address(draft, "draft_stage", 3)}"' in page
    assert hers.post(address(draft, "draft_stage", 3), again).status_code == 302
    expected = a_document(key=draft.template.key)["stages"][3] | {"title": "Petra's title"}
    assert stored(draft)["stages"][2] == expected | {"summary": "What Paula wrote."}


def test_what_was_written_for_a_stage_that_is_gone_can_be_copied(client, petra):
    draft = a_draft(petra)
    url = address(draft, "draft_stage", 4)
    sent = as_shown(client, url) | {"summary": "A long thought."}
    document = a_document(key=draft.template.key)
    del document["stages"][3]
    save_draft(draft=draft, by=petra, now=timezone.now(), document=document, known_hash=draft.content_hash)
    page = client.post(url, sent).content.decode()
    assert "This part is gone" in page and "A long thought." in page
    assert stored(draft) == document


def known(draft: ProgrammeVersion) -> dict:
    return {"known_hash": ProgrammeVersion.objects.get(pk=draft.pk).content_hash}


def keys(draft: ProgrammeVersion) -> list[str]:
    return [stage["key"] for stage in stored(draft)["stages"]]


def test_stages_are_moved_copied_and_taken_out(client, petra):
    draft = a_draft(petra)
    before, url = keys(draft), address(draft, "draft")
    answer = client.post(url, known(draft) | {"act": "move:4:3"})
    assert answer.url == f"{url}#stage-3"
    assert keys(draft) == [*before[:2], before[3], before[2], *before[4:]]
    client.post(url, known(draft) | {"act": "copy:1"})
    assert keys(draft)[:2] == ["S0_relative_rest", "S0_relative_rest_2"]
    client.post(url, known(draft) | {"act": "remove:2"})
    assert sorted(keys(draft)) == sorted(before)
    for act in ("", "move", "move:99:1", "remove:0", "burn:1", "move:1:2:3"):
        assert client.post(url, known(draft) | {"act": act}).status_code == 302
    client.post(url, {"known_hash": "old", "act": "remove:1"})
    assert len(keys(draft)) == len(before)


def test_sessions_are_added_moved_and_taken_out_with_what_was_written(client, petra):
    draft = a_draft(petra)
    url = address(draft, "draft_stage", 4)

    def pressed(act: str, **more: str):
        return client.post(url, as_shown(client, url) | {"act": act} | more)

    def sessions() -> list[str]:
        return [session["key"] for session in stored(draft)["stages"][3]["sessions"]]

    pressed("add:advice", summary="Written before.")
    assert sessions() == ["run_walk", "core", "advice"]
    assert stored(draft)["stages"][3]["summary"] == "Written before."
    pressed("move:3:1")
    assert sessions() == ["advice", "run_walk", "core"]
    pressed("remove:1")
    assert sessions() == ["run_walk", "core"]
    assert pressed("remove:9").status_code == 404
    assert pressed("burn").status_code == 404


def test_a_draft_is_thrown_away(client, petra):
    draft = a_draft(petra)
    client.post(address(draft, "draft_discard"), {"known_hash": "old"})
    assert ProgrammeVersion.objects.exists()
    assert client.post(address(draft, "draft_discard"), known(draft)).url == reverse("programmes")
    assert not ProgrammeTemplate.objects.exists()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"stages": 3, "engine": [], "sources": "x", "title": {"a": 1}},
        {"stages": [None, 7, {"key": 1, "kind": []}, {"sessions": [None, {"run_walk": []}]}]},
        {"stages": [{"key": "a", "kind": "alternate", "sessions": [{"key": "b", "exercises": [[]]}]}]},
    ],
)
def test_a_draft_of_any_shape_can_be_opened_and_mended(client, petra, document):
    draft = begin_draft(by=petra, now=timezone.now(), document=document)
    assert client.get(address(draft, "draft")).status_code == 200
    listed = document.get("stages") if isinstance(document.get("stages"), list) else []
    for number, stage in enumerate(listed, start=1):
        url = address(draft, "draft_stage", number)
        assert client.post(url, as_shown(client, url) | {"kind": "daily"}).status_code == 302
        for session in range(len(stage.get("sessions", [])) if isinstance(stage, dict) else 0):
            url = address(draft, "draft_session", number, session + 1)
            assert client.post(url, as_shown(client, url)).status_code == 302
    for name in ("draft_about", "draft_rules"):
        url = address(draft, name)
        assert client.post(url, as_shown(client, url)).status_code == 302


def test_how_many_queries_the_pages_ask(client, petra, django_assert_num_queries):
    """However many stages a draft has; who asks takes three of them."""
    every_programme()
    draft = a_draft(petra)
    client.get(address(draft, "draft"))
    pages = {
        reverse("programmes"): PROGRAMMES_QUERIES,
        address(draft, "draft"): DRAFT_QUERIES,
        address(draft, "draft_stage", 4): PART_QUERIES,
        address(draft, "draft_session", 4, 1): PART_QUERIES,
    }
    for url, number in pages.items():
        with django_assert_num_queries(number):
            client.get(url)
