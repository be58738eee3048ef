"""Pictures as numbers: facts in, positions out. Nothing here knows of rows or pages."""
