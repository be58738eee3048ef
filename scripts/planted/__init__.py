"""Deliberate faults in our own code: whether the tests bite."""
