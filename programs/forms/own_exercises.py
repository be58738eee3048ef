"""An exercise of one's own as a form, and back: lines are list items, amounts are numbers."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LEVELS = ("A", "B", "C")
MOST_LINES, LONGEST_LINE = 12, 300
#: Number of a dose -> its label and the largest sensible one.
AMOUNTS = {
    "sets": (_("Rounds"), 20),
    "reps": (_("Repeats"), 100),
    "hold_seconds": (_("Hold, seconds"), 100),
    "breaths": (_("Breaths"), 100),
    "minutes": (_("Minutes"), 100),
}
#: One of them says how much; rounds alone say nothing.
MUCH = ("reps", "hold_seconds", "breaths", "minutes")
GROUPS = [
    ("core", _("Core and hips")),
    ("mobility", _("Moving the back gently")),
    ("stretch", _("Stretches")),
    ("strength", _("Strength with more load")),
    ("cross_training", _("Endurance without running")),
]
DIRECTIONS = [
    ("neutral", _("The back keeps its natural curve")),
    ("flexion", _("It bends forward")),
    ("extension", _("It arches back")),
    ("bending and turning", _("It bends to the side or turns")),
]
ADVICE = [("ok", _("Fine")), ("caution", _("With care")), ("no", _("Leave it out"))]
ENABLED_BY = [
    ("anyone", _("Yes, wherever a programme asks for it")),
    ("physiotherapist", _("No, only for a runner for whom a physiotherapist turns it on")),
]
NOTES = {"ok": _("Fine in this direction."), "caution": _("With care."), "no": _("Not in this direction.")}


class LinesField(forms.CharField):
    """Some short lines; empty ones count for nothing."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=MOST_LINES * (LONGEST_LINE + 2), **kwargs)

    def clean(self, value: str) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(
                gettext("At most {lines} lines of {letters} letters.").format(
                    lines=MOST_LINES, letters=LONGEST_LINE
                )
            )
        return lines

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


#: As the library counts, in words: programmes number their steps from the days of rest on.
STAGES = (
    (1, _("From the first stage on (walking)")),
    (2, _("From the second stage on (core strength)")),
    (3, _("From the third stage on (the first runs)")),
    (4, _("From the fourth stage on (runs of 2 minutes)")),
    (5, _("From the fifth stage on (runs of 3 minutes)")),
    (6, _("From the sixth stage on (runs of 4 minutes)")),
    (7, _("From the seventh stage on (20 minutes in one go)")),
    (8, _("From the eighth stage on (20 to 30 minutes)")),
)


class OwnExerciseForm(forms.Form):
    """``document`` is the exercise as it was, where one is edited."""

    title = forms.CharField(label=_("Name of the exercise"), max_length=80)
    group = forms.ChoiceField(label=_("What it is for"), choices=GROUPS)
    start = forms.CharField(
        label=_("How it starts"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    steps = LinesField(label=_("Steps"), help_text=_("One step on each line."))
    easier = forms.CharField(label=_("Made easier"), max_length=300, required=False)
    harder = forms.CharField(label=_("Made harder"), max_length=300, required=False)
    mistakes = LinesField(label=_("Common mistakes"), help_text=_("One on each line."))
    stop_if = LinesField(
        label=_("Stop if"), help_text=_("Signs at which the runner stops. One on each line.")
    )
    direction = forms.ChoiceField(
        label=_("What the back does at the most demanding point"), choices=DIRECTIONS
    )
    flexion = forms.ChoiceField(label=_("If bending forward hurts the runner"), choices=ADVICE)
    flexion_note = forms.CharField(label=_("What to say then"), max_length=200, required=False)
    extension = forms.ChoiceField(label=_("If arching back hurts the runner"), choices=ADVICE)
    extension_note = forms.CharField(label=_("What to say then"), max_length=200, required=False)
    enabled_by = forms.ChoiceField(label=_("Is it on by default?"), choices=ENABLED_BY)
    from_stage = forms.TypedChoiceField(
        label=_("From which stage on"),
        choices=STAGES,
        coerce=int,
        initial=1,
        help_text=_(
            "Stages of the runner’s programme, without days of rest before them. "
            "In brackets: what that stage mostly is. Earlier it is added for nobody."
        ),
    )
    why = forms.CharField(
        label=_("Why, and what is known about it"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "JPEG, PNG or WebP, at most 5 MB. No faces of runners. Places and dates in the file are removed."
        ),
    )
    picture_alt = forms.CharField(
        label=_("The picture in words"),
        max_length=300,
        required=False,
        help_text=_("For whoever does not see it: who does what."),
    )
    remove_picture = forms.BooleanField(label=_("Without a picture from now on"), required=False)

    def __init__(self, *args, document: dict | None = None, **kwargs) -> None:
        initial = initial_of(document) if document else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.document = document or {}
        for level in LEVELS:
            self._add_dose(level)
        if not self.document.get("picture"):
            del self.fields["remove_picture"]
        self.fields["number"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.helper = _helper(self)

    def _add_dose(self, level: str) -> None:
        words = forms.CharField(label=_("How much, in words"), max_length=120, required=level == "A")
        self.fields[f"words_{level}"] = words
        for name, (label, most) in AMOUNTS.items():
            field = forms.IntegerField(label=label, min_value=1, max_value=most, required=False)
            self.fields[f"{name}_{level}"] = field
        self.fields[f"per_side_{level}"] = forms.BooleanField(label=_("On each side"), required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        for level in LEVELS:
            self._check_dose(level, cleaned)
        keeps = self.document.get("picture") and not cleaned.get("remove_picture")
        if (cleaned.get("picture") or keeps) and not cleaned.get("picture_alt"):
            self.add_error("picture_alt", gettext("Say in words what the picture shows."))
        return cleaned

    def _check_dose(self, level: str, cleaned: dict) -> None:
        says = cleaned.get(f"words_{level}")
        numbers = [cleaned.get(f"{name}_{level}") for name in MUCH]
        if says and not any(numbers):
            self.add_error(
                f"words_{level}", gettext("Give the number, too: repeats, seconds, breaths or minutes.")
            )
        if not says and any(numbers) and f"words_{level}" not in self.errors:
            self.add_error(f"words_{level}", gettext("Say it in words, too."))

    def to_document(self) -> dict:
        """The exercise in the shape of the library, without its key and an uploaded picture."""
        given = self.cleaned_data
        document = {
            "title": given["title"],
            "groups": [given["group"]],
            "from_stage": given["from_stage"],
            "direction": given["direction"],
            "flexion_intolerant": _advice(given, "flexion"),
            "extension_intolerant": _advice(given, "extension"),
            "default": "off" if given["enabled_by"] == "physiotherapist" else "optional",
            "enabled_by": given["enabled_by"],
            "start": given["start"],
            "steps": given["steps"],
            "doses": {level: _dose(given, level) for level in LEVELS if given[f"words_{level}"]},
            "mistakes": given["mistakes"],
            "stop_if": given["stop_if"],
            "evidence": {
                "text": given["why"] or gettext("Chosen by a physiotherapist; no study is named."),
                "grade": "own_choice",
                "source": "design",
            },
            "picture_alt": given["picture_alt"] or given["title"],
        }
        document |= {name: given[name] for name in ("easier", "harder") if given[name]}
        if self.document.get("picture") and not given.get("remove_picture"):
            document["picture"] = self.document["picture"]
        return document


def initial_of(document: dict) -> dict:
    """What the form holds at first, of an exercise that is there."""
    found = {name: document.get(name, "") for name in ("title", "start", "easier", "harder", "picture_alt")}
    found |= {name: document[name] for name in ("steps", "mistakes", "stop_if", "direction", "enabled_by")}
    found |= {"group": document["groups"][0], "from_stage": document["from_stage"]}
    for short, name in (("flexion", "flexion_intolerant"), ("extension", "extension_intolerant")):
        found |= {short: document[name]["advice"], f"{short}_note": document[name]["note"]}
    found["why"] = document["evidence"]["text"]
    for level, dose in document["doses"].items():
        found[f"words_{level}"] = dose["words"]
        found |= {f"{name}_{level}": dose["amount"].get(name) for name in (*AMOUNTS, "per_side")}
    return found


def _advice(given: dict, name: str) -> dict:
    return {"advice": given[name], "note": given[f"{name}_note"] or str(NOTES[given[name]])}


def _dose(given: dict, level: str) -> dict:
    amount = {name: given[f"{name}_{level}"] for name in AMOUNTS if given[f"{name}_{level}"]}
    if given[f"per_side_{level}"]:
        amount["per_side"] = True
    return {"words": given[f"words_{level}"], "amount": amount, "grade": "own_choice", "source": "design"}


def _helper(form: forms.Form) -> FormHelper:
    titles = {"A": _("Level A, to begin with"), "B": _("Level B, the usual"), "C": _("Level C, the most")}
    doses = [
        Fieldset(
            title,
            Field(f"words_{level}"),
            Div(*(f"{name}_{level}" for name in AMOUNTS), css_class="own-amounts"),
            f"per_side_{level}",
            css_class="own-dose",
        )
        for level, title in titles.items()
    ]
    asked = [name for name in form.base_fields if name in form.fields]
    at = asked.index("direction")
    helper = FormHelper()
    helper.layout = Layout(*asked[:at], *doses, *asked[at:], "number")
    helper.add_input(Submit("save", _("Save the exercise"), css_class="btn-lg"))
    return helper
