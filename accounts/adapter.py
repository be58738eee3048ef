"""How allauth behaves here: our links, our names, our roles."""

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.addresses import checked
from accounts.emails import SITE_NAME, allauths_words
from accounts.limits import count_anywhere, may_mail_reset, open_way_in, place_of
from accounts.links import absolute
from accounts.models import User
from accounts.second_factor import confirmed_recently, has_factor
from accounts.services.bounces import mark_reached
from accounts.services.late import ask_reset
from accounts.services.mail import SIGN_UP, owe_mail

#: Where a session keeps what was typed at a sign-up, until the code is entered.
ASKED_FOR = "sign_up"


class AccountAdapter(DefaultAccountAdapter):
    # allauth says "email"; the pages say "e-mail address".
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and password do not go together. Check both, or set a new password."
        ),
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait five minutes, "
            "then try again; after many of them it takes an hour."
        ),
        "incorrect_code": _("This code is not right. Use the newest code that we sent."),
        "rate_limited": _("Too many requests. Wait a minute, then try again."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("Sign in again."),
        "same_as_current": _("This is the one that you have already."),
    }
    #: How it can be confirmed that it is still her, in our words.
    WAYS = {
        "reauthenticate": _("Use your password"),
        "mfa_reauthenticate": _("Use a code"),
        "mfa_reauthenticate:webauthn": _("Use a passkey"),
    }

    def clean_email(self, email: str) -> str:
        """Keep one spelling of every address."""
        return checked(email)

    def is_safe_url(self, url: str) -> bool:
        """Lead on to addresses of our own only, given without a host."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict]:
        """Where there is a second factor, the password alone confirms nothing; an app comes first."""
        methods = super().get_reauthentication_methods(user)
        if any(method["id"] != "reauthenticate" for method in methods) and has_factor(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return [method | {"description": self.WAYS[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Ask nobody again who signed in, with everything that she has, a moment ago."""
        return super().is_reauthentication_required(app=app, **kwargs) and not confirmed_recently(
            self.request, now=timezone.now(), within=app_settings.REAUTHENTICATION_TIMEOUT
        )

    def format_email_subject(self, subject: str) -> str:
        return f"{SITE_NAME}: {subject}"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """Count by account and network address: or a stranger's wrong passwords would keep its owner out."""
        return place_of(request, credentials.get("email", ""))

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count the try by the account alone, too, far higher: guesses may come from many networks."""
        super().pre_authenticate(request, **credentials)
        anywhere = count_anywhere(request, credentials.get("email", ""))
        if anywhere is None:
            raise self.validation_error("too_many_login_attempts")
        # allauth gives all of it back where the password is right.
        self._login_failed_rl_usage.usage.extend(anywhere.usage)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials) -> None:
        """After a new password was set by a mail: allauth forgets the failures, here of everywhere."""
        open_way_in(request, credentials["email"])

    def login(self, request: HttpRequest, user: User) -> None:
        """Whoever signs in has no sign-up waiting any more, and a session of the usual length."""
        if request.session.pop(ASKED_FOR, None):
            request.session.set_expiry(None)
        super().login(request, user)

    def generate_email_verification_code(self) -> str:
        """Remembered for the mail: allauth hands it to none where there is no account yet."""
        self.request.new_code = super().generate_email_verification_code()
        return self.request.new_code

    def send_account_already_exists_mail(self, email: str) -> None:
        """At sign-up nobody has an account yet. Whose address it is, is looked up when the mail is sent."""
        self.send_mail(f"account/email/{SIGN_UP}", email, {"code": self.request.new_code})

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A code that was read is a mail that arrived."""
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed and email_address.user.bounced_at:
            mark_reached(user=email_address.user)
        return is_confirmed

    def ask_reset(self, email: str) -> None:
        """Owe the mail that leads to a new password, whoever the address belongs to.

        Above the limit nothing is owed and nothing is said: a refusal would tell
        her who has just been sent the link to wait, because a stranger asked for it.
        """
        if may_mail_reset(self.request, email):
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
