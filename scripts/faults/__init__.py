"""Faults at random moments against real services, and what they lost: `make faults`."""
