"""Bounces: what a mail server reports about a mail of ours (RFC 3464, in a report of RFC 6522).

A bounce is not signed. The only sign that it is genuine is what it returns of the header of a mail that we sent.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

from engine.codes.mail import MailCode
from engine.errors import Unreadable
from engine.msh.comments import drop_comments
from engine.msh.mime import DEFAULT_LIMITS, MailLimits, Part, header_of, read_report

LONGEST_WORDS = 500
_MOST_STATUS_BYTES = 65_536
_MOST_GROUPS = 20
_MOST_FIELDS = 200
_STATUS = re.compile(r"([245])\.([0-9]{1,3})\.[0-9]{1,3}")
_GROUP_END = re.compile(rb"\r?\n\r?\n")
_STATUSES = {"message/delivery-status", "message/global-delivery-status"}
"""The second one is that of mail in UTF-8 (RFC 6533)."""
_RETURNED = {
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
}
_ACTIONS = {"failed", "delayed", "delivered", "relayed", "expanded"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of one mail.

    `message_id` is that of the returned mail, `fields` are all of its header: '' and none where the report does not say
    it. `failed` says that the server has
    given up for good; with a cause that may pass (4.x.x) it is False, whatever the server did. `words` are the server's
    own: one printable line that may hold anything.
    """

    message_id: str
    failed: bool
    action: str
    code: str
    words: str
    fields: Mapping[str, str] = field(default_factory=dict)


def read_bounce(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> Bounce | None:
    """Return what a delivery report says, None where a mail is none. Raises Unreadable where it cannot be read."""
    parts = read_report(raw, limits)
    if not parts:
        return None
    status = next((part for part in parts if part.media_type in _STATUSES), None)
    if status is None:
        raise Unreadable(MailCode.REPORT_WITHOUT_STATUS)
    recipient = _recipient(status)
    fields = next((_fields(part, limits) for part in parts if part.media_type in _RETURNED), {})
    message_id = fields.get("message-id", "").strip(" \t\r\n<>")[:255]
    action = str(recipient.get("Action", "")).strip().lower()
    code = _STATUS.search(str(recipient.get("Status", "")))
    failed = action == "failed" and not (code and code.group(1) == "4")
    words = _printable(str(recipient.get("Diagnostic-Code", "")))
    return Bounce(message_id, failed, action if action in _ACTIONS else "", code.group() if code else "", words, fields)


def _recipient(status: Part) -> Message:
    """Return the fields about the recipient. Our mails have one recipient, so a failure among several is ours."""
    groups = [each for each in _groups(status.data) if "action" in each]
    failed = [each for each in groups if str(each["Action"]).strip().lower() == "failed"]
    if not groups:
        raise Unreadable(MailCode.STATUS_WITHOUT_ACTION)
    return (failed or groups)[0]


def _groups(data: bytes) -> Iterator[Message]:
    for group in _GROUP_END.split(data[:_MOST_STATUS_BYTES], _MOST_GROUPS)[:_MOST_GROUPS]:
        fields = BytesHeaderParser().parsebytes(group.lstrip(b"\r\n") + b"\r\n\r\n")
        drop_comments(fields, ("Action", "Status"))
        yield fields


def _fields(part: Part, limits: MailLimits) -> dict[str, str]:
    """Return the first field of each name, the name in small letters."""
    header = header_of(part.data, limits)
    return {name.lower(): str(header.get(name, "")) for name in header.keys()[:_MOST_FIELDS]}


def _printable(text: str) -> str:
    kind, _, said = text.partition(";")
    line = " ".join((said or kind).split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)[:LONGEST_WORDS]


def subject_of(code: str) -> str:
    """Return the subject of a status code, '1' to '7' (RFC 3463); '' for one that the standard does not name."""
    found = _STATUS.fullmatch(code)
    return found.group(2) if found and found.group(2) in _SUBJECTS else ""


_SUBJECTS = frozenset("1234567")
