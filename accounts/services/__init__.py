"""Every write about people, clinics and consent."""

from accounts.services.consents import grant_consent, revoke_consent
from accounts.services.people import create_account, sign_up

__all__ = ["create_account", "grant_consent", "revoke_consent", "sign_up"]
