"""The embedded PostgreSQL server: its binaries, accounts and life."""
