"""What the pages about people show: frozen facts, no querysets."""

from accounts.selectors.access import Access, access_in_force, has_consent

__all__ = ["Access", "access_in_force", "has_consent"]
