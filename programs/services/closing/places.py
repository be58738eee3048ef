"""Whom a runner calls, and when her day closes: few differ, so each is worked out once for a batch."""

import json
from dataclasses import dataclass, field
from typing import NamedTuple

from accounts.selectors.clinic_defaults import AS_THE_SITE, ClinicDefaults
from programs.clinic_defaults import close_hour
from programs.engine.snapshot import Contacts
from programs.snapshots import contacts_in


class Place(NamedTuple):
    """``contacts_json`` is how the numbers stand in stored inputs; ``close_hour`` a local hour."""

    contacts: Contacts
    contacts_json: str
    close_hour: int


@dataclass
class Places:
    """What holds for the runners of a batch; not for longer, because settings and clinics change."""

    #: Runner -> her clinic; whoever let nobody in is not here.
    clinics: dict[int, ClinicDefaults] = field(default_factory=dict)
    _known: dict[tuple[str, int], Place] = field(default_factory=dict)

    def clinic_of(self, runner: int) -> ClinicDefaults:
        return self.clinics.get(runner, AS_THE_SITE)

    def of(self, runner: int, country: str) -> Place:
        clinic = self.clinics.get(runner, AS_THE_SITE)
        # By the object: these live as long as the batch, and there is one for each clinic.
        key = country, id(clinic)
        found = self._known.get(key)
        if found is None:
            numbers = contacts_in(country, clinic)
            found = self._known[key] = Place(numbers, _as_json(numbers), close_hour(clinic))
        return found


def _as_json(numbers: Contacts) -> str:
    return (
        f'{{"emergency_number":{json.dumps(numbers.emergency_number)},'
        f'"urgent_service":{json.dumps(numbers.urgent_service)}}}'
    )
