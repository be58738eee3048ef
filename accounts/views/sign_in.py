"""Where allauth's pages about second factors and sessions are not strict enough for us."""

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.second_factor import may_remove
from accounts.services.errors import Refused
from accounts.services.second_factor import check_removal, spend_code


class Authenticate(AuthenticateView):
    """The second step of the sign-in."""

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        tell_of_a_recovery_code(self.request, form)
        return response


class Reauthenticate(ReauthenticateView):
    """Is it still her?"""

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        tell_of_a_recovery_code(self.request, form)
        return response


def tell_of_a_recovery_code(request: HttpRequest, form: Form) -> None:
    """One less of a few, and perhaps not spent by her: say it here and by mail."""
    factor = getattr(form, "authenticator", None)
    if factor is None or factor.type != Authenticator.Type.RECOVERY_CODES:
        return
    factor.refresh_from_db()
    left = len(factor.wrap().get_unused_codes())
    messages.warning(request, _("You used a recovery code. You have {left} left.").format(left=left))
    get_adapter().send_notification_mail("mfa/email/recovery_code_used", factor.user, {"left": left})


class ActivateTOTP(ActivateTOTPView):
    """The code that activates the app proves that she holds it: it counts for this session, and once."""

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            response = super().form_valid(form)
        except IntegrityError:  # sent twice at once
            return redirect("mfa_index")
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        spend_code(app=app, code=form.cleaned_data["code"], now=timezone.now())
        post_authentication(self.request, app)
        return response


class AddWebAuthn(AddWebAuthnView):
    """So does the passkey that was just made."""

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        keys = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN)
        post_authentication(self.request, keys.latest("pk"))
        return response


class DeactivateTOTP(DeactivateTOTPView):
    """allauth asks before, when the last factor may have become another; we ask again under a lock."""

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                check_removal(factor=self.authenticator)
                return super().form_valid(form)
        except Refused as refused:
            form.add_error(None, refused.message)
            return self.form_invalid(form)


class RemoveWebAuthn(RemoveWebAuthnView):
    """allauth does not ask at all."""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(may_remove=may_remove(self.object), **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                check_removal(factor=self.object)
                return super().form_valid(form)
        except Refused as refused:
            messages.error(self.request, refused.message)
            return redirect("mfa_list_webauthn")


class EndSessionsForm(ManageUserSessionsForm):
    """One session of her own; all but this one where none is named."""

    session = forms.ModelChoiceField(UserSession.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = UserSession.objects.filter(user=self.request.user)

    def save(self, request: HttpRequest) -> None:
        session = self.cleaned_data["session"]
        if session:
            end_sessions(request, [session])
        else:
            end_other_sessions(request, request.user)


class Sessions(ListUserSessionsView):
    """The list, from which each can be ended by itself."""

    form_class = EndSessionsForm

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.info(self.request, _("That session had ended already."))
        return redirect("usersessions_list")
