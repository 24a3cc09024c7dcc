"""What is said about record systems."""

from adapters.words.language import Row

RECORD_SYSTEM: dict[str, Row] = {}
