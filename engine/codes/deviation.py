"""What is said about the fields of a deviation or of a message that follows it."""

from engine.codes.statement import Code


class DeviationCode(Code):
    """Why a deviation or a follow-up cannot be written."""

    NOT_SENDABLE = "deviation.not_sendable"
    FOLLOW_UP_NOT_SENDABLE = "deviation.follow_up_not_sendable"
    MISSING = "deviation.missing"
    TOO_LONG = "deviation.too_long"
    TOO_MANY = "deviation.too_many"
