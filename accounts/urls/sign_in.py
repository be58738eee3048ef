"""allauth's addresses of second factors, passkeys and sessions, with our pages where they are stricter.

Written out, not included: allauth numbers passkeys in their addresses, and
numbers can be guessed. The names are allauth's, which leads to them itself.
"""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from django.core.signing import BadSignature, Signer
from django.urls import include, path, register_converter

from accounts.views import sign_in as ours
from accounts.views.sign_up import ConfirmCode


class SignedNumber:
    """A number with our signature, so that nobody writes the next one herself."""

    regex = "[0-9]{1,18}:[-_A-Za-z0-9]{43}"
    signer = Signer(salt="passkeys in addresses")

    def to_python(self, value: str) -> int:
        try:
            return int(self.signer.unsign(value))
        except BadSignature:
            raise ValueError from None

    def to_url(self, value: int) -> str:
        return self.signer.sign(str(value))


register_converter(SignedNumber, "signed")

second_factor = [
    path("", base.index, name="mfa_index"),
    path("authenticate/", ours.Authenticate.as_view(), name="mfa_authenticate"),
    path("reauthenticate/", ours.Reauthenticate.as_view(), name="mfa_reauthenticate"),
    path("totp/activate/", ours.ActivateTOTP.as_view(), name="mfa_activate_totp"),
    path("totp/deactivate/", ours.DeactivateTOTP.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("webauthn/add/", ours.AddWebAuthn.as_view(), name="mfa_add_webauthn"),
    path("webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("webauthn/keys/<signed:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("webauthn/keys/<signed:pk>/remove/", ours.RemoveWebAuthn.as_view(), name="mfa_remove_webauthn"),
]

urlpatterns = [
    # Before allauth's own of the same name and address.
    path("confirm-email/", ConfirmCode.as_view(), name="account_email_verification_sent"),
    path("", include("allauth.account.urls")),
    path("2fa/", include(second_factor)),
    path("sessions/", ours.Sessions.as_view(), name="usersessions_list"),
]
