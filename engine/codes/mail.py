"""What is said about mails: what cannot be read of one, why it was refused, and what a bounce means."""

from engine.codes.statement import Code


class MailCode(Code):
    """Codes about mails."""

    # why a mail is no message that anyone could answer
    TOO_LARGE = "mail.too_large"
    NO_CONTENT_TYPE = "mail.no_content_type"
    NOT_MULTIPART = "mail.not_multipart"
    NO_PARTS = "mail.no_parts"
    NO_BOUNDARY = "mail.no_boundary"
    TOO_MANY_PARTS = "mail.too_many_parts"
    LARGE_HEADER = "mail.large_header"
    LONG_CONTENT_TYPE = "mail.long_content_type"
    ROOT_NOT_XML = "mail.root_not_xml"
    SOAP_NOT_DECODED = "mail.soap_not_decoded"
    SOAP_NOT_XML = "mail.soap_not_xml"
    NOT_AN_ENVELOPE = "mail.not_an_envelope"
    NOT_EBXML = "mail.not_ebxml"
    REPORT_WITHOUT_STATUS = "mail.report_without_status"
    STATUS_WITHOUT_ACTION = "mail.status_without_action"
    TWO_REASONS = "mail.two_reasons"
    AUTOMATIC_REPLY = "mail.automatic_reply"
    # what is wrong with a part
    TYPE_NOT_XML = "mail.type_not_xml"
    UNKNOWN_ENCODING = "mail.unknown_encoding"
    NOT_BASE64 = "mail.not_base64"
    # why a mail was refused, and not answered
    REFUSED = "mail.refused"
    # what a bounce says and means, by the subject of its status code (RFC 3463)
