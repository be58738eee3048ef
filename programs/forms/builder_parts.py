"""Which form edits which part of a draft, and what the draft is with what it says."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from programs.builder.edits import session_at, stage_at, with_session, with_stage
from programs.builder.places import ABOUT, RULES, STAGE, Part
from programs.engine.values import StageKind
from programs.forms.builder import KINDS, AboutForm, RulesForm, SessionForm, StageForm
from programs.forms.builder_base import PartForm
from programs.selectors.builder_part import can_run, every_source, sources_listed


def form_for(
    document: dict, part: Part, *, exercises: Mapping[str, dict], data: QueryDict | None = None
) -> PartForm:
    """The form of a part. Raises IndexError where the draft has no such stage or session."""
    sources = sources_listed(document)
    if part.name == ABOUT:
        return AboutForm(data, document=document, every_source=every_source(), sources=sources)
    if part.name == RULES:
        return RulesForm(data, document=document, sources=sources)
    if part.name == STAGE:
        stage = stage_at(document, part.stage)
        return StageForm(data, document=document, stage=stage, sources=sources)
    session = session_at(document, part.stage, part.session)
    runs = can_run(document, part.stage)
    return SessionForm(data, session=session, exercises=exercises, can_run=runs, sources=sources)


def document_with(document: dict, part: Part, form: PartForm) -> dict:
    """The draft with what its form says; the form has been looked through."""
    edited = form.edited()
    if part.name == ABOUT:
        return edited
    if part.name == RULES:
        rest = {name: value for name, value in document.items() if name != "engine"}
        return rest | edited
    if part.name == STAGE:
        return with_stage(document, part.stage, edited)
    return with_session(document, part.stage, part.session, edited)


class StageNewForm(forms.Form):
    """A stage from a sound model of its kind, or one that is written already."""

    model = forms.ChoiceField(
        label=_("Begin with"), error_messages={"required": _("Choose what the stage begins with.")}
    )

    def __init__(self, *args, others: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        models = [(f"{KIND}:{kind}", words) for kind, words in KINDS]
        self.fields["model"].choices = [
            ("", _("Choose")),
            (_("A new stage with careful numbers"), models),
            *((title, [(f"{COPY}:{code}", words) for code, words in stages]) for title, stages in others),
        ]

    def chosen(self) -> tuple[StageKind | None, int, int]:
        """A kind, or the edition and the place of a stage in it."""
        sort, *numbers = self.cleaned_data["model"].split(":")
        if sort == KIND:
            return StageKind(numbers[0]), 0, 0
        return None, int(numbers[0]), int(numbers[1])


KIND, COPY = "kind", "copy"
