"""What is said about mails."""

from engine.codes.statement import Code


class MailCode(Code):
    """Codes about mails."""
