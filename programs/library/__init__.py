"""Shipped programmes, exercises, questions and cards: YAML, and one loader for it.

Pages read the library from the database; this package only says what is
shipped and whether it is sound.
"""
