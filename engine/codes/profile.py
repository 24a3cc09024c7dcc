"""What is said about documents that depart from the rules of their message function, or from the agreed files."""

from engine.codes.statement import Code


class ProfileCode(Code):
    """Codes about profile rules. A partner may read them in an AppRec."""

    NOT_UTF8 = "profile.not_utf8"
    UNKNOWN_TYPE = "profile.unknown_type"
    NO_ZONE = "profile.no_zone"
    NOT_A_UUID = "profile.not_a_uuid"
    NO_REFERENCE = "profile.no_reference"
    REFERENCE = "profile.reference"
    SENDER_LEVELS = "profile.sender_levels"
    RECEIVER_LEVELS = "profile.receiver_levels"
    NO_PATIENT = "profile.no_patient"
    PATIENT = "profile.patient"
    MAIN_NOT_FIRST = "profile.main_not_first"
    OTHER_DOCUMENT = "profile.other_document"
    UNNAMED_FILE = "profile.unnamed_file"
    DIALOG_VERSION = "profile.dialog_version"
    DIALOG_PART = "profile.dialog_part"
    CODE_NOT_WHOLE = "profile.code_not_whole"
    UNKNOWN_CODE = "profile.unknown_code"
    NO_CONTACT = "profile.no_contact"
    MARKUP = "profile.markup"
    ACTIVE = "profile.active"
    NO_FEEDBACK_TEXT = "profile.no_feedback_text"
    FEEDBACK_FILES = "profile.feedback_files"
    DEVIATION_AS_FEEDBACK = "profile.deviation_as_feedback"
    # AppRec
    NO_ERROR = "profile.no_error"
    ERROR_WITH_OK = "profile.error_with_ok"
    ERROR_NOT_WHOLE = "profile.error_not_whole"
    # files
    MANY_FILES = "profile.many_files"
    OTHER_KIND = "profile.other_kind"
    LARGE_FILE = "profile.large_file"
    FILE_ELSEWHERE = "profile.file_elsewhere"
    FILE_NOT_AS_SAID = "profile.file_not_as_said"
