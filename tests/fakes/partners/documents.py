"""Business documents that a partner could write: a plain dialog message, and AppRecs about ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from engine.deviation.fields import MIME_TYPE, Answer
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUp, FollowUpKind, write_follow_up
from engine.deviation.text import notat_of
from engine.deviation.xml import read_deviation
from engine.names import HerId, MsgId
from engine.payload.apprec import ApprecError, build_apprec
from engine.payload.attachment import Attachment
from engine.payload.dialog import Notat
from engine.payload.msghead import build_msghead
from engine.payload.party import DocumentParty, Unit
from engine.register.parties import PartyKind, Registry
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE, registry
from tests.fakes.world.surroundings import CARRIERS, DEVIATION


def party(her: HerId, register: Registry | None = None) -> DocumentParty:
    """Return a party as a document names it; one that no register knows gets a name of its own."""
    line = (register or registry()).line(her)
    if not line:
        return DocumentParty("Ukjent", her)
    own, top = line[0], line[-1]
    kind: Literal["person", "organisation"] = "person" if own.kind is PartyKind.PERSON else "organisation"
    return DocumentParty(
        top.name, top.her, top.organisation_number, None if own is top else Unit(own.name, own.her, kind)
    )


def document(
    sender: HerId = GP_SERVICE,
    receiver: HerId = LEVANGER_SERVICE,
    msg_id: str = "dokument-1",
    *,
    carrier: str = "samvik-1",
    conversation: str | None = None,
    attachments: Sequence[Attachment] = (),
    at: datetime = START,
) -> bytes:
    """Return a MsgHead with the example deviation as text."""
    return build_msghead(
        CARRIERS[carrier],
        msg_id=MsgId(msg_id),
        gen_date=at,
        sender=party(sender),
        receiver=party(receiver),
        conversation=(MsgId(conversation), MsgId(conversation)) if conversation else None,
        notat=notat_of(read_deviation(DEVIATION), "nb"),
        attachments=attachments,
        test=True,
    )


def apprec(
    about: str,
    sender: HerId,
    receiver: HerId,
    status: Literal[1, 2, 3] = 1,
    errors: Sequence[ApprecError] = (),
    version: Literal["1.0", "1.1"] = "1.1",
    at: datetime = START,
) -> bytes:
    """Return an AppRec about a document."""
    return build_apprec(
        version,
        id=MsgId(f"kvittering-{about}"),
        gen_date=at,
        sender=party(sender),
        receiver=party(receiver),
        status=status,
        errors=errors,
        original_type="DIALOG_HELSEFAGLIG",
        original_gen_date=START,
        original_msg_id=MsgId(about),
        software_version="1",
    )


def reply(
    thread: str,
    msg_id: str = "svar-1",
    *,
    parent: str | None = None,
    sender: HerId = LEVANGER_SERVICE,
    receiver: HerId = GP_SERVICE,
    text: str = "Vi har sett på dette.",
    carrier: str = "samvik-1",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return a plain answer as a record system writes it, in the thread of a first message."""
    return build_msghead(
        CARRIERS[carrier],
        msg_id=MsgId(msg_id),
        gen_date=START,
        sender=party(sender),
        receiver=party(receiver),
        conversation=(MsgId(parent or thread), MsgId(thread)),
        notat=Notat("Svar på avvik", text, "", None),
        attachments=attachments,
        test=True,
    )


def follow_up(kind: FollowUpKind) -> Attachment:
    """Return our structured attachment of a kind, as a record system with Samvik inside writes it."""
    answer = Answer("Vi beklager.") if kind in {FollowUpKind.SVAR, FollowUpKind.FORELOPIG_SVAR} else None
    content = write_follow_up(FollowUp(kind, "AVVIK-2026-000001", "Saksbehandling", "", answer))
    return Attachment(FOLLOW_UP_FILE, MIME_TYPE, content)
