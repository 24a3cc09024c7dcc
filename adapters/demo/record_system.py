"""The record systems (EPJ) of the story: one that knows nothing of Samvik, and one that reads and writes folders."""

import os
from pathlib import Path
from uuid import uuid4

from lxml import etree

from adapters.demo.stage import Player
from engine.agreements.terms import WITHOUT_CPA
from engine.msh.writing import Addressing
from engine.names import ConversationId, HerId, MsgId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_document
from engine.payload.apprec import build_apprec
from engine.payload.dialog import Notat
from engine.payload.elements import MSGHEAD
from engine.payload.msghead import build_msghead, read_msghead
from engine.records.messages import OutgoingMessage

PATIENT = ("Nordmann", "Solveig", "15820250068")
"""Family name, given name and number of an invented patient; the number is synthetic (month + 80)."""


async def write_plain(player: Player, sender: HerId, receiver: HerId, subject: str, text: str) -> OutgoingMessage:
    """Send a plain dialog message with a patient, as a GP's record system does that knows nothing of Samvik."""
    ports = player.node.ports
    now, carrier = ports.clock.now(), ports.policy.carriers["dialog-1.0"]
    document = with_patient(_dialog(player, sender, receiver, subject, text, None))
    owner = ports.policy.registry.root(sender) or sender
    # Not as Samvik composes: that would rightly refuse the patient.
    to = Addressing(
        from_her=ports.policy.registry.envelope_party(sender, 2),
        to_her=ports.policy.registry.envelope_party(receiver, 2),
        from_role=carrier.sender_role,
        to_role=carrier.receiver_role,
        cpa_id=WITHOUT_CPA,
        conversation_id=ConversationId(str(uuid4())),
        service=carrier.service,
        action=carrier.action,
    )
    draft = draft_document(
        ports, owner, to, document, read_msghead(document).msg_id, (sender, receiver), now, shown=False
    )
    async with ports.store.begin() as uow:
        return await queue(uow, ports.policy, draft, now)


def with_patient(document: bytes) -> bytes:
    """Return a message with the patient whom it is about, where the standard puts it: after the receiver."""
    head = etree.fromstring(document)
    receiver = head.find(f".//{{{MSGHEAD}}}Receiver")
    assert receiver is not None  # noqa: S101 we wrote it
    family, given, number = PATIENT
    patient = etree.fromstring(
        f'<Patient xmlns="{MSGHEAD}"><FamilyName>{family}</FamilyName><GivenName>{given}</GivenName>'
        f'<Ident><Id>{number}</Id><TypeId V="FNR" S="2.16.578.1.12.4.1.1.8116" DN="Fødselsnummer"/></Ident></Patient>'
    )
    receiver.addnext(patient)
    return etree.tostring(head, xml_declaration=True, encoding="UTF-8")


def write_receipt(player: Player, received: Path, reader: HerId) -> None:
    """Let the record system say OK to a message that it found in its folder: an AppRec in `out`."""
    head = read_msghead((received / "document.xml").read_bytes())
    ports = player.node.ports
    carrier = ports.policy.carriers["samvik-1"]
    apprec = build_apprec(
        carrier.apprec_version,
        id=MsgId(str(uuid4())),
        gen_date=ports.clock.now(),
        sender=ports.policy.document_party(reader),
        receiver=ports.policy.document_party(head.sender_her),
        status=1,
        errors=[],
        original_type=head.type,
        original_gen_date=head.gen_date,
        original_msg_id=head.msg_id,
        software_version="EPJ 1",
    )
    _put_out(player, reader, "kvittering.xml", apprec)


def write_reply(player: Player, received: Path, reader: HerId, text: str) -> None:
    """Let the record system answer a message that it found in its folder: a plain dialog message in `out`."""
    head = read_msghead((received / "document.xml").read_bytes())
    thread = (head.msg_id, head.conversation or head.msg_id)
    _put_out(player, reader, "svar.xml", _dialog(player, reader, head.sender_her, "Svar på avvik", text, thread))


def _put_out(player: Player, reader: HerId, name: str, document: bytes) -> None:
    """Write a file where nobody looks, then rename it in: whoever reads `out` sees all of it or nothing."""
    out = player.engine.settings.inbox_dir / reader / "out"
    draft = out / f".{name}.part"
    draft.write_bytes(document)
    os.replace(draft, out / name)


def _dialog(
    player: Player,
    sender: HerId,
    receiver: HerId,
    subject: str,
    text: str,
    thread: tuple[MsgId, MsgId] | None,
) -> bytes:
    ports = player.node.ports
    return build_msghead(
        ports.policy.carriers["dialog-1.0"],
        msg_id=MsgId(str(uuid4())),
        gen_date=ports.clock.now(),
        sender=ports.policy.document_party(sender),
        receiver=ports.policy.document_party(receiver),
        conversation=thread,
        notat=Notat(tema=subject, text=text, dok_id=""),
        attachments=[],
        test=ports.policy.test,
    )
