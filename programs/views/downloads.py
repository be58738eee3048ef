"""Files that are taken away: under names that tell runners apart, and not who they are or why."""

import datetime

from programs.models import Enrolment

#: Letters of the reference in the address of a runner's page.
_REFERENCE = 4


def file_headers(
    kind: str, date: datetime.date, ending: str, enrolment: Enrolment, *, disposition: str = "attachment"
) -> dict[str, str]:
    """They lie about in folders of downloads, and no cache keeps them."""
    reference = str(enrolment.public_id)[:_REFERENCE]
    return {
        "Content-Disposition": f'{disposition}; filename="{kind}-{date.isoformat()}-{reference}.{ending}"',
        "Cache-Control": "no-store, private",
    }
