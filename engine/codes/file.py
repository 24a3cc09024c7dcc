"""What is said about files."""

from engine.codes.statement import Code


class FileCode(Code):
    """Codes about files."""

    TOO_MANY = "file.too_many"
    TOO_LARGE = "file.too_large"
    BEFORE_PACKING = "file.before_packing"
    NUMBER_IN_NAME = "file.number_in_name"
    NAME_SAYS_OTHERWISE = "file.name_says_otherwise"
    NAME_PROMISES = "file.name_promises"
    NOT_AGREED = "file.not_agreed"
    NO_SCANNER = "file.no_scanner"
    SCANNER_SILENT = "file.scanner_silent"
    SCANNER_LIMIT = "file.scanner_limit"
    SCANNER_UNCLEAR = "file.scanner_unclear"
    INFECTED = "file.infected"
    INFECTED_NUMBER = "file.infected_number"
    CANNOT_SEARCH = "file.cannot_search"
