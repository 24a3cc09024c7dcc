"""What is said about documents that are not as their schema wants them."""

from engine.codes.statement import Code


class SchemaCode(Code):
    """Codes about schemas. A partner may read them. `element` begins a sentence, `place` stands inside one."""

    # an element, at the beginning of a sentence and inside one
    ELEMENT = "schema.element"
    UNKNOWN_ELEMENT = "schema.unknown_element"
    SOME_ELEMENT = "schema.some_element"
    ATTRIBUTE = "schema.attribute"
    # the document
    OTHER_ROOT = "schema.other_root"
    TOO_MANY_ELEMENTS = "schema.too_many_elements"
    # elements
    ENDS_EARLY = "schema.ends_early"
    ENDS_WITHOUT = "schema.ends_without"
    UNEXPECTED = "schema.unexpected"
    UNEXPECTED_IN = "schema.unexpected_in"
    UNEXPECTED_INSTEAD = "schema.unexpected_instead"
    NOT_EMPTY = "schema.not_empty"
    TEXT = "schema.text"
    TEXT_BETWEEN = "schema.text_between"
    NOT_ONLY_TEXT = "schema.not_only_text"
    SAME_ID = "schema.same_id"
    OTHER_TYPE = "schema.other_type"
    NOT_AS_WANTED = "schema.not_as_wanted"
    # attributes
    ATTRIBUTE_MISSING = "schema.attribute_missing"
    NAMED_ATTRIBUTE_MISSING = "schema.named_attribute_missing"
    ATTRIBUTE_NOT_ALLOWED = "schema.attribute_not_allowed"
    NAMED_ATTRIBUTE_NOT_ALLOWED = "schema.named_attribute_not_allowed"
    # values
    BAD_VALUE = "schema.bad_value"
    NOT_FIXED_VALUE = "schema.not_fixed_value"
    NOT_IN_LIST = "schema.not_in_list"
    EMPTY_VALUE = "schema.empty_value"
    NOT_A_BIT = "schema.not_a_bit"
    NOT_AN_OID = "schema.not_an_oid"
    NOT_OF_SHAPE = "schema.not_of_shape"
    NOT_OF_TYPE = "schema.not_of_type"
    WITH_VALUE = "schema.with_value"
    # the schema files themselves
    NOT_LOADED = "schema.not_loaded"
    NOT_COMPILED = "schema.not_compiled"
    FOLDER_NOT_COMPILED = "schema.folder_not_compiled"
    TWO_FILES = "schema.two_files"
    NO_FILE = "schema.no_file"
    FOLDER_NOT_READ = "schema.folder_not_read"
