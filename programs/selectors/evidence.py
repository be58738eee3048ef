"""Grade and sources of a number, in words: who says so, and how sure that is."""

import re
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from programs.engine.rules import RULES_BY_CODE
from programs.library.loader import SOURCE
from programs.models import LibraryItem
from programs.presentation import GRADES
from programs.said import said
from programs.shelf import shelf

OWN = "design"
OWN_CHOICE = "own_choice"
_SEEN = {
    "copy": "",
    "second_hand": gettext_lazy("seen second-hand"),
    "supplied": gettext_lazy("a text supplied with this project"),
    "from_memory": gettext_lazy("from memory, not read for this project"),
    OWN_CHOICE: "",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One work: ``caveat`` says where it was not read itself."""

    title: str
    address: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """``grade`` in words; ``level`` is its key, for the look."""

    grade: str
    level: str
    sources: tuple[Source, ...]
    note: str = ""

    @property
    def lead(self) -> str:
        """What stands before the sources: of a number of our own they are only for comparison."""
        return _("Compare") if self.level == OWN_CHOICE else _("Source")

    @property
    def words(self) -> str:
        """All of it as sentences."""
        works = "; ".join(f"{s.title} ({s.caveat})" if s.caveat else s.title for s in self.sources)
        named = sentence(f"{self.lead}: {works}") if works else ""
        grade = sentence(self.grade)
        return " ".join(part for part in (grade, named, self.note) if part)


def sources_by_key(edition: int | None = None) -> dict[str, Source]:
    """Every source of the library; no query where its edition is known.

    They are the same dictionary for as long as the library is the same one, in each language.
    """
    rows, language = shelf(edition).of(SOURCE), get_language()
    known = _known.get(language)
    if known is None or known[0] is not rows:
        known = _known[language] = (rows, {row.key: _source(row.document) for row in rows})
    return known[1]


#: Language -> rows of the library, and what they come to.
_known: dict[str | None, tuple[tuple[LibraryItem, ...], dict[str, Source]]] = {}


def _source(document: dict) -> Source:
    return Source(said(document["title"]), document["address"], str(_SEEN[document["seen"]]))


def evidence_of(cited: dict, sources: dict[str, Source]) -> Evidence:
    """What a document says of a number: ``grade``, ``source`` and, where given, ``also`` and ``note``."""
    keys = [key for key in (cited["source"], *cited.get("also", ())) if key != OWN]
    return Evidence(
        grade=GRADES[cited["grade"]],
        level=cited["grade"],
        sources=tuple(sources.get(key, Source(key, "", "")) for key in keys),
        note=said(cited.get("note", "")),
    )


#: A rule of the engine names its sources by key, founding texts by number, and our own laws as INV-…
_SEEDS = re.compile(r"\bseeds? (\d{3}(?:, \d{3})*)")
_KEY = re.compile(r"seed-\d{3}|\b[A-Z][A-Z0-9]+(?:-\d+)?\b")
_LAW = re.compile(r"\bINV-\d+: ")


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """A row of the decision table: how sure its limit is, and who says so, in words."""

    code: str
    grade: str
    words: str


def rule_evidence(code: str, sources: dict[str, Source]) -> RuleEvidence:
    """Without grade and words where the engine does not know the rule any more."""
    rule = RULES_BY_CODE.get(code)
    if rule is None:
        return RuleEvidence(code, "", "")
    cited = _LAW.sub("", _SEEDS.sub(_seed_keys, rule.source)).replace(", ", "; ")
    words = _KEY.sub(lambda found: sources[found[0]].title if found[0] in sources else found[0], cited)
    return RuleEvidence(code, sentence(GRADES[rule.grade]), sentence(words))


def _seed_keys(found: re.Match) -> str:
    return "; ".join(f"seed-{number}" for number in found[1].split(", "))


def sentence(words: str) -> str:
    words = str(words)
    # Translators: words that become a sentence of their own.
    return _("%(words)s.") % {"words": f"{words[:1].upper()}{words[1:]}"}
