"""What is said about XML and the identifiers in it, whatever the document."""

from engine.codes.statement import Code


class XmlCode(Code):
    """Codes about bytes that are not XML that we read."""

    NOT_WELL_FORMED = "xml.not_well_formed"
    MORE_THAN_TEXT = "xml.more_than_text"
    TOO_LARGE = "xml.too_large"
    ENCODING = "xml.encoding"
    DTD = "xml.dtd"
    TOO_DEEP = "xml.too_deep"
    TOO_MANY_ATTRIBUTES = "xml.too_many_attributes"
    TOO_MANY_DECLARATIONS = "xml.too_many_declarations"
    LONG_PREFIX = "xml.long_prefix"
    LONG_NAME = "xml.long_name"
    TOO_MANY_NODES = "xml.too_many_nodes"


class NameCode(Code):
    """Codes about texts that are not the identifier that they stand for."""

    NOT_A_HER_ID = "name.not_a_her_id"
    EMPTY = "name.empty"
    NOT_AN_ID = "name.not_an_id"
