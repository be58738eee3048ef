"""Exercises changed for one runner: which changes hold, and what they make of a stage's sessions."""
