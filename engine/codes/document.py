"""What is said about business documents: what cannot be read, who is addressed, and what may not go out."""

from engine.codes.statement import Code


class DocumentCode(Code):
    """Codes about documents. A partner may read them in an AppRec."""

    # why a document is refused, and a sentence with its place
    REFUSED = "document.refused"
    AT = "document.at"
    # form
    NOT_XML = "document.not_xml"
    NOT_SUPPORTED = "document.not_supported"
    NOT_MSGHEAD = "document.not_msghead"
    OTHER_VERSION = "document.other_version"
    MISSING = "document.missing"
    NOT_ONCE = "document.not_once"
    NOT_ONLY_TEXT = "document.not_only_text"
    NO_VALUE = "document.no_value"
    NOT_AN_ID = "document.not_an_id"
    NOT_A_HER_ID = "document.not_a_her_id"
    NOT_A_TIME = "document.not_a_time"
    TEXT_BETWEEN = "document.text_between"
    OUT_OF_PLACE = "document.out_of_place"
    LEFT_OVER = "document.left_over"
    BAD_VALUE = "document.bad_value"
    # parties
    NO_HER_ID = "document.no_her_id"
    SEVERAL_HER_IDS = "document.several_her_ids"
    SIDE_BY_SIDE = "document.side_by_side"
    INST_OR_PERSON = "document.inst_or_person"
    SEVERAL_ON_LEVEL = "document.several_on_level"
    OTHER_SENDER = "document.other_sender"
    OTHER_RECEIVER = "document.other_receiver"
    UNKNOWN_RECEIVER = "document.unknown_receiver"
    RECEIVER_NOT_IN_USE = "document.receiver_not_in_use"
    RECEIVER_REPLACED = "document.receiver_replaced"
    TYPE_NOT_TAKEN = "document.type_not_taken"
    # AppRec
    NOT_APPREC_TYPE = "document.not_apprec_type"
    UNKNOWN_STATUS = "document.unknown_status"
    # dialog and files
    NOT_A_DIALOG = "document.not_a_dialog"
    NOTE_OR_QUESTION = "document.note_or_question"
    PATIENT_REPORT = "document.patient_report"
    NOT_ONE_MAIN = "document.not_one_main"
    NOT_ONE_CONTENT = "document.not_one_content"
    TOO_MANY_FILES = "document.too_many_files"
    HIDDEN_FILE = "document.hidden_file"
    NOT_ONE_CONTAINER = "document.not_one_container"
    NOT_BASE64 = "document.not_base64"
    INFECTED = "document.infected"
    INFECTED_FILE = "document.infected_file"
    # a deviation and what follows it
    NOT_A_DEVIATION = "document.not_a_deviation"
    NOT_A_FOLLOW_UP = "document.not_a_follow_up"
    NOT_CHECKED = "document.not_checked"
    # what may not go out
    NOT_WRITABLE = "document.not_writable"
    CARRIER_WANTS_PATIENT = "document.carrier_wants_patient"
    FILES_TO_SEND = "document.files_to_send"
    HOLDS_NUMBER = "document.holds_number"
    HOLDS_PATIENT = "document.holds_patient"
    OURS_AGAINST_SCHEMA = "document.ours_against_schema"
    THEIRS_AGAINST_SCHEMA = "document.theirs_against_schema"
    AGAINST_PROFILE = "document.against_profile"
    FILES_NOT_SENT = "document.files_not_sent"
    AND_MORE = "document.and_more"
