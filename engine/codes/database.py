"""What is said about the database, and about the embedded PostgreSQL server."""

from engine.codes.statement import Code


class DatabaseCode(Code):
    """Codes about the database."""

    # a call to the database
    SILENT = "database.silent"
    REFUSED = "database.refused"
    NOT_STORED = "database.not_stored"
    OTHER_OWNER = "database.other_owner"
    UNDECIDED = "database.undecided"
    NO_FENCE = "database.no_fence"
    NO_MONTH = "database.no_month"
    # migrations
    NEWER = "database.newer"
    MIGRATION_CHANGED = "database.migration_changed"
    MIGRATION_TOO_OLD = "database.migration_too_old"
    # the embedded server
    AS_ROOT = "database.as_root"
    NOT_ENTERED = "database.not_entered"
    NOT_RUN = "database.not_run"
    NOT_INSTALLED = "database.not_installed"
    PROGRAMS_NOT_WHOLE = "database.programs_not_whole"
    NOT_OURS = "database.not_ours"
    OWNED = "database.owned"
    LEFT_OVER = "database.left_over"
    A_LINK = "database.a_link"
    NOT_MADE = "database.not_made"
    BAD_PASSWORD = "database.bad_password"  # noqa: S105 a code, not a secret
    ENDED = "database.ended"
    NOT_READY = "database.not_ready"
