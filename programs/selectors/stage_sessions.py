"""The sessions of a runner's stage: made once for all to whom nobody changed anything.

Ten thousand reminders of one evening, and every page of a plan, ask for the
same few. They follow from what never changes, an edition as it was published,
and from the library as it stands; so they are kept by these.
"""

from collections.abc import Hashable

from django.utils.translation import get_language

from programs.adjusting.in_force import adjustments_of
from programs.models import Enrolment
from programs.selectors.prescription import Session, sessions_of

#: More than there are stages, patterns and languages together; then it begins anew.
MOST_KEPT = 500
#: With the library that they were made of: another one is another object.
_kept: dict[Hashable, tuple[dict[str, dict], tuple[Session, ...]]] = {}


def sessions_of_stage(enrolment: Enrolment, key: str, library: dict[str, dict]) -> tuple[Session, ...]:
    """All parts of a stage of her programme, with what she may do of each; ``library`` is said already."""
    given, document = adjustments_of(enrolment), enrolment.version.stage_documents[key]
    if given.by_key:
        return sessions_of(document, enrolment.pattern, library, given)
    # As ``snapshots.programme_of``: by the content, whichever row has it.
    content = enrolment.version.content_hash, enrolment.version.number
    place = (*content, key, enrolment.pattern, get_language())
    kept = _kept.get(place)
    if kept is None or kept[0] is not library:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[place] = library, sessions_of(document, enrolment.pattern, library)
    return kept[1]
