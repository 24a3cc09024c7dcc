"""What is said about mail servers: the one that mail leaves through, and those of mailboxes."""

from engine.codes.statement import Code


class MailServerCode(Code):
    """Codes about mail servers. A server's own words stand in a parameter, or nowhere."""

    # the connection
    NOT_REACHED = "mail_server.not_reached"
    SILENT = "mail_server.silent"
    CLOSED = "mail_server.closed"
    LOST = "mail_server.lost"
    BUSY = "mail_server.busy"
    # TLS and log-in
    NOT_TRUSTED = "mail_server.not_trusted"
    NO_TLS = "mail_server.no_tls"
    NO_STARTTLS = "mail_server.no_starttls"
    STARTTLS_REFUSED = "mail_server.starttls_refused"
    NO_LOG_IN = "mail_server.no_log_in"
    WRONG_PASSWORD = "mail_server.wrong_password"  # noqa: S105 a code, not a secret
    WANTS_LOG_IN = "mail_server.wants_log_in"
    # a mail
    TOO_LARGE = "mail_server.too_large"
    BAD_ADDRESS = "mail_server.bad_address"
    LOST_AFTER_DATA = "mail_server.lost_after_data"
