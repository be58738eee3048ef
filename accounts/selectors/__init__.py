"""What the pages about people show: frozen facts, no querysets."""

from accounts.selectors.access import Access, access_in_force, access_page, has_consent, open_offer
from accounts.selectors.invitations import received_ask, sent_asks
from accounts.selectors.records import records_page

__all__ = [
    "Access",
    "access_in_force",
    "access_page",
    "has_consent",
    "open_offer",
    "received_ask",
    "records_page",
    "sent_asks",
]
