"""What is wrong with a message, as a Tilbakemelding (HIS 1151) says it: a table of codes, and nothing that reads."""

from enum import StrEnum

CODE_SYSTEM = "2.16.578.1.12.4.1.1.8117"


class FeedbackCode(StrEnum):
    """What is wrong, as TemaKodet says it (8117)."""

    WRONG_ADDRESSEE = "1"
    OTHER = "9"


CODE_NAMES = {FeedbackCode.WRONG_ADDRESSEE: "Feil adressat", FeedbackCode.OTHER: "Annet"}
