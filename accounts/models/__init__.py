from accounts.models.consent import Consent
from accounts.models.user import Role, User

__all__ = ["Consent", "Role", "User"]
