"""How allauth behaves here: our links, our names, our roles."""

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest
from django.utils import timezone

from accounts.emails import SITE_NAME, allauths_words
from accounts.links import absolute
from accounts.models import User
from accounts.services import complete_sign_up
from accounts.services.mail import owe_mail
from accounts.services.resets import ask_reset


class AccountAdapter(DefaultAccountAdapter):
    # allauth says "email"; the pages say "e-mail address".
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This e-mail address and password do not go together. "
        "Check both, or set a new password.",
        "too_many_login_attempts": "Too many failed attempts. Wait five minutes, then try again.",
        "incorrect_code": "This code is not right. Use the newest code that we sent.",
        "rate_limited": "Too many requests. Wait a minute, then try again.",
    }

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        """Create the account that the sign-up form describes; always a runner."""
        user = super().save_user(request, user, form, commit=False)
        data = form.cleaned_data
        if commit:
            complete_sign_up(user=user, name=data["name"], time_zone=data["time_zone"])
        return user

    def format_email_subject(self, subject: str) -> str:
        return f"{SITE_NAME}: {subject}"

    def ask_reset(self, email: str) -> None:
        """Owe the mail that leads to a new password, whoever the address belongs to."""
        ask_reset(email=email, now=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Owe the mail, with links of our own; a job sends it within seconds.

        allauth builds links from the Host header, which whoever sends the
        request may choose: a reset link could lead to somebody else's site. And
        it sends at once: how long the answer takes would tell whether there is
        an account, and a mail server that is away would be an error on the page.
        """
        links = {key: absolute(value) for key, value in context.items() if key.endswith("_url") and value}
        owe_mail(
            email=email,
            kind=template_prefix.rpartition("/")[2],
            words=allauths_words(template_prefix, email, context | links),
            now=timezone.now(),
            recipient=context.get("user"),
        )

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        """Say whose account it is about, so that the mail is hers in every respect."""
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)
