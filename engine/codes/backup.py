"""What is said about backups and what keeps one from being restored."""

from engine.codes.statement import Code


class BackupCode(Code):
    """Codes about backups."""

    # a file that is no whole backup of ours
    NOT_A_BACKUP = "backup.not_a_backup"
    OTHER_KIND = "backup.other_kind"
    CUT_OFF = "backup.cut_off"
    GOES_ON = "backup.goes_on"
    # a backup that does not fit here
    OTHER_VERSION = "backup.other_version"
    OTHER_TABLES = "backup.other_tables"
    OTHER_ENGINE = "backup.other_engine"
    NO_REGISTER = "backup.no_register"
    # a database that cannot be replaced now
    IN_USE = "backup.in_use"
    NOT_EMPTY = "backup.not_empty"
