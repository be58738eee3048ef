"""The page of the code that proves an address; for whoever signs up, it makes the account."""

from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.views import ConfirmEmailVerificationCodeView
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from accounts.adapter import ASKED_FOR
from accounts.services import sign_up
from accounts.services.errors import Refused


@method_decorator(login_not_required, name="dispatch")
class ConfirmCode(ConfirmEmailVerificationCodeView):
    """allauth's page, which knows no account that is still to be made."""

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        if self._process.user is None:
            try:
                self._make_account()
            except Refused as refusal:
                messages.error(self.request, refusal.message)
                self._process.abort()
                return redirect("account_login")
        return super()._verify_form_valid(form)

    def _make_account(self) -> None:
        """From here on the steps are allauth's own: address proved, signed in."""
        asked_for = self.request.session.get(ASKED_FOR, {})
        if asked_for.get("email") != self._process.email:
            raise Refused(_("This took too long. Create the account anew."))
        # Her mails follow; in the site's own language there is nothing to keep.
        language = self.request.LANGUAGE_CODE
        kept = {"language": language} if language != settings.LANGUAGE_CODE else {}
        user = sign_up(**asked_for, **kept)
        self._process.state["user_id"] = user_id_to_str(user)
        if self.stage:
            self.stage.login.user = user

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """allauth sends no second mail where there is no account."""
        if self._process.user is not None:
            return super()._resend_form_valid(form)
        self._process.generate_code()
        self._process.send()
        self._process.record_resend()
        self._process.persist()
        return redirect("account_email_verification_sent")
