"""Every write about people, clinics and consent."""

from accounts.services.consents import grant_consent, revoke_consent
from accounts.services.people import complete_sign_up, create_account

__all__ = ["complete_sign_up", "create_account", "grant_consent", "revoke_consent"]
