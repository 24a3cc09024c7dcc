"""What is said about agreements: CPAs, carriers and the Services of the wire."""

from engine.codes.statement import Code


class AgreementCode(Code):
    """Codes about agreements."""

    # a CPA that cannot be read
    NOT_XML = "agreement.not_xml"
    NOT_A_CPA = "agreement.not_a_cpa"
    NOT_TWO_PARTIES = "agreement.not_two_parties"
    NO_PARTY_ID = "agreement.no_party_id"
    CHANNEL_NOT_WHOLE = "agreement.channel_not_whole"
    CERTIFICATE_NOT_READ = "agreement.certificate_not_read"
    NOT_A_TIME = "agreement.not_a_time"
    BAD_ID = "agreement.bad_id"
    NOT_ONCE = "agreement.not_once"
    # what is to be said about one that can
    ENDS_BEFORE_START = "agreement.ends_before_start"
    NOT_YET = "agreement.not_yet"
    ENDED = "agreement.ended"
    NO_HER_ID = "agreement.no_her_id"
    SEVERAL_HER_IDS = "agreement.several_her_ids"
    NO_SMTP = "agreement.no_smtp"
    NO_CERTIFICATE = "agreement.no_certificate"
    NO_CHANNEL = "agreement.no_channel"
    CERTIFICATE_DATES = "agreement.certificate_dates"
    CERTIFICATE_ENDS = "agreement.certificate_ends"
    NOT_RECEIVED = "agreement.not_received"
    # why one is not taken into use
    NOT_USABLE = "agreement.not_usable"
    WRONG_AT = "agreement.wrong_at"
    UNKNOWN_PARTY = "agreement.unknown_party"
    NO_MAIL_ADDRESS = "agreement.no_mail_address"
    NO_USABLE_CERTIFICATE = "agreement.no_usable_certificate"
    KEY_MISSING = "agreement.key_missing"
    WITH_ITSELF = "agreement.with_itself"
    NOBODY_OF_OURS = "agreement.nobody_of_ours"
    KEPT_ALREADY = "agreement.kept_already"
    # carriers
    CARRIER_NOT_A_TABLE = "agreement.carrier_not_a_table"
    CARRIER_NEVER = "agreement.carrier_never"
    CARRIER_KEY_MISSING = "agreement.carrier_key_missing"
    CARRIER_KEY_UNKNOWN = "agreement.carrier_key_unknown"
    CARRIER_NOT_A_BOOLEAN = "agreement.carrier_not_a_boolean"
    CARRIER_NOT_A_TEXT = "agreement.carrier_not_a_text"
    CARRIER_NOT_A_CHOICE = "agreement.carrier_not_a_choice"
    # Services
    SERVICE_NOT_CONFIGURED = "agreement.service_not_configured"
    ROUTE_KEYS = "agreement.route_keys"
    ROUTE_NOT_A_TEXT = "agreement.route_not_a_text"
