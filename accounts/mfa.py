"""How allauth's second factors behave here: sealed, named in our words, never the last one removed."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.emails import SITE_NAME
from accounts.models import User
from accounts.sealing import seal, unseal
from accounts.second_factor import may_remove


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "This is your only second factor, and your role needs one. "
            "Add another first, then remove this one."
        ),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
        "incorrect_code": _(
            "This code is not right. Codes change every 30 seconds and count once: "
            "enter the one that is shown now."
        ),
        "incorrect_passkey": _("This passkey was not accepted. Try again, or use another way."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey {count}").format(count=count + 1) if count else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to our own address; only a developer's machine has several names."""
        entity = super().get_public_key_credential_rp_entity() | {"name": SITE_NAME}
        return entity | {"id": settings.SITE_DOMAIN} if settings.SITE_IS_HTTPS else entity
