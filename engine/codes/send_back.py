"""What is said when a message is sent back to its sender (HIS 1151), or a partner reports a fault in one of ours."""

from engine.codes.statement import Code


class SendBackCode(Code):
    """Refusals and faults of sending back, and what the fault is."""

    FAULT = "send_back.fault"
    NO_TEXT = "send_back.no_text"
    TOO_LONG = "send_back.too_long"
    NUMBER_IN_TEXT = "send_back.number_in_text"
    ALREADY = "send_back.already"
    NOT_RECEIPTED = "send_back.not_receipted"
    NO_MAIL = "send_back.no_mail"
    MOVED_MEANWHILE = "send_back.moved_meanwhile"
