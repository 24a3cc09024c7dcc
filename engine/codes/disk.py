"""What is said about files and folders that people name or configure."""

from engine.codes.statement import Code


class DiskCode(Code):
    """Codes about files and folders on disk."""

    NOT_READ = "disk.not_read"
    NOT_WRITTEN = "disk.not_written"
    OUTPUT_NOT_WRITTEN = "disk.output_not_written"
    NOT_USED = "disk.not_used"
    EXISTS = "disk.exists"
    NO_FILE = "disk.no_file"
    NOT_TEXT = "disk.not_text"
    NOT_TOML = "disk.not_toml"
    TOML_TWICE = "disk.toml_twice"
    READ_BY_OTHERS = "disk.read_by_others"
    NO_PASSWORD = "disk.no_password"  # noqa: S105 a code, not a secret
    NO_ISSUER = "disk.no_issuer"
