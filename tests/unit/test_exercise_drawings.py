"""The exercise drawings are complete, safe to serve and reproducible."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from importlib import import_module
from itertools import pairwise
from math import dist
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "static" / "exercises"
SCRIPT = ROOT / "scripts" / "draw_exercises.py"
SVG = "{http://www.w3.org/2000/svg}"
MAX_BYTES = 40 * 1024
MAX_MOVING_BYTES = 25 * 1000  # as it is sent, compressed
SMIL = re.compile(r"[-0-9. ]+")

KEYS = (
    "bird_dog", "bridge", "plank", "side_plank", "superman_little_swallow", "cat_cow",
    "child_pose", "cobra", "downward_dog", "triangle", "hip_flexor_stretch",
    "hamstring_stretch", "calf_stretch", "deadlift", "walking", "swimming", "cycling", "jogging",
)  # fmt: skip
LANGUAGES = ("zh-hans",)
FILES = [*(f"{key}.svg" for key in KEYS), *(f"moving/{key}.svg" for key in KEYS)]
TRANSLATED = [f"{language}/{key}.svg" for language in LANGUAGES for key in KEYS]
CYCLES = ("walking", "swimming", "cycling", "jogging")


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw everything once more into an empty folder."""
    target = tmp_path_factory.mktemp("drawings")
    subprocess.run([sys.executable, "-B", str(SCRIPT), str(target)], check=True)
    return target


def parsed(file: str) -> ElementTree.Element:
    """Return the root element of a committed drawing."""
    # Our own committed files, so the plain parser is safe here.
    return ElementTree.fromstring((FOLDER / file).read_bytes())  # noqa: S314


def test_the_set_is_exactly_the_library(redrawn: Path) -> None:
    """No exercise lacks a drawing or its movement, and none is left over."""
    for folder in (redrawn, FOLDER):
        assert sorted(str(f.relative_to(folder)) for f in folder.rglob("*.svg")) == sorted(FILES + TRANSLATED)


@pytest.mark.parametrize("file", FILES)
def test_words_stand_in_for_the_picture(file: str) -> None:
    """A title and a description are present and announced."""
    root = parsed(file)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text and len(title.text) > 10
    assert desc is not None and desc.text and len(desc.text) > 100
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert root.get("viewBox") == ("0 0 320 300" if file.startswith("moving/") else "0 0 640 300")


@pytest.mark.parametrize("key", KEYS)
def test_positions_are_labelled(key: str) -> None:
    """Start and end, or two phases of a cycle, are named in the picture."""
    labels = [node.text or "" for node in parsed(f"{key}.svg").iter(f"{SVG}text")]
    if key in CYCLES:
        assert labels == ["Phase 1", "Phase 2"]
    else:
        assert labels[0] == "Start"
        assert any(label.startswith("End") for label in labels[1:])


@pytest.mark.parametrize("file", FILES + TRANSLATED)
def test_strict_content_policy(file: str) -> None:
    """Nothing a strict content security policy would block, and no references."""
    still = {"svg", "title", "desc", "rect", "path", "text"}
    allowed = still | {"animate"} if file.startswith("moving/") else still
    for node in parsed(file).iter():
        assert node.tag.removeprefix(SVG) in allowed
        for name, value in node.attrib.items():
            plain = name.rsplit("}", 1)[-1].lower()
            assert plain not in {"style", "href", "class"} and not plain.startswith("on")
            assert "url(" not in value and "://" not in value


@pytest.mark.parametrize("file", FILES + TRANSLATED)
def test_small_and_reproducible(file: str, redrawn: Path) -> None:
    """Drawing again gives the same bytes, and few of them."""
    committed = (FOLDER / file).read_bytes()
    assert (redrawn / file).read_bytes() == committed
    if file.startswith("moving/"):
        assert len(gzip.compress(committed, 9)) < MAX_MOVING_BYTES
    else:
        assert len(committed) < MAX_BYTES


@pytest.mark.parametrize("file", TRANSLATED)
def test_in_another_language_only_the_labels_differ(file: str) -> None:
    """Every label is said otherwise, and nothing else is; words that no page shows are left out."""
    there, here = parsed(file), parsed(Path(file).name)
    assert there.find(f"{SVG}title") is None and there.get("lang") == file.partition("/")[0]
    pairs = list(zip(there.iter(f"{SVG}text"), here.iter(f"{SVG}text"), strict=True))
    assert pairs and all(a.text != b.text and a.attrib == b.attrib for a, b in pairs)
    shapes = [[node.attrib for node in root.iter(f"{SVG}path")] for root in (there, here)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("key", KEYS)
def test_a_movement_is_sound(key: str) -> None:
    """It moves, comes back to where it began, and every outline keeps its pieces on the way."""
    animations = list(parsed(f"moving/{key}.svg").iter(f"{SVG}animate"))
    assert animations
    for node in animations:
        values, times = node.attrib["values"].split(";"), node.attrib["keyTimes"].split(";")
        clock = [float(time) for time in times]
        assert len(values) == len(times) and (clock[0], clock[-1]) == (0, 1) and clock == sorted(clock)
        assert len({SMIL.sub("", value) for value in values}) == 1
        assert key in CYCLES or values[0] == values[-1]
        assert float(node.attrib["dur"].removesuffix("s")) >= 1.5


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch):
    """Return the modules that hold bones and shared postures."""
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    return import_module("drawings.figure"), import_module("drawings.common")


def test_a_longer_bone_is_refused(bodies) -> None:
    """A pose that would need a longer bone is an error instead of a lie."""
    with pytest.raises(ValueError, match="out of reach"):
        bodies[0].reach((0, 0), (200, 0))


@pytest.mark.parametrize("bends", [(11, -17), (-32, -38), (38, 8), (0, 0)])
def test_the_back_keeps_its_length(bodies, bends: tuple[float, float]) -> None:
    """Rounding or arching bends the trunk but never stretches it."""
    points = bodies[0].spine((3.0, 50.0), 20, *bends).points
    assert sum(dist(p, q) for p, q in pairwise(points)) == pytest.approx(bodies[0].TRUNK)


@pytest.mark.parametrize("bends", [(11, -17), (-32, -38), (38, 8)])
def test_hands_below_shoulders_and_knees_below_hips(bodies, bends: tuple[float, float]) -> None:
    """On hands and knees the supports are upright, however the back is bent."""
    trunk, hand, knee = bodies[1].quadruped(*bends)
    assert hand.joints[2][0] == pytest.approx(trunk.shoulder[0])
    assert knee.joints[1] == pytest.approx((trunk.hip[0], bodies[0].KNEE_DOWN), abs=0.01)
