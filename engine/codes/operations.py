"""What is said about operationss."""

from engine.codes.statement import Code


class OperationsCode(Code):
    """Codes about operationss."""
