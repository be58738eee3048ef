"""What a physiotherapist fills in to publish or retire an edition, and to open a file."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

#: Letters of a note, and bytes of a file; the services hold to the same.
LONGEST_NOTE, LARGEST_FILE = 500, 300_000


class _EditionForm(forms.Form):
    submit_label = _("Save")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.add_input(Submit("save", self.submit_label, css_class="btn-lg"))


class PublishForm(_EditionForm):
    """``known_hash`` travels with the form: what was looked at is what is published."""

    submit_label = _("Publish")

    known_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(
        label=_("What is new, and why"),
        error_messages={"required": _("Say why in a few words; your colleagues read it.")},
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. They stay with this version for good."),
    )


class RetireForm(_EditionForm):
    submit_label = _("Retire")

    note = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Say why in a few words; your colleagues read it.")},
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. They stay with this version for good."),
    )


class FileForm(_EditionForm):
    """A file or pasted text: one of them."""

    submit_label = _("Open as a draft")

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("YAML or JSON, at most 300 kB."),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("Paste the whole document."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper.attrs = {"enctype": "multipart/form-data"}

    def clean(self) -> dict:
        data = super().clean()
        sent, pasted = data.get("file"), data.get("text", "").strip()
        if sent and pasted:
            raise forms.ValidationError(_("Choose a file or paste a text, not both."))
        if not sent and not pasted:
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        if sent and sent.size > LARGEST_FILE:
            self.add_error("file", _("This file is too long: at most 300 kB."))
        return data

    @property
    def came_as(self) -> str:
        """Which of the two was filled in."""
        return "file" if self.cleaned_data.get("file") else "text"

    def content(self) -> tuple[bytes, str]:
        """The bytes, and what messages call them."""
        sent = self.cleaned_data.get("file")
        if sent:
            return sent.read(LARGEST_FILE + 1), sent.name[:80]
        # A browser sends two characters for the end of a line.
        return self.cleaned_data["text"].replace("\r\n", "\n").encode("utf-8", "replace"), str(_("text"))
