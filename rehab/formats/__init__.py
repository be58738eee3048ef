"""How dates are written in each language; Django's own modules know no day with its weekday."""
