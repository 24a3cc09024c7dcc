"""What is said about the signature of an envelope."""

from engine.codes.statement import Code


class SignatureCode(Code):
    """Codes about signatures. A partner may read them in an ErrorList."""

    ABSENT = "signature.absent"
    SEVERAL = "signature.several"
    NOT_IN_HEADER = "signature.not_in_header"
    NOT_ONE = "signature.not_one"
    NOT_ONLY_TEXT = "signature.not_only_text"
    UNCOVERED_CONTENT = "signature.uncovered_content"
    ROOT_FOR_OTHERS = "signature.root_for_others"
    DOUBLED = "signature.doubled"
    UNSIGNED_ELEMENTS = "signature.unsigned_elements"
    SYNC_REPLY = "signature.sync_reply"
    # algorithms
    CANONICALISATION = "signature.canonicalisation"
    CANONICALISATION_PARAMETERS = "signature.canonicalisation_parameters"
    NO_CANONICAL_FORM = "signature.no_canonical_form"
    ALGORITHM = "signature.algorithm"
    SHA1 = "signature.sha1"
    # references
    NOT_WHOLE_ENVELOPE = "signature.not_whole_envelope"
    TRANSFORMED_ATTACHMENT = "signature.transformed_attachment"
    OTHER_REFERENCE = "signature.other_reference"
    COVERED_TWICE = "signature.covered_twice"
    UNSIGNED_ATTACHMENT = "signature.unsigned_attachment"
    NO_CONTENT_ID = "signature.no_content_id"
    SAME_CONTENT_ID = "signature.same_content_id"
    MISSING_ATTACHMENT = "signature.missing_attachment"
    TWO_ATTACHMENTS = "signature.two_attachments"
    TRANSFORM_PARAMETERS = "signature.transform_parameters"
    WITHOUT_XPATH = "signature.without_xpath"
    TRANSFORMS = "signature.transforms"
    XPATH = "signature.xpath"
    # the certificate, and the mathematics
    NOT_ONE_CERTIFICATE = "signature.not_one_certificate"
    CERTIFICATE = "signature.certificate"
    CHANGED = "signature.changed"
    INVALID = "signature.invalid"
