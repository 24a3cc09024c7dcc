"""What is said about files."""

from adapters.words.language import Row

FILE: dict[str, Row] = {}
