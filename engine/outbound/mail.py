"""The mail around a message: its headers, and what it weighs on the wire.

A file is written as base64 into a document, which is encrypted and written as base64 into the mail: 16/9 of its bytes
and the line breaks, 1.825 in all. Where gzip is agreed the first of the two is mostly undone.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from engine.codes.message import MessageCode
from engine.errors import Refused
from engine.msh.encryption import pack
from engine.msh.mime import write_mail
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.records.messages import OutgoingMessage

PROOF_HEADER = "X-Samvik-Return"
_MAIL_ID = re.compile(r"([1-9][0-9]{0,9})\.([0-9a-fA-F]{32})\.[0-9a-fA-F]{12}@.{1,190}")
_LINE, _LINE_ON_WIRE = 57, 78
"""Bytes that a line of base64 holds, and bytes that it is: 76 signs and a line break."""


def mail_headers(message: OutgoingMessage, id: UUID, now: datetime) -> Mapping[str, str]:
    """Return the headers of one mail: no content, no names, and our registered address as From (G.10)."""
    return {
        "From": message.from_address,
        "To": message.to_address,
        "Subject": "ebXML",
        "Date": format_datetime(now),
        "Message-ID": f"<{_mail_id(message, id)}@{message.from_address.partition('@')[2]}>",
        "SOAPAction": '"ebXML"',
        "X-Mailer": "Samvik",
        PROOF_HEADER: proof_of(message, _mail_id(message, id)),
    }


def proof_of(message: OutgoingMessage, mail_id: str) -> str:
    """Return what a mail of a message says of itself in PROOF_HEADER, by its Message-ID without brackets.

    A mail server that returns a mail returns its header. Message-IDs stand in logs where many read them; this is made
    of the digests inside the mail as well, so that who saw the Message-ID alone cannot write it.
    """
    digests = sorted(f"{uri} {digest}" for uri, digest in message.reference_digests.items())
    said = "\n".join([mail_id.partition("@")[0], *digests])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _mail_id(message: OutgoingMessage, id: UUID) -> str:
    """Return what a try is called: whose delivery it carries, and which try it is.

    The delivery's id is random and stands nowhere else on the wire, so that only who saw the mail can name it.
    """
    return f"{message.owner}.{message.id.hex}.{id.hex[-12:]}"


def delivery_of(message_id: str) -> tuple[HerId, UUID] | None:
    """Return the owner and the id of the delivery that a mail of ours carried, by its Message-ID without brackets."""
    found = _MAIL_ID.fullmatch(message_id)
    return (HerId(found.group(1)), UUID(found.group(2))) if found else None


def mail_size(message: OutgoingMessage, mime: bytes, now: datetime) -> int:
    """Return the bytes of the whole mail that carries a message: every try's headers are of the same length."""
    return len(write_mail(b"", mail_headers(message, message.id, now))) + len(mime)


def base64_size(size: int) -> int:
    """Return the bytes of so many bytes as base64 without line breaks, as they stand in a document."""
    return (size + 2) // 3 * 4


def on_wire(size: int) -> int:
    """Return the bytes that so many bytes of a document, or of what it was packed to, are in a mail."""
    return (size + _LINE - 1) // _LINE * _LINE_ON_WIRE


def check_mail_size(largest: tuple[str, int], size: int, most: int, *, files_alone: bool = False) -> None:
    """Raise Refused where a message, or its files alone, has `size` bytes on the wire and a mail may have `most`.

    `largest` is a file's name and its bytes on the wire, its name '' where there is none.
    """
    if size <= most:
        return
    name, there = largest
    if not name:
        raise Refused(MessageCode.TOO_LARGE, size=size, most=most)
    code = MessageCode.FILES_TOO_LARGE if files_alone else MessageCode.TOO_LARGE_BY
    raise Refused(code, size=size, most=most, name=name, there=there)


def largest_on_wire(attachments: Sequence[Attachment], *, compress: bool) -> tuple[str, int]:
    """Return the name of the file that is the largest on the wire, and its bytes there; '' and 0 without files."""
    sizes = [(each.name, on_wire(_in_document(each.content, compress=compress))) for each in attachments]
    return max(sizes, key=lambda each: each[1], default=("", 0))


def _in_document(content: bytes, *, compress: bool) -> int:
    return len(pack(base64.b64encode(content))) if compress else base64_size(len(content))
