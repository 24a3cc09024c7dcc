"""What is said about an engine that does not start, or whose settings do not fit together."""

from engine.codes.statement import Code


class StartCode(Code):
    """Codes about settings, and about the start of an engine."""

    # settings
    NO_SETTINGS = "start.no_settings"
    DATABASE_URL_MISSING = "start.database_url_missing"
    HOOKS_NOT_HERE = "start.hooks_not_here"
    SAME_NAME = "start.same_name"
    SAME_MAILBOX = "start.same_mailbox"
    SAME_FOLDER = "start.same_folder"
    USER_WITHOUT_PASSWORD = "start.user_without_password"  # noqa: S105 a code, not a secret
    SCANNER_ADDRESS = "start.scanner_address"
    LOCAL_CERTIFICATES = "start.local_certificates"
    # settings and register
    REGISTER_VERSION = "start.register_version"
    NO_REGISTER = "start.no_register"
    NOT_AN_ENTERPRISE = "start.not_an_enterprise"
    TEST_ADDRESS = "start.test_address"
    PRODUCTION_ADDRESS = "start.production_address"
    # the start
    PORT_TAKEN = "start.port_taken"
    NOT_LISTENING = "start.not_listening"
    DATABASE_HELD = "start.database_held"
    RING_GONE = "start.ring_gone"
    RING_OF_ANOTHER = "start.ring_of_another"
    RING_MISSING = "start.ring_missing"
    NODE_REFUSED = "start.node_refused"
    NODE_SILENT = "start.node_silent"
