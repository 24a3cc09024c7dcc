"""MsgHead 1.2: the covering letter of every business message (payload.md A).

We write it in the order of the schema. We read it tolerantly, but everything that we use must be there exactly once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from lxml import etree

from engine.agreements.carriers import Carrier
from engine.codes.document import DocumentCode
from engine.errors import PayloadFault, Refused
from engine.names import HerId, MsgId
from engine.payload.attachment import (
    MOST_ATTACHMENTS,
    Attachment,
    add_attachment,
    count_containers,
    is_file,
    read_attachment,
)
from engine.payload.dialog import Dialog, Notat, add_dialog, check_dialog, read_dialog
from engine.payload.elements import (
    MSGHEAD,
    Document,
    add,
    children,
    msg_id,
    namespace_of,
    new_root,
    one,
    optional,
    place,
    required_code,
    root_of,
    serialise,
    text,
    time_in,
)
from engine.payload.party import DocumentParty, ReadParty, add_organisation, read_party
from engine.times import write_time

MIG_VERSION = "v1.2 2006-05-24"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MsgHead:
    """A business message as we read it.

    `gen_date` is aware, in the zone that was written, or Oslo's where none was. `parent` and `conversation` are None
    in a first message. Of a patient only the presence is told. `namespaces` are those of head and main document.
    `sender_her` and `receiver_her` are the HER-ids of the lowest level of both.
    """

    type: str
    msg_id: MsgId
    gen_date: datetime
    sender: ReadParty
    receiver: ReadParty
    sender_her: HerId
    receiver_her: HerId
    parent: MsgId | None
    conversation: MsgId | None
    has_patient: bool
    dialog: Dialog
    attachments: tuple[Attachment, ...]
    namespaces: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """What an AppRec needs to know of a document; None for what could not be read, or stands there more than once."""

    msg_id: MsgId | None
    type: str | None
    gen_date: datetime | None
    sender: ReadParty | None
    receiver: ReadParty | None


def build_msghead(
    carrier: Carrier,
    *,
    msg_id: MsgId,
    gen_date: datetime,
    sender: DocumentParty,
    receiver: DocumentParty,
    conversation: tuple[MsgId, MsgId] | None,
    notat: Notat,
    attachments: Sequence[Attachment],
    test: bool,
) -> bytes:
    """Return a MsgHead 1.2 in UTF-8 with an XML declaration: the note first, then one Document for each attachment.

    `gen_date` is aware and written in Oslo time; `conversation` is the MsgId answered and that of the first message,
    None for a first message (payload.md B, Threading). Raises Refused where the carrier wants a patient, there are
    more than 50 attachments, or a text cannot be written as XML; ValueError for a time without zone.
    """
    if carrier.patient == "required":
        raise Refused(DocumentCode.CARRIER_WANTS_PATIENT, carrier=carrier.name)
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused(DocumentCode.FILES_TO_SEND, number=len(attachments), most=MOST_ATTACHMENTS)
    head = new_root(MSGHEAD, "MsgHead")
    info = add(head, "MsgInfo")
    add(info, "Type", V=carrier.message_type, DN=carrier.message_type_name)
    add(info, "MIGversion", MIG_VERSION)
    add(info, "GenDate", write_time(gen_date))
    add(info, "MsgId", msg_id)
    if test:
        add(info, "ProcessingStatus", V="D", DN="Debugging")
    add(info, "Ack", V="J", DN="Ja")
    if conversation:
        _add_conversation(info, *conversation)
    add_organisation(add(info, "Sender"), sender)
    add_organisation(add(info, "Receiver"), receiver)
    add_dialog(_main_content(head, gen_date), carrier, notat, first=conversation is None)
    for attachment in attachments:
        add_attachment(head, attachment, gen_date)
    return serialise(head)


def read_msghead(document: Document) -> MsgHead:
    """Return what a business message says.

    Raises PayloadFault T01 where the bytes are no XML that we read, T10 where they are no MsgHead 1.2 with one
    Dialogmelding 1.0 or 1.1, T02 where something that we read is missing, doubled or not what it should be, and T99
    for more than 50 attachments. Every fault names its place and repeats nothing of what the document says.
    """
    head = root_of(document)
    info = _info(head)
    thread = optional(info, "ConversationRef")
    parent = None if thread is None else msg_id(thread, "RefToParent")
    conversation = None if thread is None else msg_id(thread, "RefToConversation")
    main, files = _documents(head)
    attachments = tuple(read_attachment(file) for file in files)
    if count_containers(head) != sum(not each.file_reference for each in attachments):
        raise PayloadFault("T02", "/MsgHead", DocumentCode.HIDDEN_FILE)
    sender, receiver = read_party(one(info, "Sender")), read_party(one(info, "Receiver"))
    return MsgHead(
        type=required_code(info, "Type"),
        msg_id=msg_id(info, "MsgId"),
        gen_date=time_in(one(info, "GenDate")),
        sender=sender,
        receiver=receiver,
        sender_her=sender.hers[-1],
        receiver_her=receiver.hers[-1],
        parent=parent,
        conversation=conversation,
        has_patient=next(info.iter(f"{{{MSGHEAD}}}Patient"), None) is not None,
        dialog=read_dialog(main),
        attachments=attachments,
        namespaces=(MSGHEAD, namespace_of(main)),
    )


def read_identity(document: Document) -> DocumentIdentity | None:
    """Return what can be read of who sent what to whom, so that a bad document can be answered; None if no MsgHead."""
    try:
        head = root_of(document)
        _check_root(head)
        info = one(head, "MsgInfo")
    except PayloadFault:
        return None
    return DocumentIdentity(
        msg_id=_if_readable(lambda: msg_id(info, "MsgId")),
        type=_if_readable(lambda: required_code(info, "Type")),
        gen_date=_if_readable(lambda: time_in(one(info, "GenDate"))),
        sender=_if_readable(lambda: read_party(one(info, "Sender"))),
        receiver=_if_readable(lambda: read_party(one(info, "Receiver"))),
    )


def _add_conversation(info: etree._Element, parent: MsgId, conversation: MsgId) -> None:
    reference = add(info, "ConversationRef")
    add(reference, "RefToParent", parent)
    add(reference, "RefToConversation", conversation)


def _main_content(head: etree._Element, gen_date: datetime) -> etree._Element:
    document = add(head, "Document")
    add(document, "DocumentConnection", V="H", DN="Hoveddokument")
    reference = add(document, "RefDoc")
    add(reference, "IssueDate", V=write_time(gen_date))
    add(reference, "MsgType", V="XML", DN="XML-instans")
    add(reference, "MimeType", "text/xml")
    return add(reference, "Content")


def _check_root(head: etree._Element) -> None:
    if head.tag != f"{{{MSGHEAD}}}MsgHead":
        raise PayloadFault("T10", "/", DocumentCode.NOT_MSGHEAD)


def _info(head: etree._Element) -> etree._Element:
    _check_root(head)
    info = one(head, "MsgInfo")
    version = one(info, "MIGversion")
    # The schema has a fixed value: an empty element has that value (XML Schema part 1, 3.3.4).
    if text(version) not in {"", MIG_VERSION}:
        raise PayloadFault("T10", place(version), DocumentCode.OTHER_VERSION, version=MIG_VERSION)
    return info


def _documents(head: etree._Element) -> tuple[etree._Element, list[etree._Element]]:
    if children(head, "PatientReport"):
        raise PayloadFault("T10", place(head, "PatientReport"), DocumentCode.PATIENT_REPORT)
    references = [one(document, "RefDoc") for document in children(head, "Document")]
    contents = [optional(reference, "Content") for reference in references]
    files, others = [], []
    for reference, content in zip(references, contents, strict=True):
        if content is None or is_file(content):
            files.append(reference)
        else:
            others.append(content)
    if len(files) > MOST_ATTACHMENTS:
        raise PayloadFault("T99", place(head, "Document"), DocumentCode.TOO_MANY_FILES, most=MOST_ATTACHMENTS)
    mains = [_main(content) for content in others]
    if len(mains) != 1:
        raise PayloadFault("T02", place(head, "Document"), DocumentCode.NOT_ONE_MAIN, number=len(mains))
    return mains[0], files


def _main(content: etree._Element) -> etree._Element:
    if len(content) != 1:
        raise PayloadFault("T02", place(content), DocumentCode.NOT_ONE_CONTENT)
    check_dialog(content[0])
    return content[0]


def _if_readable(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except PayloadFault:
        return None
