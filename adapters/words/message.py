"""What is said about messages."""

from adapters.words.language import Row

MESSAGE: dict[str, Row] = {}
