"""What is said about mails."""

from adapters.words.language import Row

MAIL: dict[str, Row] = {}
