"""Taking over a person from her archive, in one transaction or not at all."""

from programs.services.imports.whole import Imported, import_person

__all__ = ["Imported", "import_person"]
