"""Forms whose answers tell nobody which addresses have an account, neither in words nor in time.

ACCOUNT_FORMS points here for what a stranger may send; ``entrance`` has the
words of these forms. None of them looks an address up: what there is to tell
is told by mail, to whoever reads it.
"""

from allauth.account import app_settings
from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from accounts import entrance
from accounts.adapter import ASKED_FOR
from accounts.models import User
from accounts.services.late import prove_address


class SignupForm(entrance.SignupForm):
    """Makes no account: that is done when the code from the mail proves the address.

    So nothing can be made, found or blocked under somebody else's address, and a
    known address is answered by the same steps as a new one.
    """

    def clean_email(self) -> str:
        return get_adapter().clean_email(self.cleaned_data["email"].lower())

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        data = self.cleaned_data
        request.session[ASKED_FOR] = {
            "email": data["email"],
            "name": data["name"],
            "time_zone": data["time_zone"],
            "password": make_password(data["password1"]),
        }
        # Nothing of somebody who never proves her address is kept for longer than the code is good.
        request.session.set_expiry(app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT)
        # As allauth's own "prevent enumeration", but coming back to where she came from: an invitation.
        back = get_next_redirect_url(request)
        login = Login(user=None, email=data["email"], redirect_url=back, signup=True)
        return None, perform_login(request, login)


class ResetPasswordForm(entrance.ResetPasswordForm):
    def clean_email(self) -> str:
        return get_adapter().clean_email(self.cleaned_data["email"].lower())

    def save(self, request: HttpRequest, **kwargs) -> str:
        email = self.cleaned_data["email"]
        get_adapter().ask_reset(email)
        return email


class UserTokenForm(allauth_forms.UserTokenForm):
    """Finds the account of a reset link by its public name."""

    def _get_user(self, uidb36: str) -> User | None:
        try:
            return User.objects.filter(public_id=uidb36, is_active=True).first()
        except ValidationError:
            return None


class ResetPasswordKeyForm(entrance.ResetPasswordKeyForm):
    def save(self) -> None:
        """The link came out of her mailbox: that proves the address as a code does."""
        get_adapter().set_password(self.user, self.cleaned_data["password1"])
        prove_address(user=self.user)
