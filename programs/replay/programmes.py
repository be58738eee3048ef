"""A programme from the shipped library or from a file, without any database."""

import json
from dataclasses import dataclass
from pathlib import Path

from programs.engine.document import check_document, programme_from_document
from programs.engine.programme import Programme
from programs.library.loader import SHIPPED, content_hash
from programs.library.parsing import UnreadableFile, read_yaml
from programs.replay.faults import Faults

OPTION = "--programme"
PROGRAMMES = SHIPPED / "programmes"
#: A document has no number of its own before it is stored; replay counts it as the first.
VERSION = 1
SHOWN_HASH = 12


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sound programme with the words that say which one it is."""

    programme: Programme
    title: str
    identity: str


def load_programme(key_or_file: str, faults: Faults) -> Loaded | None:
    """Return the programme; a key of the library wins over a file of the same name."""
    path = _path(key_or_file)
    if path is None:
        keys = ", ".join(sorted(file.stem for file in PROGRAMMES.glob("*.yaml")))
        faults.option(OPTION, key_or_file, f"a YAML or JSON file, or one of {keys}")
        return None
    try:
        document = _read(path)
    except UnreadableFile as error:
        faults.whole(f"{OPTION}: {error}")
        return None
    found = check_document(document, known_exercises=_exercises(path))
    for fault in found:
        faults.whole(f"{OPTION} {path.name}: {fault.message}")
    return None if found else _loaded(document, path)


def _path(key_or_file: str) -> Path | None:
    shipped = {file.stem: file for file in PROGRAMMES.glob("*.yaml")}
    if key_or_file in shipped:
        return shipped[key_or_file]
    try:
        path = Path(key_or_file)
        return path if key_or_file and path.exists() else None
    except (OSError, ValueError):
        return None


def _read(path: Path) -> object:
    if path.suffix.lower() != ".json":
        return read_yaml(path, path.name)
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"{path.name}: cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name}: is not JSON ({error}).") from error


def _exercises(path: Path) -> frozenset[str]:
    """Names of exercises that a document may prescribe: shipped, or in the folder beside its own."""
    folders = (SHIPPED / "exercises", path.parent.parent / "exercises")
    return frozenset(file.stem for folder in folders for file in folder.glob("*.yaml"))


def _loaded(document: dict, path: Path) -> Loaded:
    programme = programme_from_document(document, VERSION)
    origin = (
        f"as shipped, version {VERSION}" if path.parent == PROGRAMMES else f"from {path.name}, not published"
    )
    identity = f"{programme.key} ({origin}, content {content_hash(document)[:SHOWN_HASH]})"
    return Loaded(programme, document["title"], identity)
