"""What `samvik check` says: each premise of an engine, as it is found, with the remedy where it does not hold."""

from engine.codes.statement import Code


class PremiseCode(Code):
    """Codes about what must be true before a node starts, and while it runs."""

    HOLDS = "premise.holds"
    UNKNOWN = "premise.unknown"
    BROKEN = "premise.broken"
    REFUSES = "premise.refuses"
    # database
    DATABASE = "premise.database"
    ENCODING = "premise.encoding"
    VERSION = "premise.version"
    POOLER = "premise.pooler"
    READ_ONLY = "premise.read_only"
    STANDBY = "premise.standby"
    NOT_DURABLE = "premise.not_durable"
    TIMEOUT = "premise.timeout"
    MAY_NOT_CREATE = "premise.may_not_create"
    SUPERUSER = "premise.superuser"
    FEW_CONNECTIONS = "premise.few_connections"
    TABLES_TO_COME = "premise.tables_to_come"
    # clock
    CLOCK = "premise.clock"
    CLOCK_OFF = "premise.clock_off"
    CLOCK_DRIFTS = "premise.clock_drifts"
    # keys and certificates
    RING = "premise.ring"
    RING_TO_COME = "premise.ring_to_come"
    KEYS = "premise.keys"
    NO_KEY = "premise.no_key"
    CERTIFICATES = "premise.certificates"
    RUNS_OUT = "premise.runs_out"
    RAN_OUT = "premise.ran_out"
    SOURCES = "premise.sources"
    SOURCE_SILENT = "premise.source_silent"
    # neighbours
    REACHED = "premise.reached"
    NOT_REACHED = "premise.not_reached"
    CLEAR_PASSWORD = "premise.clear_password"  # noqa: S105 a code, not a secret
    NO_MAILBOX = "premise.no_mailbox"
    NO_SCANNER = "premise.no_scanner"
    # places
    FOLDER = "premise.folder"
    FOLDER_MISSING = "premise.folder_missing"
    FOLDER_NOT_USED = "premise.folder_not_used"
    FOLDER_OPEN = "premise.folder_open"
    PORT_FREE = "premise.port_free"
    PORT_TAKEN = "premise.port_taken"
    DISK = "premise.disk"
    DISK_FULL = "premise.disk_full"
