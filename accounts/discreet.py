"""Forms whose answers tell nobody which addresses have an account, neither in words nor in time.

ACCOUNT_FORMS points here for what a stranger may send; ``entrance`` has the
words of these forms. What is told is told by mail, to whoever reads it.
"""

import secrets

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import entrance
from accounts.models import User
from accounts.services.resets import prove_address


class SignupForm(entrance.SignupForm):
    """A known address costs what a new one costs: the hash of a password, the same rows, one answer."""

    def try_save(self, request: HttpRequest):
        if self.account_already_exists:
            self._rehearse(request)
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # Somebody was faster with this address, between the check and here.
            self.account_already_exists = True
            return super().try_save(request)

    def _rehearse(self, request: HttpRequest) -> None:
        """Make the account under an address of nobody, and take it back."""
        asked_for = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{secrets.token_hex(8)}@{settings.SITE_DOMAIN}"
        self.account_already_exists = False
        with transaction.atomic():
            self.save(request)
            transaction.set_rollback(True)
        self.cleaned_data["email"] = asked_for
        self.account_already_exists = True


class ResetPasswordForm(entrance.ResetPasswordForm):
    """Looks nothing up: whose address it is, if anybody's, is found out when the mail is sent."""

    def clean_email(self) -> str:
        return get_adapter().clean_email(self.cleaned_data["email"].lower())

    def save(self, request: HttpRequest, **kwargs) -> str:
        email = self.cleaned_data["email"]
        get_adapter(request).ask_reset(email)
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
        super().save()
        prove_address(user=self.user)
