"""The form of one part of a draft: its fields, each with its place in the document, in groups."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.builder.parts import NOTHING, found, put
from programs.forms.builder_fields import KeysField, SeveralField, WordField, WordsField, described
from programs.forms.builder_rows import Rows
from programs.presentation import GRADES
from programs.selectors.builder_faults import field_label
from programs.selectors.evidence import OWN

Words = str | Promise
Path = Sequence[str]


@dataclass(slots=True)
class Group:
    """Fields under one heading; ``cited`` are those of the evidence, kept apart."""

    title: Words
    names: list[str]
    cited: list[str] = field(default_factory=list)
    help: Words = ""
    rows: Rows | None = None


class Line(Protocol):
    """A fault, as far as a form reads it."""

    field: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is wrong, with the id of the field to go to; ``name`` is empty where no field shows it."""

    label: str
    words: str
    target: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """``fault`` is what is wrong with it: what could not be read, or what the check says."""

    bound: BoundField
    fault: str

    @property
    def target(self) -> str:
        return f"{self.bound.auto_id}_fault"


@dataclass(frozen=True, slots=True)
class ShownRow:
    number: int
    is_spare: bool
    fields: list[ShownField]
    order: BoundField
    gone: BoundField
    hint: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as a template goes through it."""

    title: Words
    help: Words
    fields: list[ShownField]
    cited: list[ShownField]
    evidence: str
    is_open: bool
    rows: list[ShownRow]
    count: BoundField | None


class PartForm(forms.Form):
    """``part``: what the document says now. A field that nobody touched leaves its part as it is."""

    def __init__(self, data=None, *, part: dict, sources: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(data, auto_id="id_%s", **kwargs)
        self.part, self.sources = part, list(sources)
        self.paths: dict[str, Path] = {}
        self.groups: list[Group] = []
        #: Names of lists that other pages edit.
        self.elsewhere: list[str] = []
        self.pointed: list[Pointed] = []
        self.build()

    def build(self) -> None:
        """Add the fields. Every kind of part has its own."""
        raise NotImplementedError

    def write(self, path: Path, formfield: forms.Field) -> str:
        """Add a field that stands at the path; its name is the path."""
        name = "-".join(path)
        value = found(self.part, path, None)
        if isinstance(formfield, WordField | SeveralField):
            formfield.offer(value)
        if not formfield.label:
            formfield.label = field_label(tuple(path))
        self.fields[name], self.paths[name], self.initial[name] = formfield, path, value
        described(name, formfield)
        return name

    def write_evidence(self, path: Path) -> list[str]:
        """Grade, source, further sources and note of whatever stands at the path."""
        grades = [(key, words) for key, words in GRADES.items()]
        return [
            self.write([*path, "grade"], WordField(label=_("How sure that is"), words=grades, empty="–")),
            self.write([*path, "source"], WordField(label=_("Source"), words=self.sources, empty="–")),
            self.write(
                [*path, "also"],
                KeysField(label=_("Further sources"), help_text=_("Their short names, with commas.")),
            ),
            self.write([*path, "note"], WordsField(label=_("Note"), rows=2)),
        ]

    def write_number(
        self, path: Path, formfield: forms.Field, *, title: Words = "", help_text: Words = ""
    ) -> None:
        """A threshold: its value, and beside it where it comes from."""
        formfield.help_text = formfield.help_text or help_text
        formfield.label = field_label(tuple(path))
        value = self.write([*path, "value"], formfield)
        self.groups.append(Group(title, [value], self.write_evidence(path)))

    def add_rows(self, title: Words, rows: Rows, *, names: list[str] | None = None, help: Words = "") -> None:
        self.groups.append(Group(title, names or [], help=help, rows=rows))

    def edited(self) -> dict:
        """The part with what was changed, as far as it could be read; without fields unknown to it."""
        part = copy.deepcopy(self.part)
        for name in self.changed_data:
            if name in self.cleaned_data and name in self.paths:
                value = self.cleaned_data[name]
                put(part, self.paths[name], NOTHING if value is None else value)
        for rows in self._rows():
            rows.write(part, self)
        return _only(part, self._known())

    def point_at(self, lines: Iterable[Line]) -> None:
        """Note what is wrong, each with the field that shows it; what could not be read comes first."""
        self.pointed = [
            Pointed(str(self.fields[name].label), " ".join(errors), self._target(name), name)
            for name, errors in self.errors.items()
            if name in self.fields
        ]
        for line in lines:
            name = self._showing(line.field)
            if name not in self.errors:
                self.pointed.append(Pointed(line.label, line.words, self._target(name), name))

    def _showing(self, field: str) -> str:
        """The form field of a field of the check: itself, or what it is part of, or its first part."""
        if field in self.fields:
            return field
        names = [name for name in self.fields if not name.endswith("-rows")]
        outer = [name for name in names if field.startswith(f"{name}-")]
        inner = [name for name in names if name.startswith(f"{field}-")]
        return next(iter(outer or inner), "")

    def _target(self, name: str) -> str:
        if not name:
            return ""
        return f"id_{name}_0" if isinstance(self.fields[name], SeveralField) else f"id_{name}"

    def _shown(self, name: str) -> ShownField:
        words = " ".join(one.words for one in self.pointed if one.name == name)
        return ShownField(self[name], words)

    def shown_groups(self) -> Iterator[ShownGroup]:
        for group in self.groups:
            cited = [self._shown(name) for name in group.cited]
            yield ShownGroup(
                title=group.title,
                help=group.help,
                fields=[self._shown(name) for name in group.names],
                cited=cited,
                evidence=self._evidence(group),
                is_open=any(one.fault for one in cited),
                rows=self._shown_rows(group.rows) if group.rows else [],
                count=self[group.rows.count_name] if group.rows else None,
            )

    def _shown_rows(self, rows: Rows) -> list[ShownRow]:
        shown = []
        for number in range(rows.count):
            fields = [self._shown(rows.name(number, column)) for column in rows.columns]
            order, gone = (self[rows.name(number, column)] for column in ("order", "gone"))
            is_spare = number >= len(rows.items)
            shown.append(ShownRow(number + 1, is_spare, fields, order, gone, rows.hint(number)))
        return shown

    def _evidence(self, group: Group) -> str:
        """What is folded away, in short."""
        if not group.cited:
            return ""
        grade, source = (found(self.part, self.paths[name], "") for name in group.cited[:2])
        words = str(GRADES[grade]) if isinstance(grade, str) and grade in GRADES else ""
        work = self._work(source) if isinstance(source, str) else ""
        return ", ".join(part for part in (words, work) if part)

    def _work(self, source: str) -> str:
        """Its title, without the short name that a choice puts before it; nothing of a value of our own."""
        if source == OWN:
            return ""
        return str(dict(self.sources).get(source, source)).removeprefix(f"{source} – ")

    def _rows(self) -> list[Rows]:
        return [group.rows for group in self.groups if group.rows]

    def _known(self) -> dict:
        tree: dict = {}
        paths = [*self.paths.values(), *(rows.path for rows in self._rows()), *([n] for n in self.elsewhere)]
        for path in paths:
            at = tree
            for step in path:
                at = at.setdefault(step, {})
        return tree


def _only(part: dict, tree: dict) -> dict:
    """A file from elsewhere may bring fields that mean nothing here; whoever saves the page drops them."""
    kept = {name: value for name, value in part.items() if name in tree}
    return {
        name: _only(value, tree[name]) if tree[name] and isinstance(value, dict) else value
        for name, value in kept.items()
    }
