"""The forms of a draft: what it is about, the numbers of the rules, a stage, a session."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.builder.blank import fitted
from programs.builder.bounds import SESSION_BOUNDS, stage_bounds
from programs.builder.parts import list_at, mapping_of, words_of
from programs.engine.document import CONSTANT_BOUNDS
from programs.engine.document_stages import CRITERIA, RUNNING_KINDS
from programs.engine.programme import Constants
from programs.engine.values import StageKind
from programs.forms.builder_base import Group, PartForm
from programs.forms.builder_fields import (
    ClockField,
    LineField,
    LinesField,
    SeveralField,
    WholeField,
    WordField,
    WordsField,
    YesNoField,
)
from programs.forms.builder_rows import Rows
from programs.selectors.difference_names import WHEN
from programs.selectors.ladder import KIND_WORDS

LEVELS = [("A", "A"), ("B", "B"), ("C", "C")]
DIRECTIONS = list(WHEN.items())
KINDS = [(kind.value, words) for kind, words in KIND_WORDS.items()]
ONE_PER_LINE = gettext_lazy("One sentence on each line.")
KEY_HELP = gettext_lazy(
    "Letters, digits and _. Keep it as long as the stage stays the same: "
    "runners who are moved to another version keep their place by it."
)
Pairs = Sequence[tuple[str, str]]


def from_to(low: int, high: int) -> str:
    return _("{low} to {high}").format(low=low, high=high)


class AboutForm(PartForm):
    """Texts of the whole programme, its sources, and where it begins."""

    def __init__(self, data=None, *, document: dict, every_source: Pairs, **kwargs) -> None:
        self.every_source = list(every_source)
        super().__init__(data, part=document, **kwargs)

    def build(self) -> None:
        self.elsewhere = ["key", "stages", "engine"]
        words = [
            self.write(["title"], LineField()),
            *(self.write([name], WordsField()) for name in ("summary", "condition", "audience")),
        ]
        self.groups.append(Group(_("Texts"), words))
        lists = [self.write([name], LinesField(help_text=ONE_PER_LINE)) for name in ("entry", "notes")]
        self.groups.append(Group(_("Who may start, and what to know"), lists))
        self.groups.append(Group(_("How it goes on"), [self._sign_off(), self._starts()]))
        kept = _("A runner follows one programme of a family at a time.")
        tags = [self.write(["family"], LineField(help_text=kept)), self.write(["language"], LineField())]
        self.groups.append(Group(_("Family and language"), tags))
        sources = self.write(["sources"], SeveralField(words=self.every_source))
        self.groups.append(Group(_("Sources that its numbers name"), [sources]))

    def _sign_off(self) -> str:
        words = _(
            "Then every move to the next stage waits for a physiotherapist, unless a stage says otherwise."
        )
        return self.write(["sign_off"], YesNoField(empty=_("Not said: no"), help_text=words))

    def _starts(self) -> str:
        stages = [mapping_of(stage) for stage in list_at(self.part, "stages")]
        named = [(words_of(stage.get("key")), words_of(stage.get("title"))) for stage in stages]
        keys = {key: title or key for key, title in named if key}
        words = _("Without any it is the first stage without running, and the easy days before it.")
        return self.write(["start_stages"], SeveralField(words=list(keys.items()), help_text=words))


class RulesForm(PartForm):
    """The constants of the rules; one that is left out has its default."""

    def __init__(self, data=None, *, document: dict, **kwargs) -> None:
        part = {name: document[name] for name in ("engine",) if name in document}
        super().__init__(data, part=part, **kwargs)

    def build(self) -> None:
        defaults = Constants()
        for name, (low, high) in CONSTANT_BOUNDS.items():
            words = _("{low} to {high}. Left empty it is {default}.").format(
                low=low, high=high, default=getattr(defaults, name)
            )
            self.write_number(["engine", name], WholeField(), help_text=words)

    def edited(self) -> dict:
        """A constant without a value is left out, with its evidence."""
        part = super().edited()
        engine = mapping_of(part.get("engine"))
        given = {name: it for name, it in engine.items() if "value" in mapping_of(it)}
        if given == engine:
            return part
        return {"engine": given} if given else {}


class StageForm(PartForm):
    """Texts and numbers of one stage; its sessions have pages of their own."""

    def __init__(self, data=None, *, document: dict, stage: dict, **kwargs) -> None:
        self.kind = words_of(stage.get("kind"))
        self.bounds = stage_bounds(document, self.kind)
        super().__init__(data, part=stage, **kwargs)

    def build(self) -> None:
        self.elsewhere = ["sessions"]
        named = [
            self.write(["title"], LineField()),
            self.write(["kind"], WordField(words=KINDS)),
            self.write(["key"], LineField(help_text=KEY_HELP)),
            self.write(["summary"], WordsField()),
        ]
        self.groups.append(Group(_("Stage"), named))
        lists = [
            self.write([name], LinesField(help_text=ONE_PER_LINE))
            for name in ("normal", "not_normal", "stop_if")
        ]
        self.groups.append(Group(_("What the runner reads"), lists))
        if self.kind in tuple(StageKind) and self.kind != StageKind.REST:
            self._numbers(StageKind(self.kind))

    def _numbers(self, kind: StageKind) -> None:
        if kind is StageKind.FINAL:
            goal = self.write(["goal"], LineField(help_text=_("Such as 20-30 minutes, 3-4 times a week.")))
            self.groups.append(Group(_("What the last stage asks for"), [goal]))
        else:
            empty = _("As the whole programme says")
            asked = self.write(["sign_off"], YesNoField(empty=empty))
            self.groups.append(Group(_("Confirmation"), [asked]))
        for name in CRITERIA[kind]:
            self._number(f"criteria.{name}")
        self._week()
        self._number("days_between")
        self.write_number(["limits", "intensity_max"], WordField(words=[("easy", _("easy"))]))
        if kind in RUNNING_KINDS:
            self._number("limits.run_minutes_max")
            for name in ("single_run_growth_percent", "week_growth_percent"):
                self._number(f"limits.{name}", _("May be left empty."))

    def _number(self, field: str, more: str = "") -> None:
        words = from_to(*self.bounds[field])
        self.write_number(field.split("."), WholeField(), help_text=f"{words}. {more}" if more else words)

    def _week(self) -> None:
        path = ["sessions_per_week"]
        names = [
            self.write([*path, end], WholeField(help_text=from_to(*self.bounds[f"sessions_per_week.{end}"])))
            for end in ("min", "max")
        ]
        self.groups.append(Group("", names, self.write_evidence(path)))

    def edited(self) -> dict:
        """What the new kind asks for, where that is another; a limit without a value is left out whole."""
        part = super().edited()
        if part.get("kind") != self.part.get("kind"):
            part = fitted(part)
        limits = mapping_of(part.get("limits"))
        empty = [
            name
            for name in ("single_run_growth_percent", "week_growth_percent")
            if name in limits and "value" not in mapping_of(limits[name])
        ]
        if not empty:
            return part
        return {**part, "limits": {name: it for name, it in limits.items() if name not in empty}}


class SessionForm(PartForm):
    """One session: running and walking, exercises with their dose, advice."""

    def __init__(
        self, data=None, *, session: dict, exercises: Mapping[str, dict], can_run: bool, **kwargs
    ) -> None:
        self.exercises, self.can_run = exercises, can_run or "run_walk" in session
        super().__init__(data, part=session, **kwargs)

    def build(self) -> None:
        counts = _("The diary asks about it, and it counts for moving on.")
        named = [
            self.write(["title"], LineField()),
            self.write(["key"], LineField(help_text=_("Letters, digits and _; used once in a stage."))),
            self.write(["summary"], WordsField()),
            self.write(["counts"], YesNoField(empty="–", help_text=counts)),
        ]
        self.groups.append(Group(_("Session"), named))
        if self.can_run:
            self._intervals()
        self._exercises()
        advice = self.write(["advice"], LinesField(help_text=ONE_PER_LINE))
        self.groups.append(Group(_("Advice"), [advice]))
        often = [
            self.write(["per_week", end], WholeField(help_text=from_to(*SESSION_BOUNDS[f"per_week.{end}"])))
            for end in ("min", "max")
        ]
        only = _("Only of a session that does not count. May be left empty.")
        self.groups.append(Group(_("How often"), often, help=only))
        self.groups.append(Group(_("Evidence of the session"), [], self.write_evidence(["basis"])))

    def _intervals(self) -> None:
        walks = [
            self.write(
                ["run_walk", end],
                WholeField(help_text=_("Minutes of walking, ") + from_to(*SESSION_BOUNDS[f"run_walk.{end}"])),
            )
            for end in ("warm_up_min", "cool_down_min")
        ]
        columns = {
            "run_seconds": lambda: ClockField(label=_("Run for")),
            "walk_seconds": lambda: ClockField(label=_("Then walk for")),
            "repeats": lambda: WholeField(label=_("Times")),
            "repeats_from": lambda: WholeField(label=_("Begin with")),
        }
        rows = Rows(["run_walk", "intervals"], columns).add_to(self, self.part)
        words = _(
            "Minutes and seconds, such as 1:30. 0:00 where there is no walk. "
            "“Begin with” may stay empty: then it is the full number from the start."
        )
        self.add_rows(_("Running and walking"), rows, names=walks, help=words)

    def _exercises(self) -> None:
        titles = [(key, one["title"]) for key, one in self.exercises.items()]
        columns = {
            "key": lambda: WordField(label=_("Exercise"), words=titles, empty="–"),
            "level": lambda: WordField(label=_("Dose"), words=LEVELS, empty="–"),
            "up_to": lambda: WordField(label=_("Grows to"), words=LEVELS, empty="–"),
            "when": lambda: WordField(label=_("For"), words=DIRECTIONS, empty=_("everybody")),
        }
        rows = Rows(["exercises"], columns, hint=self._dose).add_to(self, self.part)
        self.add_rows(_("Exercises"), rows, help=_("A is the smallest dose of an exercise, C the largest."))

    def _dose(self, item: object) -> str:
        """What the runner reads of a row as it is stored."""
        asked = mapping_of(item)
        doses = self.exercises.get(words_of(asked.get("key")), {}).get("doses", {})
        levels = dict.fromkeys(words_of(asked.get(name)) for name in ("level", "up_to"))
        return "; ".join(f"{level}: {doses[level]['words']}" for level in levels if level in doses)


class BeginForm(forms.Form):
    """A programme from nothing has a title first."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("As runners read it. You can change it until the first version is published."),
        error_messages={"required": gettext_lazy("Give the programme a title.")},
    )
