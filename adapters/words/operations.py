"""What is said about operationss."""

from adapters.words.language import Row

OPERATIONS: dict[str, Row] = {}
