"""The reason that a person gives for a step by hand."""

from engine.codes.case import CaseCode
from engine.errors import Refused
from engine.payload.national_numbers import fields_with_numbers


def need_reason(reason: str) -> str:
    """Return a reason that may be logged. Raises Refused where there is none, or it holds a national number."""
    if not reason.strip():
        raise Refused(CaseCode.NO_REASON)
    if fields_with_numbers([("reason", reason)]):
        raise Refused(CaseCode.NUMBER_IN_REASON)
    return reason
