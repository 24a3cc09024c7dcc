"""What is said about files."""

from engine.codes.statement import Code


class FileCode(Code):
    """Codes about files."""
