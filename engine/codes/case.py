"""What is said about cases."""

from engine.codes.statement import Code


class CaseCode(Code):
    """Codes about cases."""

    NO_REASON = "case.no_reason"
    NUMBER_IN_REASON = "case.number_in_reason"
    MAY_NOT = "case.may_not"
