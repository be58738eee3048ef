"""A programme from a file, or from pasted text: it opens as a draft of its own and overwrites nothing."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from programs.library.parsing import UnreadableFile, line_of, parse_yaml
from programs.models import ProgrammeVersion
from programs.services.drafts import begin_draft
from programs.services.errors import Refused

LARGEST_FILE = 300_000
#: A sound document is nested eight deep.
DEEPEST = 12
Path = tuple[str | int, ...]


def open_programme(
    *, by: User, now: datetime.datetime, raw: bytes, shown: str, came_as: str = "file"
) -> ProgrammeVersion:
    """Read it whole or refuse it whole, with line and field. What is wrong in its content the draft says.

    ``came_as``: the field that a refusal points at, ``file`` or ``text``.
    """
    if len(raw) > LARGEST_FILE:
        raise Refused(_("This is too long: at most {most} kB.").format(most=LARGEST_FILE // 1000), came_as)
    try:
        document = parse_yaml(raw, shown, LARGEST_FILE)
    except UnreadableFile as fault:
        raise Refused(_("This cannot be read. {fault}").format(fault=fault), came_as) from None
    for path, words in _misshapen(document):
        place = ".".join(str(step + 1 if isinstance(step, int) else step) for step in path)
        line = line_of(raw, path)
        raise Refused(
            _("Line {line}, {field}: {words}").format(
                line=line, field=place or _("the whole document"), words=words
            ),
            came_as,
        )
    note = _("Opened from {file}.").format(file=shown)
    return begin_draft(by=by, now=now, document=document, note=note)


def _misshapen(document: object) -> Iterator[tuple[Path, str]]:
    """What keeps it from being a programme at all; nothing of what a draft may still have wrong."""
    if not isinstance(document, dict):
        yield (), _("this is no list of named fields.")
        return
    if "stages" not in document:
        yield (), _("there are no stages, so this is no programme.")
    elif not isinstance(document["stages"], list):
        yield ("stages",), _("this must be a list of stages.")
    else:
        for number, stage in enumerate(document["stages"]):
            if not isinstance(stage, dict):
                yield ("stages", number), _("a stage must be a list of named fields.")
    deep = _too_deep(document, ())
    if deep is not None:
        yield deep, _("this is nested too deeply.")


def _too_deep(value: object, path: Path) -> Path | None:
    if len(path) > DEEPEST:
        return path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = (_too_deep(item, (*path, name)) for name, item in inner)
    return next((path for path in found if path is not None), None)
