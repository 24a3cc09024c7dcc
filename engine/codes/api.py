"""What the HTTP door says to record systems."""

from engine.codes.statement import Code


class ApiCode(Code):
    """Codes of the problems that the HTTP door answers with."""

    NOBODY = "api.nobody"
    TOO_MANY = "api.too_many"
    NOT_HERE = "api.not_here"
    OTHER_METHOD = "api.other_method"
    TAKEN = "api.taken"
    TOO_LARGE = "api.too_large"
    NO_JSON = "api.no_json"
    WRONG_AT = "api.wrong_at"
    NOT_USABLE = "api.not_usable"
    OUR_FAULT = "api.our_fault"
    NOT_NOW = "api.not_now"
