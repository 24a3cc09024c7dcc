"""Other ways than messages that a deviation or a message can go (process.md 1.2 R14, 1.5)."""

from enum import StrEnum


class Channel(StrEnum):
    """How something came or went, when not as a message."""

    POST = "post"
    PHONE = "phone"
    FORM = "form"
    EDIALOG = "edialog"
