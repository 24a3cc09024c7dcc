"""What is said about messages."""

from engine.codes.statement import Code


class MessageCode(Code):
    """Codes about messages."""
