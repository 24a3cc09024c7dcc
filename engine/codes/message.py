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
    RETURNED_WITHOUT_PROOF = "message.returned_without_proof"
    # what goes wrong here
    MOVED_ELSEWHERE = "message.moved_elsewhere"
    # what the desk asked for, and cannot have
    NOT_FOUND = "message.not_found"
    CAME_IN = "message.came_in"
    NO_MAIL = "message.no_mail"
    IS_RECEIPT = "message.is_receipt"
    MAY_LEAVE = "message.may_leave"
    # documents that go out
    NO_FEEDBACK_SERVICE = "message.no_feedback_service"
    CARRIER_OFF = "message.carrier_off"
    FUNCTION_NOT_TAKEN = "message.function_not_taken"
    FEEDBACK_NOT_TAKEN = "message.feedback_not_taken"
    OTHER_TYPE = "message.other_type"
    TO_ITSELF = "message.to_itself"
    CLOSED = "message.closed"
    CLOSED_WITH_SUCCESSOR = "message.closed_with_successor"
    TOO_LARGE = "message.too_large"
    TOO_LARGE_BY = "message.too_large_by"
    FILES_TOO_LARGE = "message.files_too_large"
    # what partners and mail servers say about our messages
    RECEIPT_ORPHAN = "message.receipt_orphan"
    APPREC_ORPHAN = "message.apprec_orphan"
    APPREC_FITS_NOTHING = "message.apprec_fits_nothing"
    APPREC_NEEDS_A_PERSON = "message.apprec_needs_a_person"
    APPREC_UNREADABLE = "message.apprec_unreadable"
    PARTNER_ERROR = "message.partner_error"
    APPREC_ERROR = "message.apprec_error"
    BOUNCED = "message.bounced"
    BOUNCED_UNKNOWN = "message.bounced_unknown"
    BOUNCED_SILENT = "message.bounced_silent"
    MAIL_REPORT = "message.mail_report"
    # the inbox
    ITEM_GONE = "message.item_gone"
    ID_TOO_SHORT = "message.id_too_short"
    NO_ITEM = "message.no_item"
    SEVERAL_ITEMS = "message.several_items"
    SEVERAL = "message.several"
