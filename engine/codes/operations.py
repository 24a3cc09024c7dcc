"""What is said about operations: tasks, alarms, restores and certificates."""

from engine.codes.statement import Code


class OperationsCode(Code):
    """Codes about operations."""

    NOT_POSSIBLE = "operations.not_possible"
    NO_TASK = "operations.no_task"
    NO_PILE = "operations.no_pile"
    NO_ALARM = "operations.no_alarm"
    SEVERAL_TASKS = "operations.several_tasks"
    SEVERAL_ALARMS = "operations.several_alarms"
    NO_STATE = "operations.no_state"
    # after a restore
    NOTHING_HELD = "operations.nothing_held"
    SENDING_HELD = "operations.sending_held"
    MISSING_SINCE = "operations.missing_since"
    # trust
    CERTIFICATE_ENDS = "operations.certificate_ends"
    CERTIFICATE_ENDED = "operations.certificate_ended"
    ISSUER_CERTIFICATE = "operations.issuer_certificate"
    SIGNING_CERTIFICATE = "operations.signing_certificate"
    ENCRYPTION_CERTIFICATE = "operations.encryption_certificate"
    RENEW_ISSUER = "operations.renew_issuer"
    ASK_PARTNER = "operations.ask_partner"
    RENEW_OURS = "operations.renew_ours"
    KEY_MISSING = "operations.key_missing"
    KEY_LEFT_OUT = "operations.key_left_out"
    SOURCE_SILENT = "operations.source_silent"
    # why the engine closed a task
    CAUSE_GONE = "operations.cause_gone"
    TOLD_ANEW = "operations.told_anew"
    TAKEN_AFTER_ALL = "operations.taken_after_all"
    CLIENT_REVOKED = "operations.client_revoked"
    WEBHOOK_CHANGED = "operations.webhook_changed"
    WEBHOOK_ANSWERS = "operations.webhook_answers"
    # what keeps work from being done
    OUR_ERROR = "operations.our_error"
    LACKS = "operations.lacks"
