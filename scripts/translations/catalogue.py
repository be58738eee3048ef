"""The catalogue of one language: read, brought up to date with what there is to say, checked, written."""

import datetime
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scripts.translations.extraction import ROOT, Found, Message

NO_DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
LOCALE = ROOT / "locale"
HEADER = """\
# What the pages, mails and papers say, in another language.
# Written by scripts/messages.py; translations are entered by hand.
#"""
#: %(name)s, {name} and the bare ones.
PLACE = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


@dataclass
class Report:
    """What is wrong with a catalogue, each as the text that it is about."""

    total: int = 0
    untranslated: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    #: Text and translation do not hold the same places for what is filled in.
    places: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not (self.untranslated or self.unused or self.fuzzy or self.places)


def languages() -> list[str]:
    """Every folder below locale/: zh_Hans."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def folder(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES"


def read(language: str) -> Catalog:
    path = folder(language) / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(old: Catalog, found: list[Found]) -> Catalog:
    """A catalogue of exactly what was found, with the translations that there are already."""
    new = Catalog(locale=old.locale, header_comment=HEADER, project="Rehab", fuzzy=False)
    for item in found:
        known = old.get(_id(item.message), item.message.context or None)
        new.add(
            _id(item.message),
            string=known.string if known is not None else None,
            locations=[(item.place, 0)],
            auto_comments=item.comments,
            flags=("fuzzy",) if known is not None and known.fuzzy else (),
            context=item.message.context or None,
        )
    return new


def _id(message: Message) -> str | tuple[str, str]:
    return (message.text, message.plural) if message.plural else message.text


def check(catalogue: Catalog, found: list[Found]) -> Report:
    wanted = {(_id(item.message), item.message.context or None) for item in found}
    report = Report(total=len(wanted))
    for entry in catalogue:
        if not entry.id:
            continue
        source, said = _words(entry.id), _words(entry.string)
        shown = source[0]
        if (entry.id, entry.context) not in wanted:
            report.unused.append(shown)
        if entry.fuzzy:
            report.fuzzy.append(shown)
        if not all(said):
            report.untranslated.append(shown)
        elif any(_places(words) != _places(source[-1]) for words in said):
            report.places.append(shown)
    known = {(entry.id, entry.context) for entry in catalogue}
    report.untranslated += [
        _words(identity)[0] for identity, context in wanted if (identity, context) not in known
    ]
    return report


def _words(value: str | tuple | list) -> list[str]:
    return list(value) if isinstance(value, tuple | list) else [value]


def _places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def as_po(catalogue: Catalog) -> bytes:
    """Without line numbers and dates, so that it changes only where a text does."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False, ignore_obsolete=True, omit_header=True)
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    header = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """What Django reads, with one date for ever in the header that Babel writes."""
    buffer = io.BytesIO()
    written = read_po(io.BytesIO(as_po(catalogue)), locale=str(catalogue.locale))
    written.creation_date = written.revision_date = NO_DATE
    write_mo(buffer, written)
    return buffer.getvalue()


def write(language: str, catalogue: Catalog) -> None:
    folder(language).mkdir(parents=True, exist_ok=True)
    (folder(language) / "django.po").write_bytes(as_po(catalogue))
    (folder(language) / "django.mo").write_bytes(as_mo(catalogue))
