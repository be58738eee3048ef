"""PURE: outcome measures - scores, changes, weekly means of pain, and when a measure is due.

Standard library only. Nothing here steers the programme: the engine does not know this package.
"""
