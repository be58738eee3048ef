"""A message, and a private note: a few words, once."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import InstantField
from programs.models.clinical import LONGEST_MESSAGE, LONGEST_NOTE


class _WordsForm(forms.Form):
    """Sent twice it counts once: ``key`` is made with the form."""

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": _("Write a few words.")}
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("This form is out of date. Open the page again.")
        ),
    )
    label, submit_label, longest = "", "", 0

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.label, field.max_length = self.label, self.longest
        field.widget.attrs["maxlength"] = self.longest
        field.validators.append(forms.fields.validators.MaxLengthValidator(self.longest))
        self.fields["key"].initial = uuid.uuid4
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", self.submit_label))


class MessageForm(_WordsForm):
    """``through``: what was on the page is read by whoever answers it."""

    label, submit_label, longest = _("Your message"), _("Send"), LONGEST_MESSAGE
    through = InstantField(required=False, widget=forms.HiddenInput)


class ReadForm(forms.Form):
    """The button "Mark as read", with the instant of the newest message on the page."""

    through = InstantField()


class ClinicalNoteForm(_WordsForm):
    """``replaces``: the note that this one corrects."""

    label, submit_label, longest = _("Note"), _("Save the note"), LONGEST_NOTE
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
