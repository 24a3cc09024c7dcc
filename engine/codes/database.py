"""What is said about the database, and about the embedded PostgreSQL server."""

from engine.codes.statement import Code


class DatabaseCode(Code):
    """Codes about the database."""

    # a call to the database
    SILENT = "database.silent"
    UNREACHABLE = "database.unreachable"
    BAD_URL = "database.bad_url"
    REFUSED = "database.refused"
    NOT_STORED = "database.not_stored"
    OTHER_OWNER = "database.other_owner"
    UNDECIDED = "database.undecided"
    NO_FENCE = "database.no_fence"
    NO_MONTH = "database.no_month"
    # migrations
    NEWER = "database.newer"
    MIGRATION_CHANGED = "database.migration_changed"
    EMPTY = "database.empty"
    BEHIND = "database.behind"
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


class WhyNot(Code):
    """Why a database does not let us in, each with its remedy."""

    NOBODY_THERE = "why_not.nobody_there"
    TOO_SLOW = "why_not.too_slow"
    FULL = "why_not.full"
    NOT_NOW = "why_not.not_now"
    PASSWORD = "why_not.password"  # noqa: S105 a code, not a secret
    NO_DATABASE = "why_not.no_database"
    NO_ROLE = "why_not.no_role"
    NOT_ADMITTED = "why_not.not_admitted"
    NO_HOST = "why_not.no_host"
    NO_TLS = "why_not.no_tls"
    TLS = "why_not.tls"
    OTHER = "why_not.other"
