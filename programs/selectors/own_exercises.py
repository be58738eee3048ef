"""A clinic's own exercises, and which exercises a physiotherapist may put in a programme."""

from accounts.models import User
from programs.own_library import items_for
from programs.said import said_document


def exercises_for(clinician: User) -> dict[str, dict]:
    """Key -> document, by title: what is shipped and her clinic's own, nobody else's. Three queries at most."""
    documents = {row.key: said_document(row.document) for row in items_for(clinician)}
    return dict(sorted(documents.items(), key=lambda pair: pair[1]["title"].casefold()))
