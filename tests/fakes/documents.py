"""Business documents that a partner could write: a plain dialog message, and AppRecs about ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from engine.names import HerId, MsgId
from engine.payload.apprec import ApprecError, build_apprec
from engine.payload.deviation_xml import read_deviation
from engine.payload.main_text import notat_of
from engine.payload.msghead import build_msghead
from engine.payload.party import DocumentParty, Unit
from engine.routing.parties import PartyKind, Registry
from tests.fakes.clock import START
from tests.fakes.parties import GP_SERVICE, LEVANGER_SERVICE, registry
from tests.fakes.surroundings import CARRIERS, DEVIATION


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
        attachments=[],
        test=True,
    )


def apprec(
    about: str,
    sender: HerId,
    receiver: HerId,
    status: Literal[1, 2, 3] = 1,
    errors: Sequence[ApprecError] = (),
    version: Literal["1.0", "1.1"] = "1.1",
) -> bytes:
    """Return an AppRec about a document."""
    return build_apprec(
        version,
        id=MsgId(f"kvittering-{about}"),
        gen_date=START,
        sender=party(sender),
        receiver=party(receiver),
        status=status,
        errors=errors,
        original_type="DIALOG_HELSEFAGLIG",
        original_gen_date=START,
        original_msg_id=MsgId(about),
        software_version="1",
    )
