"""Papers that are printed: PDF made from frozen dataclasses, no database in here."""
