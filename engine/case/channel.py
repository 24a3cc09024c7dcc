"""Other channels than messages that a deviation or an answer can go by (process.md 1.2 R14, 1.5)."""

from enum import StrEnum


class Channel(StrEnum):
    """How a deviation or an answer came or went that was not a message."""

    POST = "post"
    PHONE = "phone"
    FORM = "form"
    EDIALOG = "edialog"
