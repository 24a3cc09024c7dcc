"""What is said about documents."""

from engine.codes.statement import Code


class DocumentCode(Code):
    """Codes about documents."""
