"""Looks at everything that must be true before a node starts and while it runs (engine.operations.premises judges)."""
