"""Everything about one person: as an archive, and as her pages about it count it."""

from programs.selectors.my_data.document import document_of

__all__ = ["document_of"]
