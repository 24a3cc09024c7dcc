"""What is said about documents."""

from adapters.words.language import Row

DOCUMENT: dict[str, Row] = {}
