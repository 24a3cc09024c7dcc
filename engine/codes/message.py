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
    MAIL_MOVED_ELSEWHERE = "message.mail_moved_elsewhere"
    # what the desk asked for, and cannot have
    NOT_FOUND = "message.not_found"
    NO_MAIL = "message.no_mail"
    IS_RECEIPT = "message.is_receipt"
    MAY_LEAVE = "message.may_leave"
