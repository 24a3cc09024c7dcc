"""Receiving a mail: storing it, deciding on it, and answering it."""
