"""allauth's own forms in our words: ACCOUNT_FORMS points here.

Not in ``accounts.forms``: allauth imports that package while it builds these classes.
"""

from allauth.account import forms as allauth_forms
from django import forms

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password again",
}


class InOurWords:
    """Labels above the fields and no placeholders, which vanish on typing."""

    labels: dict[str, str] = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = (LABELS | self.labels).get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput) and name == "password1":
                field.help_text = "At least 10 characters. A few words together are good."


class LoginForm(InOurWords, allauth_forms.LoginForm):
    pass


class SignupForm(InOurWords, allauth_forms.SignupForm):
    labels = {"password1": "Password"}
    field_order = ["name", "email", "password1", "time_zone", "adult"]


class ResetPasswordForm(InOurWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, allauth_forms.SetPasswordForm):
    pass


class AddEmailForm(InOurWords, allauth_forms.AddEmailForm):
    labels = {"email": "New e-mail address"}


class ReauthenticateForm(InOurWords, allauth_forms.ReauthenticateForm):
    pass


class ConfirmCodeForm(InOurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    labels = {"code": "Code from the mail"}


class ChangeEmailForm(InOurWords, allauth_forms.ChangeEmailForm):
    pass
