"""allauth's forms about second factors in our words: MFA_FORMS points here."""

import struct

from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mfa import MFAAdapter
from accounts.models.user import clean_name
from accounts.second_factor import code_of_the_demonstration
from accounts.services.second_factor import spend_code
from accounts.wording import InOurWords

LONGEST_CODE, LONGEST_NAME = 32, 60
#: What the parser of passkeys raises, undocumented, on what no browser sends.
NO_CREDENTIAL = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """What a browser says of a passkey, as JSON that was not made to break its parser."""

    def __init__(self) -> None:
        super().__init__(required=True, widget=forms.HiddenInput)

    def to_python(self, value: object) -> dict:
        """Return an object with something in it.

        allauth looks only at what is true: it would take a 0 for a new passkey,
        and whoever must have a second factor would have one that opens nothing.
        """
        try:
            credential = super().to_python(value)
        except (ValueError, RecursionError):  # a number of 5,000 digits, a hundred thousand brackets
            credential = None
        if not isinstance(credential, dict) or not credential:
            raise MFAAdapter().validation_error("incorrect_passkey")
        return credential

    def bound_data(self, data: str, initial: object) -> str:
        """Never shown again: a passkey answers once."""
        return ""


class CodeForm(InOurWords):
    """A code of the app, or one of the recovery codes; either counts once."""

    labels = {"code": _("Code")}
    helps = {"code": _("The six digits that your authenticator app shows, or one of your recovery codes.")}
    longest = {"code": LONGEST_CODE}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        code = super().clean_code()
        is_of_the_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_the_app and not spend_code(app=self.authenticator, code=code, now=timezone.now()):
            raise MFAAdapter().validation_error("incorrect_code")
        return code

    @property
    def types(self) -> set[str]:
        """Which kinds of factor there are to choose from."""
        return set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))

    @property
    def shown_code(self) -> str | None:
        """The demonstration's code; None outside of it."""
        return code_of_the_demonstration(self.user, now=timezone.now())


class AuthenticateForm(CodeForm, base_forms.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, base_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(InOurWords, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Code that the app shows")}
    helps = {"code": _("Six digits. They change every 30 seconds.")}
    longest = {"code": LONGEST_CODE}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    @property
    def secret_in_groups(self) -> str:
        """The secret as it is easiest to type."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class NamedPasskey(InOurWords):
    longest = {"name": LONGEST_NAME}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class AddWebAuthnForm(NamedPasskey, webauthn_forms.AddWebAuthnForm):
    credential = CredentialField()
    labels = {
        "name": _("Name of this passkey"),
        "passwordless": _("Sign in with it alone, without the password"),
    }
    helps = {
        "name": _("So that you know it again, such as “My phone”."),
        "passwordless": _("It then asks for your fingerprint, your face or a PIN each time."),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return clean_name(super().clean_name())

    def clean(self) -> dict:
        try:
            return super().clean()
        except NO_CREDENTIAL:
            raise MFAAdapter().validation_error("incorrect_passkey") from None


class EditWebAuthnForm(NamedPasskey, webauthn_forms.EditWebAuthnForm):
    labels = {"name": _("Name of this passkey")}

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter a name."))
        return name


class Passkey:
    """A passkey's answer, of whatever shape it comes."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except NO_CREDENTIAL:
            raise MFAAdapter().validation_error("incorrect_passkey") from None


class AuthenticateWebAuthnForm(Passkey, webauthn_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()


class LoginWebAuthnForm(Passkey, webauthn_forms.LoginWebAuthnForm):
    credential = CredentialField()


class ReauthenticateWebAuthnForm(Passkey, webauthn_forms.ReauthenticateWebAuthnForm):
    credential = CredentialField()
