"""Mails as ebXML uses them: one SOAP part and the parts it refers to (transport.md A).

Headers are read by the standard library; the parts are cut here, since exactly one level of multipart is ebXML and
the library's parser builds every nested level and copies each part several times. Cutting is linear in the mail's
size, stops at the first limit that is passed, and touches no part that is not needed.
"""

import base64
import binascii
import quopri
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import chain
from urllib.parse import unquote

from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.errors import Finding, StatedError, Unreadable
from engine.msh.comments import drop_comments
from engine.msh.rules import finding

SOAP_TYPE = "text/xml"
_MULTIPART = "multipart/related"
_REPORT = "multipart/report"
# One real sender leaves out the blank line before the first boundary; no header begins with two hyphens.
_END_OF_HEADER = re.compile(rb"\r?\n(?:\r?\n|(?=--))")
_REST_OF_LINE = rb"(--)?[ \t]*+(?=\r?\n|\Z)"
_BASE64 = string.ascii_letters + string.digits + "+/="
_TEXT = re.compile(rb"[^\r\n]")
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64.encode()))


@dataclass(frozen=True, slots=True)
class MailLimits:
    """What one mail may cost (transport.md A.3; the EDI mailbox takes 51 200 000 bytes)."""

    most_bytes: int = 51_200_000
    most_parts: int = 50
    most_header_bytes: int = 65_536
    most_parameter_bytes: int = 2_000


DEFAULT_LIMITS = MailLimits()


class _Undecodable(StatedError):
    """Raised when the bytes of a part cannot be decoded."""


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME part: its Content-ID without brackets, its media type and its decoded bytes.

    `problem` says why it could not be decoded, None where it could.
    """

    content_id: str
    media_type: str
    data: bytes
    problem: Statement | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """An ebXML mail: the SOAP part, the other parts in order, the mail's own id, and what is wrong around them.

    `whole` is false for an envelope that came without its mail, so that nobody knows its parts.
    """

    message_id: str
    soap: bytes
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()
    whole: bool = True


def read_mail(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> Mail:
    """Return the SOAP part and the attachments of a mail.

    What breaks the profile around a readable SOAP part becomes a finding (MimeProblem, transport.md F.3 rule 2).
    Raises Unreadable when there is no SOAP part to answer (rule 1) or a limit is passed.
    """
    if len(raw) > limits.most_bytes:
        raise Unreadable(MailCode.TOO_LARGE, most=limits.most_bytes)
    header, begin = _split_header(raw, 0, len(raw), limits)
    mail_id = str(header.get("Message-ID", "")).strip(" \t\r\n<>")[:255]
    media_type = header.get_content_type()
    if "content-type" not in header:
        raise Unreadable(MailCode.NO_CONTENT_TYPE)
    if media_type == SOAP_TYPE:
        return _mail(mail_id, _part(header, raw, begin, len(raw)), ())
    if media_type != _MULTIPART:
        raise Unreadable(MailCode.NOT_MULTIPART)
    return _read_multipart(mail_id, header, raw, begin, limits)


def read_report(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> list[Part]:
    """Return the parts of a multipart/report (RFC 6522), none where a mail is no report.

    Raises Unreadable where it is one that cannot be cut into parts, or a limit is passed.
    """
    if len(raw) > limits.most_bytes:
        raise Unreadable(MailCode.TOO_LARGE, most=limits.most_bytes)
    header, begin = _split_header(raw, 0, len(raw), limits)
    if header.get_content_type() != _REPORT:
        return []
    return _parts_of(_REPORT, header, raw, begin, limits)


def header_of(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> Message:
    """Return the header of a mail, or of what was returned of one. Raises Unreadable where it is too large."""
    return _split_header(raw, 0, len(raw), limits)[0]


def _mail(mail_id: str, soap: Part, others: tuple[Part, ...], findings: tuple[Finding, ...] = ()) -> Mail:
    if soap.problem:
        raise Unreadable(MailCode.SOAP_NOT_DECODED, why=soap.problem)
    broken = (finding("mime", part.problem, f"cid:{part.content_id}") for part in others if part.problem)
    return Mail(mail_id, soap.data, others, (*findings, *broken))


def _read_multipart(mail_id: str, header: Message, raw: bytes, begin: int, limits: MailLimits) -> Mail:
    parts = _parts_of(_MULTIPART, header, raw, begin, limits)
    soap = _find_soap(parts, str(header.get_param("start", "")).strip("<> \t"))
    others = tuple(part for part in parts if part is not soap)
    declared = str(header.get_param("type", SOAP_TYPE)).lower()
    if declared == SOAP_TYPE:
        return _mail(mail_id, soap, others)
    return _mail(mail_id, soap, others, (finding("mime", MailCode.TYPE_NOT_XML, "Content-Type"),))


def _parts_of(media_type: str, header: Message, raw: bytes, begin: int, limits: MailLimits) -> list[Part]:
    parts = [_read_part(raw, *piece, limits) for piece in _cut(raw, begin, _boundary(media_type, header), limits)]
    if not parts:
        raise Unreadable(MailCode.NO_PARTS, type=media_type)
    return parts


def _boundary(media_type: str, header: Message) -> str:
    try:
        boundary = header.get_boundary()
    except ValueError:
        # The library decodes it by whatever codec the mail names (RFC 2231), and some of Python's raise.
        boundary = None
    if not boundary or len(boundary) > 200:
        raise Unreadable(MailCode.NO_BOUNDARY, type=media_type)
    return boundary


def _find_soap(parts: list[Part], start: str) -> Part:
    named = [part for part in parts if start and part.content_id == start]
    soap = named[0] if len(named) == 1 else parts[0]
    if soap.media_type != SOAP_TYPE:
        raise Unreadable(MailCode.ROOT_NOT_XML)
    return soap


def _cut(raw: bytes, at: int, boundary: str, limits: MailLimits) -> Iterator[tuple[int, int]]:
    """Yield where each part begins and ends, from `at` on (RFC 2046 5.1.1).

    The line break before a boundary belongs to it. Places, not bytes: a part may be as large as the mail.
    """
    mark = b"--" + re.escape(boundary.encode("latin-1", "replace"))
    # Begins with what stands there letter by letter, which the library finds a hundred times faster than a choice.
    line = re.compile(b"\n" + mark + _REST_OF_LINE)
    first = re.compile(mark + _REST_OF_LINE).match(raw, at)
    begin: int | None = None
    count = 0
    for found in chain([first] if first else [], line.finditer(raw, at)):
        if begin is not None:
            count += 1
            if count > limits.most_parts:
                raise Unreadable(MailCode.TOO_MANY_PARTS, most=limits.most_parts)
            yield begin, found.start() - raw.endswith(b"\r", begin, found.start())
        if found.group(1):
            return
        begin = found.end()
    if begin is not None:
        yield begin, len(raw)


def _read_part(raw: bytes, begin: int, end: int, limits: MailLimits) -> Part:
    # The line break that ends the boundary line still stands first, so a part without headers has a blank line there.
    begin += raw.startswith(b"\r\n", begin, end) * 2 or raw.startswith(b"\n", begin, end)
    header, begin = _split_header(raw, begin, end, limits)
    return _part(header, raw, begin, end)


def _part(header: Message, raw: bytes, begin: int, end: int) -> Part:
    content_id = str(header.get("Content-ID", "")).strip(" \t\r\n").removeprefix("<").removesuffix(">")
    try:
        data, problem = _decode(header, raw, begin, end), None
    except _Undecodable as error:
        data, problem = b"", error.statement
    return Part(content_id[:255], header.get_content_type(), data, problem)


def _split_header(raw: bytes, begin: int, end: int, limits: MailLimits) -> tuple[Message, int]:
    """Return the header that stands between two places, and where what follows it begins."""
    most = min(end, begin + limits.most_header_bytes)
    without = raw.startswith((b"\r\n", b"\n"), begin, end)
    found = (_TEXT if without else _END_OF_HEADER).search(raw, begin, most)
    if found is None and most < end:
        raise Unreadable(MailCode.LARGE_HEADER, most=limits.most_header_bytes)
    if without:
        return Message(), found.start() if found else end
    if found is None:
        return _parse_header(raw[begin:end], limits), end
    return _parse_header(raw[begin : found.start()], limits), found.end()


def _parse_header(block: bytes, limits: MailLimits) -> Message:
    header = BytesHeaderParser().parsebytes(block + b"\r\n\r\n")
    if b"(" in block:
        drop_comments(header)
    # The library reads parameters in quadratic time, so their length is bounded before anyone asks for one.
    if len(str(header.get("Content-Type", ""))) > limits.most_parameter_bytes:
        raise Unreadable(MailCode.LONG_CONTENT_TYPE, most=limits.most_parameter_bytes)
    return header


def _decode(header: Message, raw: bytes, begin: int, end: int) -> bytes:
    encoding = str(header.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    if encoding == "base64":
        return _base64(raw[begin:end].translate(None, _NOT_BASE64))
    if encoding == "quoted-printable":
        return quopri.decodestring(raw[begin:end])
    if encoding in {"7bit", "8bit", "binary"}:
        return raw[begin:end]
    raise _Undecodable(MailCode.UNKNOWN_ENCODING)


def _base64(text: bytes) -> bytes:
    """Decode leniently: relays re-wrap base64 and leave blanks or stray bytes (transport.md G.9, G.17)."""
    end = text.find(b"=")
    size = len(text) if end < 0 else end
    whole = size // 4 * 4
    try:
        # The whole groups apart from the rest: adding what is missing to all of it would copy all of it.
        rest = base64.b64decode(text[whole:size] + b"=" * (-size % 4))
        return binascii.a2b_base64(memoryview(text)[:whole]) + rest
    except binascii.Error:
        raise _Undecodable(MailCode.NOT_BASE64) from None


def content_id_of(uri: str) -> str:
    """Return the Content-ID that a `cid:` URI names, percent-encoding undone (RFC 2392; transport.md A.2)."""
    return unquote(uri.removeprefix("cid:"))


def write_entity(soap: bytes, soap_id: str, parts: Mapping[str, bytes], boundary: str) -> bytes:
    """Return the MIME entity of a message: its content headers, a blank line, its body; CRLF lines throughout.

    A signal (no parts) is a single text/xml part, a payload message is multipart/related with base64 parts and the
    parameters boundary, type and start (transport.md A.1, A.2).
    """
    if not parts:
        return _entity(["MIME-Version: 1.0", *_part_headers(f"{SOAP_TYPE}; charset=UTF-8", soap_id)], soap)
    lines = f'Content-Type: {_MULTIPART}; boundary="{boundary}"; type="{SOAP_TYPE}"; start="<{soap_id}>"'
    pieces = [_entity(_part_headers(f"{SOAP_TYPE}; charset=UTF-8", soap_id), soap)]
    encrypted = "application/pkcs7-mime; smime-type=enveloped-data"
    pieces += [_entity(_part_headers(encrypted, content_id), data) for content_id, data in parts.items()]
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + piece for piece in pieces) + mark + b"--\r\n"
    return f"MIME-Version: 1.0\r\n{lines}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n".encode() + body


def _part_headers(media_type: str, content_id: str) -> list[str]:
    return [f"Content-Type: {media_type}", f"Content-ID: <{content_id}>", "Content-Transfer-Encoding: base64"]


def _entity(headers: list[str], data: bytes) -> bytes:
    lines = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + lines


def write_mail(entity: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a whole mail: the given mail headers and the stored entity, which is never changed."""
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items()) + entity
