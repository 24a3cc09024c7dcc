"""Files that go along with what we send: held against the agreement, the size of a mail, and the scanner.

What a file is, its bytes say; its name must agree. Everything is refused to whoever asked, before anything is stored.
"""

from collections.abc import Sequence
from datetime import datetime

from engine.agreements.terms import Terms
from engine.codes.file import FileCode
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.errors import Refused, Unavailable
from engine.files.kind import AGREEABLE, FileKind, is_structured, kind_by_name, mime_of, sniff
from engine.files.name import clean_name, named_as
from engine.names import HerId
from engine.outbound.mail import base64_size, check_mail_size, on_wire
from engine.payload.attachment import Attachment
from engine.payload.national_numbers import holds_national_number
from engine.records.channels import CaseFile


def check_sizes(
    policy: Policy, sender: HerId, receiver: HerId, files: Sequence[tuple[str, int]], now: datetime
) -> None:
    """Raise Refused where files, by name and bytes, are too many or too large: before anybody has read them."""
    terms = policy.registry.terms(sender, receiver, now)
    if len(files) > terms.attachment_most:
        raise Refused(FileCode.TOO_MANY, number=len(files), most=terms.attachment_most)
    for name, size in files:
        if size > terms.attachment_most_bytes:
            raise Refused(FileCode.TOO_LARGE, name=clean_name(name), size=size, most=terms.attachment_most_bytes)
    # What the partner has shown is not asked here: it may let a document be packed, but promises no room for files.
    check_together(policy, files, compress=terms.packs(shown=False))


def check_together(policy: Policy, files: Sequence[tuple[str, int]], *, compress: bool) -> None:
    """Raise Refused where files, by name and bytes, cannot fit into a mail together: as they are or, with `compress`,
    into a document before it is packed, for what packing saves only the packing can tell.
    """
    sizes = [(clean_name(name), base64_size(size)) for name, size in files]
    whole = sum(size for _, size in sizes)
    name, size = max(sizes, key=lambda each: each[1], default=("", 0))
    most = policy.limits.most_bytes
    if not compress:
        check_mail_size((name, on_wire(size)), on_wire(whole), most, files_alone=True)
    elif whole > most:
        raise Refused(FileCode.BEFORE_PACKING, size=whole, most=most, name=name)


async def attach(
    ports: Ports, sender: HerId, receiver: HerId, files: Sequence[tuple[str, bytes]], now: datetime
) -> tuple[Attachment, ...]:
    """Return files, by name and bytes, as attachments that may be sent: named and typed as what they are, and clean.

    Raises Refused, naming the file and what it is. Asks the scanner, so it is called outside any transaction.
    """
    check_sizes(ports.policy, sender, receiver, [(name, len(content)) for name, content in files], now)
    made = tuple(_attachment(number, *file) for number, file in enumerate(files, 1))
    check_files(made, ports.policy.registry.terms(sender, receiver, now))
    await check_clean(ports, made)
    return made


def _attachment(number: int, name: str, content: bytes) -> Attachment:
    if holds_national_number(name):
        raise Refused(FileCode.NUMBER_IN_NAME, number=number)
    clean, kind = clean_name(name), sniff(content)
    promised = kind_by_name(clean)
    if kind in AGREEABLE and promised is not kind and "." in clean:
        raise Refused(FileCode.NAME_SAYS_OTHERWISE, name=clean, kind=kind)
    if kind not in AGREEABLE and promised is not None:
        raise Refused(FileCode.NAME_PROMISES, name=clean, kind=kind, promised=promised)
    return Attachment(named_as(clean, kind) if kind in AGREEABLE else clean, mime_of(kind), content)


def as_case_file(attachment: Attachment) -> CaseFile:
    """Return an attachment as a row that a case keeps."""
    return CaseFile(attachment.name, attachment.mime_type, attachment.content)


def as_attachment(file: CaseFile) -> Attachment:
    """Return a file that a case kept as the attachment that it was."""
    return Attachment(file.name, file.mime_type, file.content)


def check_files(attachments: Sequence[Attachment], terms: Terms) -> None:
    """Raise Refused for the first file that is not of an agreed kind or size; Samvik's own documents are none."""
    files = [each for each in attachments if not is_structured(each)]
    if len(files) > terms.attachment_most:
        raise Refused(FileCode.TOO_MANY, number=len(files), most=terms.attachment_most)
    for file in files:
        kind = sniff(file.content)
        if kind not in terms.attachment_types:
            agreed = ", ".join(sorted(terms.attachment_types)) or "-"
            raise Refused(FileCode.NOT_AGREED, name=file.name, kind=kind, agreed=agreed)
        if len(file.content) > terms.attachment_most_bytes:
            size, most = len(file.content), terms.attachment_most_bytes
            raise Refused(FileCode.TOO_LARGE, name=file.name, size=size, most=most)


def agreed_room(terms: Terms, kind: FileKind, number: int) -> bool:
    """Say whether one file more of a kind may go along with `number` others."""
    return kind in terms.attachment_types and number < terms.attachment_most


async def check_clean(ports: Ports, attachments: Sequence[Attachment], *, named: bool = True) -> None:
    """Raise Refused where the scanner finds something in a file, or cannot be reached; nothing without a scanner.

    With `named` the sentence names the file, else it counts: where the sentence is kept in clear.
    """
    try:
        found = await infected(ports, attachments)
    except Unavailable as error:
        raise Refused(FileCode.NO_SCANNER, error=error.statement) from None
    if found is not None:
        number, virus = found
        if not named:
            raise Refused(FileCode.INFECTED_NUMBER, number=number, virus=virus)
        raise Refused(FileCode.INFECTED, name=attachments[number - 1].name, virus=virus)


async def infected(ports: Ports, attachments: Sequence[Attachment]) -> tuple[int, str] | None:
    """Return which attachment, from 1, the scanner finds something in, and what; None where all are clean.

    Without a scanner nothing is found. Raises Unavailable where it cannot be asked.
    """
    if ports.scanner is None:
        return None
    return await ports.scanner.scan([each.content for each in attachments])
