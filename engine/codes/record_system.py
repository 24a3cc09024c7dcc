"""What is said about record systems."""

from engine.codes.statement import Code


class RecordSystemCode(Code):
    """Codes about record systems."""
