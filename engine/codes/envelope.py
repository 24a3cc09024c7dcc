"""What is said about an ebXML envelope and the attachment that it carries."""

from engine.codes.statement import Code


class EnvelopeCode(Code):
    """Codes about envelopes. A partner may read them in an ErrorList."""

    # what cannot be read
    NOT_XML = "envelope.not_xml"
    NOT_ONCE = "envelope.not_once"
    MORE_THAN_ONCE = "envelope.more_than_once"
    EMPTY = "envelope.empty"
    COPIED_TWICE = "envelope.copied_twice"
    NOT_ONE_HER_ID = "envelope.not_one_her_id"
    OTHER_IDS = "envelope.other_ids"
    # form
    VERSION = "envelope.version"
    NEXT_HOP = "envelope.next_hop"
    OTHER_ACTOR = "envelope.other_actor"
    ORDER = "envelope.order"
    NOT_UNDERSTOOD = "envelope.not_understood"
    NOT_IN_MAIL = "envelope.not_in_mail"
    NOT_IN_MANIFEST = "envelope.not_in_manifest"
    WITHOUT_DIGESTS = "envelope.without_digests"
    NAMED_TWICE = "envelope.named_twice"
    EMPTY_MANIFEST = "envelope.empty_manifest"
    # what is agreed
    OTHER_CPA = "envelope.other_cpa"
    SERVICE = "envelope.service"
    ACTION = "envelope.action"
    ACTION_NOT_IN_CPA = "envelope.action_not_in_cpa"
    ROLE = "envelope.role"
    TOO_LATE = "envelope.too_late"
    WRITTEN_LATER = "envelope.written_later"
    NOT_AS_AGREED = "envelope.not_as_agreed"
    # what we take
    NOT_SERVED = "envelope.not_served"
    OWN_ACTION = "envelope.own_action"
    NOT_ONE_DOCUMENT = "envelope.not_one_document"
    NOT_DECRYPTED = "envelope.not_decrypted"
    NOT_UNPACKED = "envelope.not_unpacked"
