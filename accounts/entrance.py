"""allauth's own forms in our words: ACCOUNT_FORMS points here.

Not in ``accounts.forms``: allauth imports that package while it builds these classes.
"""

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import canonical
from accounts.wording import InOurWords


class LoginForm(InOurWords, allauth_forms.LoginForm):
    def clean_login(self) -> str:
        """One spelling, so that failed attempts are counted in one place."""
        return canonical(self.cleaned_data["login"])


class SignupForm(InOurWords, allauth_forms.SignupForm):
    labels = {"password1": _("Password")}
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
    labels = {"email": _("New e-mail address")}


class ReauthenticateForm(InOurWords, allauth_forms.ReauthenticateForm):
    pass


class ConfirmCodeForm(InOurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    labels = {"code": _("Code from the mail")}


class ChangeEmailForm(InOurWords, allauth_forms.ChangeEmailForm):
    pass
