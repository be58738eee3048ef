"""How allauth behaves here: our links, our names, our roles."""

from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest

from accounts.links import absolute
from accounts.models import User
from accounts.services import complete_sign_up

SITE_NAME = "Rehab"


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

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send with links and names of our own.

        allauth builds both from the Host header, which whoever sends the
        request may choose: a reset link could lead to somebody else's site.
        """
        links = {key: absolute(value) for key, value in context.items() if key.endswith("_url") and value}
        ours = {"site_name": SITE_NAME, "site_url": settings.SITE_URL, "email": email}
        site = SimpleNamespace(name=SITE_NAME, domain=settings.SITE_DOMAIN)
        message = self.render_mail(template_prefix, email, ours | context | links | {"current_site": site})
        message.send()
