"""What is said about messages."""

from engine.codes.statement import Code


class MessageCode(Code):
    """Codes about messages."""

    # what a person must do about a message of ours
    UNCONFIRMED = "message.unconfirmed"
    TRANSPORT_FAILED = "message.transport_failed"
    REFUSED_BY_RECEIVER = "message.refused_by_receiver"
    NO_APPREC = "message.no_apprec"
    STOPPED = "message.stopped"
    UNEXPECTED_WORD = "message.unexpected_word"
    RETURNED_THOUGH_DELIVERED = "message.returned_though_delivered"
    # what goes wrong here
    MOVED_ELSEWHERE = "message.moved_elsewhere"
