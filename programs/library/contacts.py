"""Whom to call, by country: shipped data, checked when it is first read."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from programs.library.loader import SHIPPED
from programs.library.parsing import UnreadableFile, read_yaml

FILE = "contacts.yaml"
#: ISO leaves this code to its users. It stands for every country that is not listed.
ELSEWHERE = "ZZ"
_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class CountryContacts:
    """The numbers of one country; ``checked`` once somebody held them against an official page."""

    code: str
    name: str
    emergency: str
    urgent: str
    checked: bool


@functools.cache
def countries() -> Mapping[str, CountryContacts]:
    """Code -> numbers, by name, what stands for all others last. Raises UnreadableFile."""
    document = read_yaml(SHIPPED / FILE, FILE)
    found = [_country(code, row) for code, row in document["countries"].items()]
    found.sort(key=lambda country: (country.code == ELSEWHERE, country.name))
    return MappingProxyType({country.code: country for country in found})


def numbers_in(code: str) -> CountryContacts:
    """The numbers of a country; where it is not listed none at all, because a wrong one is worse."""
    return countries().get(code) or countries()[ELSEWHERE]


def _country(code: str, row: dict) -> CountryContacts:
    texts = [row.get(name) for name in ("name", "emergency", "urgent")]
    if not _CODE.fullmatch(code) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise UnreadableFile(f"{FILE}: {code} needs a code of two capitals, a name and two contacts.")
    if not isinstance(row.get("checked"), bool):
        raise UnreadableFile(f"{FILE}: {code} does not say whether its numbers were checked.")
    return CountryContacts(code, *texts, row["checked"])
