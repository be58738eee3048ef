"""Backups of the database as one file each, and what it takes to bring one back."""
