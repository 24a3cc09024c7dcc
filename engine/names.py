"""The identifiers of the wire, each a type of its own so that one cannot be used for another.

All are opaque text compared exactly (transport.md B.2, G.11), but for the HER-id, which is a whole number written
without sign, blanks or leading zeros (payload.md E).
"""

import re
from typing import NewType, TypeVar, cast
from uuid import UUID

from engine.codes.xml import NameCode
from engine.errors import BadName

HerId = NewType("HerId", str)
MessageId = NewType("MessageId", str)
ConversationId = NewType("ConversationId", str)
CpaId = NewType("CpaId", str)
MsgId = NewType("MsgId", str)
_Id = TypeVar("_Id", MessageId, MsgId)

OPERATOR = HerId("0")
"""Owner of rows that belong to no party yet: mail that has not been read, and quarantine. No register holds it."""

OUTSIDE = HerId("-")
"""The other side of a case that came by another channel from somebody whom no HER-id names. No register holds it."""

LONGEST_ID = 255
_HER_ID = re.compile(r"[1-9][0-9]{0,9}")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f]+")


def her_id(text: str | None) -> HerId:
    """Return the HER-id written in `text`, surrounding white space removed.

    Raises BadName where the text is not a whole number of one to ten digits without leading zero.
    """
    found = (text or "").strip(" \t\r\n")
    if not _HER_ID.fullmatch(found):
        raise BadName(NameCode.NOT_A_HER_ID)
    return HerId(found)


def is_organisation_number(digits: str) -> bool:
    """Say whether nine digits are an organisation number: the last one is a control digit (modulus 11)."""
    if not re.fullmatch(r"[0-9]{9}", digits):
        return False
    return sum(int(digit) * weight for digit, weight in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def opaque(kind: str, text: str | None) -> str:
    """Return an identifier of the wire with surrounding white space removed, else unchanged.

    Raises BadName, naming `kind`, where it is empty, longer than 255 characters or holds control characters.
    """
    found = (text or "").strip(" \t\r\n")
    if not found:
        raise BadName(NameCode.EMPTY, kind=kind)
    if len(found) > LONGEST_ID or not _PRINTABLE.fullmatch(found):
        raise BadName(NameCode.NOT_AN_ID, kind=kind)
    return found


def forms_of(id: _Id) -> tuple[_Id, ...]:
    """Return an id as it came, then the other ways to write the same UUID, the most usual first.

    Databases give a GUID back in upper case or in braces; its value is the same (RFC 9562, 4). Any other id has one
    form.
    """
    value = _uuid(id)
    if value is None:
        return (id,)
    lower = str(value)
    forms = (id, lower, lower.upper(), f"{{{lower}}}", f"{{{lower.upper()}}}", f"urn:uuid:{lower}")
    return tuple(cast(_Id, form) for form in dict.fromkeys(forms))


def same_id(one: str | None, other: str | None) -> bool:
    """Return true when two ids are the same text, or the same UUID written in two ways."""
    if one == other:
        return True
    value = _uuid(one or "")
    return value is not None and value == _uuid(other or "")


_UUID = re.compile(r"(urn:uuid:)?\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", re.IGNORECASE)


def _uuid(text: str) -> UUID | None:
    return UUID(text) if _UUID.fullmatch(text) else None
