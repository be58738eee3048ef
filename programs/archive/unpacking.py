"""Reading an archive that anybody may have made: refused whole, with the file and the place."""

import io
import json
import re
import zipfile
import zlib

from programs.archive.check import faults_of
from programs.archive.faults import ArchiveRefused
from programs.archive.packing import ATTACHMENTS, DATA, README, SCHEMA, SHEETS
from programs.archive.tables import TABLES

MEGABYTE = 1024 * 1024
#: Ten years of a diary are about 15 MB.
LARGEST_ARCHIVE = 64 * MEGABYTE
LARGEST_TOTAL = 128 * MEGABYTE
LARGEST_DATA = 64 * MEGABYTE
MOST_MEMBERS = 200
#: Our texts shrink to a tenth at best; what shrinks a hundredfold was made to be large.
MOST_SHRUNK = 100
KNOWN = {DATA, SCHEMA, README, SHEETS, ATTACHMENTS, *(f"{SHEETS}{table.name}.csv" for table in TABLES)}
_ATTACHMENT = re.compile(r"attachments/[A-Za-z0-9][A-Za-z0-9_-]{0,80}(\.[a-z0-9]{1,8})?")
_ENCRYPTED = 0x1
_KIND, _LINK = 0o170000, 0o120000


def unpacked(content: bytes) -> dict:
    """The checked document of an archive. Raises ArchiveRefused; nothing is written to disk."""
    if len(content) > LARGEST_ARCHIVE:
        raise ArchiveRefused(f"the archive is larger than {LARGEST_ARCHIVE // MEGABYTE} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            faults = _member_faults(archive.infolist())
            if faults:
                raise ArchiveRefused(*faults[:20])
            raw = _read(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, ValueError) as error:
        raise ArchiveRefused(f"the archive cannot be read: {error}") from None
    document = _parsed(raw)
    faults = [f"{DATA}: {fault}" for fault in faults_of(document)]
    if not faults and document["attachments"]:
        faults = [f"{DATA}: attachments: this edition of the site keeps no files."]
    if faults:
        raise ArchiveRefused(*faults)
    return document


def _member_faults(members: list[zipfile.ZipInfo]) -> list[str]:
    if len(members) > MOST_MEMBERS:
        return [f"the archive has {len(members)} files; at most {MOST_MEMBERS} are read."]
    if sum(member.file_size for member in members) > LARGEST_TOTAL:
        return [f"unpacked, the archive is larger than {LARGEST_TOTAL // MEGABYTE} MB."]
    names = [member.filename for member in members]
    faults = [f"{name}: is there twice." for name in sorted({n for n in names if names.count(n) > 1})]
    if DATA not in names:
        faults.append(f"{DATA}: is missing.")
    return [*faults, *(f"{m.filename[:120]!r}: {why}" for m in members if (why := _why_refused(m)))]


def _why_refused(member: zipfile.ZipInfo) -> str:
    if member.filename not in KNOWN and not _ATTACHMENT.fullmatch(member.filename):
        return "no archive has a file of that name."
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted."
    if (member.external_attr >> 16) & _KIND == _LINK:
        return "is a link to another file."
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not read here."
    if member.file_size > max(MEGABYTE, MOST_SHRUNK * member.compress_size):
        return "grows more than a hundredfold."
    return ""


def _read(archive: zipfile.ZipFile) -> bytes:
    """The content of data.json; what its header says of its size is not believed."""
    with archive.open(DATA) as file:
        content = file.read(LARGEST_DATA + 1)
    if len(content) > LARGEST_DATA:
        raise ArchiveRefused(f"{DATA}: is larger than {LARGEST_DATA // MEGABYTE} MB.")
    return content


def _parsed(content: bytes):
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_number
        )
    except UnicodeDecodeError as error:
        raise ArchiveRefused(f"{DATA}: byte {error.start} is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ArchiveRefused(f"{DATA}: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise ArchiveRefused(f"{DATA}: is nested too deeply.") from None
    except ValueError as error:
        raise ArchiveRefused(f"{DATA}: {error}") from None


def _without_repeats(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"an object names {', '.join(twice)[:80]!r} twice.")
    return found


def _no_number(constant: str):
    raise ValueError(f"{constant} is not a number.")
