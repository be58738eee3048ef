from accounts.models.access_record import AccessRecord, Act
from accounts.models.cache import CacheEntry
from accounts.models.clinic import Clinic, Membership, TellsOf
from accounts.models.consent import Consent, ConsentVia
from accounts.models.erasure import Erasure, ErasureKind, OpenErasure
from accounts.models.hand_over import HandOver, HandOverOutcome
from accounts.models.invitation import Invitation, InvitationKind, InvitationOutcome
from accounts.models.mail import AccountMail, MailStatus
from accounts.models.user import Language, Role, User
from accounts.models.zone import ZoneChange

__all__ = [
    "AccessRecord",
    "AccountMail",
    "Act",
    "CacheEntry",
    "Clinic",
    "Consent",
    "ConsentVia",
    "Erasure",
    "ErasureKind",
    "HandOver",
    "HandOverOutcome",
    "Invitation",
    "InvitationKind",
    "InvitationOutcome",
    "Language",
    "MailStatus",
    "Membership",
    "OpenErasure",
    "Role",
    "TellsOf",
    "User",
    "ZoneChange",
]
