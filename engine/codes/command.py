"""What is said about how a command was called."""

from engine.codes.statement import Code


class CommandCode(Code):
    """Codes about the words of a command."""

    TEXT_OR_FILE = "command.text_or_file"
    URL_OR_OFF = "command.url_or_off"
    NO_CPA = "command.no_cpa"
    NAME_A_CASE = "command.name_a_case"
    NO_NUMBER_YET = "command.no_number_yet"
    BAD_TIME = "command.bad_time"
    OUR_FAULT = "command.our_fault"
