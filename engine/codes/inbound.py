"""What is said about a mail that came in, and about the mailboxes that mail comes from."""

from engine.codes.statement import Code


class InboundCode(Code):
    """Codes about a mail that came in."""

    # what a verdict says
    NOT_OURS = "inbound.not_ours"
    TOO_OLD = "inbound.too_old"
    SIGNAL_WITHOUT_BLOCK = "inbound.signal_without_block"
    FORM_ONLY = "inbound.form_only"
    NO_CHAIN = "inbound.no_chain"
    ENVELOPE_ALONE = "inbound.envelope_alone"
    # what follows
    ACKNOWLEDGED_BEFORE = "inbound.acknowledged_before"
    NO_ROOM_FOR_STRANGERS = "inbound.no_room_for_strangers"
    ONLY_HEADER_KEPT = "inbound.only_header_kept"
    REFUSED_ENOUGH = "inbound.refused_enough"
    REFUSED_BEFORE = "inbound.refused_before"
    PINGED_ENOUGH = "inbound.pinged_enough"
    PONG_SENT_BEFORE = "inbound.pong_sent_before"
    COPIES_ENOUGH = "inbound.copies_enough"
    ID_USED_BEFORE = "inbound.id_used_before"
    ANSWERED_A_MOMENT_AGO = "inbound.answered_a_moment_ago"
    SEEN_BEFORE = "inbound.seen_before"
    DOCUMENT_SEEN_BEFORE = "inbound.document_seen_before"
    MSGID_USED_BEFORE = "inbound.msgid_used_before"
    TWO_DOCUMENTS = "inbound.two_documents"
    INFECTED_TASK = "inbound.infected_task"
    # what waits, and what calls a person
    TO_A_DESK = "inbound.to_a_desk"
    QUARANTINED = "inbound.quarantined"
    UNVERIFIED_ERROR = "inbound.unverified_error"
    PILE = "inbound.pile"
    PILE_OF_NOBODY = "inbound.pile_of_nobody"
    WAITS = "inbound.waits"
    WAITED_TOO_LONG = "inbound.waited_too_long"
    NODES_STOPPED = "inbound.nodes_stopped"
    WORK_FAILS = "inbound.work_fails"
    MOVED_MEANWHILE = "inbound.moved_meanwhile"
    UNDECIDED = "inbound.undecided"
    # mailboxes
    MAIL_TOO_LARGE = "inbound.mail_too_large"
    MAILBOX_NOT_EMPTIED = "inbound.mailbox_not_emptied"
