"""How many years of school a text asks for: the Flesch-Kincaid grade.

0.39 x words a sentence + 11.8 x syllables a word - 15.59 (Kincaid 1975). Grade
7 is read at about 12 years of age. Packages that know it fetch a dictionary
from the network or are under another licence, so syllables are counted as
groups of vowels, which is what the formula was used with by machines.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PLACES = re.compile(r"%\([a-z_]+\)[ds]|%[ds]|\{\w*\}|<[^>]+>|&\w+;")
_END = re.compile(r"[.!?:;]+(?:\s|$)|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Size:
    sentences: int = 0
    words: int = 0
    syllables: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables
        )

    @property
    def grade(self) -> float:
        return round(0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59, 1)


def syllables(word: str) -> int:
    word = word.lower().strip("'’")
    count = len(_VOWELS.findall(word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(("le", "ee", "ted", "ded", "ses", "ces"))
    return max(count - silent, 1)


def size(text: str) -> Size:
    """What stands in a place is taken for one short word."""
    text = _PLACES.sub(" six ", text)
    sentences = [part for part in _END.split(text) if _WORD.search(part)]
    words = _WORD.findall(text)
    return Size(len(sentences), len(words), sum(map(syllables, words)))


def together(texts: Iterable[str]) -> Size:
    return sum((size(text) for text in texts), Size())
