"""Attached files: their kinds, their names, and what an agreement allows."""
