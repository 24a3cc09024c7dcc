"""Contracts as data: XML schemas and database migrations."""
