"""What docs/operations.md tells an operator to type is there, and the documents name every command."""

import re

import pytest
from django.core.management import get_commands

from rehab.metrics_of_site import METRICS
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
DOCUMENTS = "".join(path.read_text() for path in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md"))
OURS = sorted(name for name, app in get_commands().items() if app in ("accounts", "programs", "rehab"))


def test_every_command_on_the_page_exists():
    named = set(re.findall(r"manage\.py (\w+)", PAGE))
    assert len(named) > 15
    assert named <= get_commands().keys()


@pytest.mark.parametrize("command", OURS)
def test_every_command_of_ours_is_in_the_documents(command):
    assert re.search(rf"\b{command}\b", DOCUMENTS)


def test_every_metric_is_on_the_page_and_no_other():
    assert set(re.findall(r"^\| `(rehab_\w+)`", PAGE, re.MULTILINE)) == {metric.name for metric in METRICS}


def test_every_file_on_the_page_is_there():
    named = set(re.findall(r"`((?:deploy|rehab|programs|scripts|tests)/[\w./@-]+)`", PAGE))
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


def test_every_link_on_the_page_leads_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", PAGE):
        file, _, anchor = link.partition("#")
        assert (ROOT / "docs" / file).exists(), link
        if anchor:
            text = (ROOT / "docs" / file).read_text() if file else PAGE
            headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
            known = {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}
            assert anchor in known | set(re.findall(r'<a id="([^"]+)"', text)), link
