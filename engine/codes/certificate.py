"""What is said about certificates, their revocation, and our keys."""

from engine.codes.statement import Code


class CertificateCode(Code):
    """Codes about certificates. A partner may read the first group in an ErrorList."""

    # why a certificate may not be used
    NOT_VALID_YET = "certificate.not_valid_yet"
    EXPIRED = "certificate.expired"
    OTHER_USE = "certificate.other_use"
    SHORT_KEY = "certificate.short_key"
    NO_TRUSTED_ISSUER = "certificate.no_trusted_issuer"
    ISSUER_KEY = "certificate.issuer_key"
    ISSUER_EXPIRED = "certificate.issuer_expired"
    ISSUER_NOT_YET = "certificate.issuer_not_yet"
    ISSUER_NO_CA = "certificate.issuer_no_ca"
    ISSUER_USAGE = "certificate.issuer_usage"
    CRITICAL_EXTENSION = "certificate.critical_extension"
    WEAK_SIGNATURE = "certificate.weak_signature"
    EXTENSIONS_UNREADABLE = "certificate.extensions_unreadable"
    REVOKED = "certificate.revoked"
    NOT_REGISTERED = "certificate.not_registered"
    NOT_REGISTERED_NOW = "certificate.not_registered_now"
    # why work waits
    NOT_CHECKED = "certificate.not_checked"
    NO_LIST = "certificate.no_list"
    NOT_USABLE = "certificate.not_usable"
    NONE = "certificate.none"
    ASK_PARTY = "certificate.ask_party"
    NONE_OF_OURS = "certificate.none_of_ours"
    # why a revocation list or an OCSP answer does not count
    LIST_UNREADABLE = "certificate.list_unreadable"
    LIST_NOT_WHOLE = "certificate.list_not_whole"
    LIST_UNSIGNED = "certificate.list_unsigned"
    LIST_OLDER = "certificate.list_older"
    ANSWER_UNREADABLE = "certificate.answer_unreadable"
    ANSWER_UNSIGNED = "certificate.answer_unsigned"
    ANSWER_OLDER = "certificate.answer_older"
    ANSWER_OF_ANOTHER_TIME = "certificate.answer_of_another_time"
    ANSWER_ABOUT_ANOTHER = "certificate.answer_about_another"
    RESPONDER_REFUSED = "certificate.responder_refused"
    RESPONDER_KNOWS_NOT = "certificate.responder_knows_not"
    PACKED = "certificate.packed"
    TOO_LARGE = "certificate.too_large"
    STATUS = "certificate.status"
    NOT_REACHED = "certificate.not_reached"


class KeyCode(Code):
    """Codes about our keys, in files and tokens."""

    NOT_HERE = "key.not_here"
    TOKEN_SILENT = "key.token_silent"  # noqa: S105 a code, not a secret
    TOKEN_WRONG = "key.token_wrong"  # noqa: S105 a code, not a secret
    NOT_RSA = "key.not_rsa"
    NOT_PEM = "key.not_pem"
    NOT_PKCS12 = "key.not_pkcs12"
    CA_EXISTS = "key.ca_exists"
    RING_EXISTS = "key.ring_exists"
    RING_NOT_WRITTEN = "key.ring_not_written"
    OTHER_RING = "key.other_ring"
    ROTATING = "key.rotating"
    RING_NOT_WHOLE = "key.ring_not_whole"
    RING_NOT_READ = "key.ring_not_read"
    RING_READ_BY_OTHERS = "key.ring_read_by_others"
    NOT_OPENED = "key.not_opened"
