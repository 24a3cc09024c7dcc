"""What is said about the event log: what does not agree with its seals and its anchor file."""

from engine.codes.statement import Code


class LogCode(Code):
    """Codes about the event log."""

    # seals
    SEAL_CHANGED = "log.seal_changed"
    SEAL_MISSING = "log.seal_missing"
    SEAL_OUT_OF_PLACE = "log.seal_out_of_place"
    # events
    EVENT_REMOVED = "log.event_removed"
    EVENT_OF_NO_SEAL = "log.event_of_no_seal"
    EVENT_NOT_OURS = "log.event_not_ours"
    EVENT_INSERTED = "log.event_inserted"
    EVENT_CHANGED = "log.event_changed"
    EVENT_CHANGED_EARLY = "log.event_changed_early"
    EVENT_UNTIED = "log.event_untied"
    EVENT_CUT = "log.event_cut"
    # months and restores that the log tells of
    MONTH_NOT_OURS = "log.month_not_ours"
    RESTORE_NOT_OURS = "log.restore_not_ours"
    # the anchor file
    NO_ANCHOR = "log.no_anchor"
    ANCHOR_GONE = "log.anchor_gone"
    ANCHOR_BEGUN = "log.anchor_begun"
    ANCHOR_NOT_OURS = "log.anchor_not_ours"
    OTHER_SEAL = "log.other_seal"
    SEAL_CUT = "log.seal_cut"
    LINE_UNREADABLE = "log.line_unreadable"
    LAST_LINE = "log.last_line"
