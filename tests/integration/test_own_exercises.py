"""A clinic's own exercises: written, edited, shown to nobody else; and pictures that mean harm."""

import io
import struct
import uuid
import zlib

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.services.clinics import create_clinic, join_clinic
from programs.models import ExercisePicture, LibraryItem
from programs.models.library import LARGEST_PICTURE
from programs.selectors.own_exercises import exercises_for
from programs.services.adjustments import Wanted, adjust
from programs.services.errors import NotLetIn, Refused
from programs.services.own_exercises import edit_exercise
from programs.services.pictures import LARGEST_UPLOAD, LONGEST_SIDE, redrawn
from tests.builders import an_enrolment, the_library
from tests.support.exercises import FORM, OWN, a_file, an_own_exercise, image_bytes
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra():
    the_library()
    return a_clinician("petra@example.org", "Petra Physio")


def a_clinic(*members) -> None:
    now = timezone.now()
    clinic = create_clinic(name="Riverside", by=a_manager(), now=now)
    for member in members:
        join_clinic(clinic=clinic, clinician=member, now=now)


# --- whose they are -----------------------------------------------------------------
def test_her_clinic_has_it_and_nobody_else(petra):
    colleague, other = a_clinician("c@example.org", "Cleo"), a_clinician("o@example.org", "Olga")
    a_clinic(petra, colleague)
    key = an_own_exercise(petra, now=timezone.now()).key
    assert key in exercises_for(petra)
    assert key in exercises_for(colleague)
    assert key not in exercises_for(other)
    assert "bird_dog" in exercises_for(other)


def test_what_she_wrote_in_no_clinic_stays_hers_alone(petra):
    key = an_own_exercise(petra, now=timezone.now()).key
    colleague = a_clinician("c@example.org", "Cleo")
    a_clinic(petra, colleague)
    assert key in exercises_for(petra)
    assert key not in exercises_for(colleague)


def test_lists_and_pages_show_it_to_nobody_else(petra):
    key = an_own_exercise(petra, now=timezone.now()).key
    enrolment = an_enrolment()
    for person, there in ((petra, True), (a_clinician("o@example.org"), False), (enrolment.runner, False)):
        browser = signed_in(person)
        assert browser.get(reverse("exercise", args=[key])).status_code == (200 if there else 404)
        assert ("Wall sit" in browser.get(reverse("exercises")).content.decode()) is there
    assert signed_in(a_manager()).get(reverse("exercise", args=[key])).status_code == 404


def test_a_runner_sees_it_where_a_change_names_it_and_not_before(petra):
    enrolment = an_enrolment(stage="S2_core", clinician=petra)
    key = an_own_exercise(petra, now=timezone.now(), picture=image_bytes()).key
    browser, address = signed_in(enrolment.runner), reverse("exercise", args=[key])
    assert browser.get(address).status_code == 404
    adjust(
        enrolment=enrolment,
        by=petra,
        now=timezone.now(),
        wanted=Wanted("plank", "swap", "A", key),
        reason_code="assessment",
        reason="Sore elbow",
    )
    picture = reverse("exercise_picture", args=[LibraryItem.objects.get(key=key).document["picture"]])
    assert browser.get(address).status_code == 200
    assert "In place of Plank, by Petra Physio: Sore elbow" in browser.get(address).content.decode()
    for page in (address, reverse("today"), reverse("player", args=[2])):
        found = browser.get(page).content.decode()
        assert "Wall sit" in found
        assert f'src="{picture}"' in found
    assert browser.get(reverse("programme_sheet"))["Content-Type"] == "application/pdf"


# --- writing ------------------------------------------------------------------------
def test_the_form_writes_what_the_library_takes_and_edits_it_as_a_new_number(petra):
    browser = signed_in(petra)
    assert browser.post(reverse("own_exercise_new"), FORM).status_code == 302
    first = LibraryItem.objects.get(made_by=petra)
    assert first.document["doses"]["B"]["amount"] == {"sets": 3, "hold_seconds": 20}
    assert first.document["steps"] == ["Slide down a little.", "Hold and breathe.", "Slide up."]
    assert first.key.startswith("own_")
    address = reverse("own_exercise", args=[first.key])
    assert 'value="2 rounds of 10 seconds"' in browser.get(address).content.decode()
    assert browser.post(address, FORM | {"title": "Wall chair", "number": "1"}).status_code == 302
    assert exercises_for(petra)[first.key]["title"] == "Wall chair"
    assert LibraryItem.objects.filter(key=first.key).count() == 2


def test_two_hands_on_one_exercise_lose_nothing_unseen(petra):
    browser = signed_in(petra)
    key = an_own_exercise(petra, now=timezone.now()).key
    address = reverse("own_exercise", args=[key])
    assert browser.post(address, FORM | {"title": "First", "number": "1"}).status_code == 302
    second = browser.post(address, FORM | {"title": "Second", "number": "1"})
    assert "Somebody changed this exercise meanwhile" in second.content.decode()
    assert "Second" in second.content.decode()
    assert exercises_for(petra)[key]["title"] == "First"


def test_a_number_that_no_form_holds_is_refused(petra):
    """Longer than what becomes a number at all."""
    browser = signed_in(petra)
    key = an_own_exercise(petra, now=timezone.now()).key
    for number in ("9" * 5000, "x", ""):
        answer = browser.post(reverse("own_exercise", args=[key]), FORM | {"title": "Mine", "number": number})
        assert answer.status_code == 200
    assert exercises_for(petra)[key]["title"] != "Mine"


def test_only_hers_is_edited_and_a_level_stays(petra):
    item = an_own_exercise(petra, now=timezone.now())
    other = a_clinician("o@example.org")
    edit = {"now": timezone.now(), "key": item.key, "number": 1}
    for by in (other, a_runner("r@example.org")):
        with pytest.raises(NotLetIn):
            edit_exercise(by=by, document=OWN, **edit)
    with pytest.raises(NotLetIn):
        edit_exercise(by=petra, document=OWN, **edit | {"key": "bird_dog"})
    fewer = OWN | {"doses": {"A": OWN["doses"]["A"]}}
    with pytest.raises(Refused) as refused:
        edit_exercise(by=petra, document=fewer, **edit)
    assert refused.value.field == "words_B"
    assert signed_in(other).get(reverse("own_exercise", args=[item.key])).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"steps": "\n\n"}, "steps"),
        ({"stop_if": "x" * 301}, "stop_if"),
        ({"words_A": ""}, "words_A"),
        ({"hold_seconds_A": ""}, "words_A"),
        ({"hold_seconds_B": "101"}, "hold_seconds_B"),
        ({"words_B": ""}, "words_B"),
        ({"from_stage": "9"}, "from_stage"),
        ({"group": "run"}, "group"),
        ({"enabled_by": "everybody"}, "enabled_by"),
    ],
)
def test_what_is_wrong_comes_back_with_its_field(petra, changed, field):
    answer = signed_in(petra).post(reverse("own_exercise_new"), FORM | changed)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not LibraryItem.objects.filter(made_by=petra).exists()


# --- pictures -----------------------------------------------------------------------
def test_a_picture_is_drawn_anew_small_and_without_what_the_file_says(petra):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCamera", 6
    sent = image_bytes("JPEG", (3000, 1500), exif=exif, comment=b"SecretPlace")
    browser = signed_in(petra)
    form = FORM | {"picture": a_file(sent, "IMG.jpg", "image/jpeg"), "picture_alt": "Somebody sits."}
    assert browser.post(reverse("own_exercise_new"), form).status_code == 302
    kept = ExercisePicture.objects.get()
    assert (kept.width, kept.height) == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert kept.size == len(kept.content) <= LARGEST_PICTURE
    assert b"Secret" not in bytes(kept.content)
    assert "exif" not in Image.open(io.BytesIO(kept.content)).info
    answer = browser.get(reverse("exercise_picture", args=[kept.key]))
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer.content == bytes(kept.content)


def test_a_picture_is_for_whoever_is_signed_in_and_knows_its_key(client, petra):
    an_own_exercise(petra, now=timezone.now(), picture=image_bytes())
    address = reverse("exercise_picture", args=[ExercisePicture.objects.get().key])
    assert client.get(address).status_code == 302
    assert signed_in(petra).get(reverse("exercise_picture", args=[uuid.uuid4()])).status_code == 404


def test_a_picture_needs_words_stays_with_an_edit_and_goes_when_she_says_so(petra):
    browser = signed_in(petra)
    without_words = FORM | {"picture": a_file(image_bytes())}
    answer = browser.post(reverse("own_exercise_new"), without_words)
    assert "picture_alt" in answer.context["form"].errors
    key = an_own_exercise(petra, now=timezone.now(), picture=image_bytes()).key
    address = reverse("own_exercise", args=[key])
    browser.post(address, FORM | {"number": "1", "picture_alt": "Somebody sits."})
    assert "picture" in exercises_for(petra)[key]
    browser.post(address, FORM | {"number": "2", "remove_picture": "on"})
    assert "picture" not in exercises_for(petra)[key]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_png_that_says(width: int, height: int) -> bytes:
    """A head that promises so many points, and next to nothing behind it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(bytes(1000)))
        + _chunk(b"IEND", b"")
    )


def a_text_bomb() -> bytes:
    """Text of a PNG that unfolds to a gigabyte of nothing."""
    packer = zlib.compressobj(9)
    text = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    whole = image_bytes()
    return whole[:33] + _chunk(b"zTXt", b"Comment\x00\x00" + text) + whole[33:]


def animated(kind: str) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue", "green")]
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=100)
    return target.getvalue()


HOSTILE = {
    "nothing": b"",
    "text": b"not a picture at all",
    "a script that calls itself a picture": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "cut off": image_bytes("JPEG", (600, 600), colour="red")[:700],
    "cut off after its head": image_bytes()[:40],
    "a bomb": a_png_that_says(30_000, 30_000),
    "a bomb just below what is warned of": a_png_that_says(9_000, 9_000),
    "more points than there are": a_png_that_says(2_000, 2_000),
    "one endless line": a_png_that_says(1_000_000, 1),
    "a thread": image_bytes(size=(3000, 60)),
    "a dot": image_bytes(size=(1, 1)),
    "moving GIF": animated("GIF"),
    "moving PNG": animated("PNG"),
    "moving WebP": animated("WEBP"),
    "a kind that nobody asked for": image_bytes("BMP"),
    "TIFF": image_bytes("TIFF"),
    "too many bytes": image_bytes() + bytes(LARGEST_UPLOAD),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(/etc/passwd) run\n",
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_picture_of_ours_is_refused_and_nothing_is_kept(petra, sent):
    form = FORM | {"picture": a_file(sent), "picture_alt": "Somebody sits."}
    answer = signed_in(petra).post(reverse("own_exercise_new"), form)
    assert answer.status_code in (200, 413)
    if answer.status_code == 200:
        assert "picture" in answer.context["form"].errors
    assert not ExercisePicture.objects.exists()
    assert not LibraryItem.objects.filter(made_by=petra).exists()


@pytest.mark.parametrize("name", ["x.php", "../../etc/passwd", "a.svg", "x" * 90 + ".html"])
def test_name_and_type_of_a_file_are_nobodys_to_believe(petra, name):
    form = FORM | {"picture": a_file(image_bytes(), name, "text/html"), "picture_alt": "Somebody sits."}
    browser = signed_in(petra)
    assert browser.post(reverse("own_exercise_new"), form).status_code == 302
    kept = ExercisePicture.objects.get()
    assert browser.get(reverse("exercise_picture", args=[kept.key]))["Content-Type"] == "image/webp"


def test_what_hides_behind_a_picture_is_gone(petra):
    for hidden in (b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(50), b"%PDF-1.4 <</OpenAction"):
        sent = image_bytes() + hidden
        content, size = redrawn(io.BytesIO(sent), len(sent))
        assert hidden not in content
        assert size == (320, 150)


def test_a_bomb_of_text_costs_no_memory():
    sent = a_text_bomb()
    assert len(sent) < 300_000
    with pytest.raises(Refused):
        redrawn(io.BytesIO(sent), len(sent))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_of_keeping_points_becomes_a_picture(mode):
    sent = image_bytes("PNG", (1300, 700), mode)
    content, size = redrawn(io.BytesIO(sent), len(sent))
    assert Image.open(io.BytesIO(content)).mode == "RGB"
    assert size[0] == LONGEST_SIDE


def test_a_size_that_lies_is_read_no_further_than_the_limit():
    endless = io.BytesIO(bytes(LARGEST_UPLOAD + 100))
    with pytest.raises(Refused):
        redrawn(endless, 10)
    assert endless.tell() == LARGEST_UPLOAD + 1


def test_noise_is_made_small_enough():
    target = io.BytesIO()
    Image.effect_noise((1200, 1200), 120).convert("RGB").save(target, "JPEG", quality=80)
    content, size = redrawn(io.BytesIO(target.getvalue()), len(target.getvalue()))
    assert len(content) <= LARGEST_PICTURE
    assert max(size) <= LONGEST_SIDE
