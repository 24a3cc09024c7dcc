"""What is said about mailboxes that mail is collected from, and about what their servers do."""

from engine.codes.statement import Code


class MailboxCode(Code):
    """Codes about mailboxes. What the network does is told by MailServerCode."""

    # the server does not keep to its protocol
    OTHER_PROTOCOL = "mailbox.other_protocol"
    TOO_SLOW = "mailbox.too_slow"
    LONG_LINE = "mailbox.long_line"
    WITHOUT_END = "mailbox.without_end"
    MORE_THAN_ASKED = "mailbox.more_than_asked"
    NO_IDLE = "mailbox.no_idle"
    STILL_THERE = "mailbox.still_there"
    # the server says no
    SAYS_NO = "mailbox.says_no"
    TURNS_AWAY = "mailbox.turns_away"
    IN_CLEAR = "mailbox.in_clear"
    LOG_IN_REFUSED = "mailbox.log_in_refused"
    NO_CAPABILITIES = "mailbox.no_capabilities"
    FOLDER_CLOSED = "mailbox.folder_closed"
    READ_ONLY = "mailbox.read_only"
    NOT_SEARCHED = "mailbox.not_searched"
    NOT_GIVEN = "mailbox.not_given"
    NOTHING_CAME = "mailbox.nothing_came"
    NOT_DELETED = "mailbox.not_deleted"
    OTHERS_DELETE = "mailbox.others_delete"
    # what follows
    LEFT = "mailbox.left"
    NOT_LISTED = "mailbox.not_listed"
    OTHER_NODE = "mailbox.other_node"
