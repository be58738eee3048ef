"""Grade and sources of a number, in words: who says so, and how sure that is."""

from dataclasses import dataclass

from programs.library.loader import SOURCE
from programs.presentation import GRADES
from programs.shelf import shelf

OWN = "design"
OWN_CHOICE = "own_choice"
_SEEN = {
    "copy": "",
    "second_hand": "seen second-hand",
    "supplied": "a text supplied with this project",
    "from_memory": "from memory, not read for this project",
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
        return "Compare" if self.level == OWN_CHOICE else "Source"

    @property
    def words(self) -> str:
        """All of it as sentences."""
        works = "; ".join(f"{s.title} ({s.caveat})" if s.caveat else s.title for s in self.sources)
        named = f"{self.lead}: {works}." if works else ""
        grade = f"{self.grade[0].upper()}{self.grade[1:]}."
        return " ".join(part for part in (grade, named, self.note) if part)


def sources_by_key(edition: int | None = None) -> dict[str, Source]:
    """Every source of the library; no query where its edition is known."""
    rows = shelf(edition).of(SOURCE)
    return {
        row.key: Source(row.document["title"], row.document["address"], _SEEN[row.document["seen"]])
        for row in rows
    }


def evidence_of(cited: dict, sources: dict[str, Source]) -> Evidence:
    """What a document says of a number: ``grade``, ``source`` and, where given, ``also`` and ``note``."""
    keys = [key for key in (cited["source"], *cited.get("also", ())) if key != OWN]
    return Evidence(
        grade=GRADES[cited["grade"]],
        level=cited["grade"],
        sources=tuple(sources.get(key, Source(key, "", "")) for key in keys),
        note=cited.get("note", ""),
    )
