"""What a certificate is for."""

from enum import StrEnum


class Purpose(StrEnum):
    """What an enterprise certificate is for; parties hold one of each."""

    SIGNING = "signing"
    ENCRYPTION = "encryption"
