"""The files of a document that came, between its assessment and the decision: are they free of viruses?

Asking the scanner takes time, so it is done in no transaction. It is asked only about what a verified sender wrote,
and only once: a copy of what was claimed before is answered without it.
"""

from datetime import datetime

from engine.casework.following import again_for_open_case
from engine.codes.document import DocumentCode
from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE
from engine.commit.mail import MailCommit
from engine.commit.ports import Ports
from engine.errors import PayloadFault, Unavailable
from engine.files.name import clean_name
from engine.outbound.attachments import infected
from engine.payload.msghead import read_identity
from engine.records.messages import ClaimKind
from engine.records.work import Work
from engine.verdict.kinds import DocumentRefused, DocumentTaken, Verdict, Wait

INFECTED = "X99"


async def scanned(ports: Ports, work: Work, found: Verdict, now: datetime) -> Verdict:
    """Return what a mail amounts to, its place in a thread and what the scanner says of its files included.

    A document with a virus is DocumentRefused, one that no scanner could look at waits.
    """
    if isinstance(found, DocumentRefused):
        found = await _in_thread(ports, work, found, now)
    if not isinstance(found, DocumentTaken) or ports.scanner is None or await _is_known(ports, found):
        return found
    try:
        virus = await infected(ports, found.head.attachments)
    except Unavailable as error:
        return Wait(str(error), found.envelope.header)
    return found if virus is None else _refused(found, *virus)


async def _in_thread(ports: Ports, work: Work, found: DocumentRefused, now: datetime) -> Verdict:
    async with ports.store.begin() as uow:
        mail = await uow.inbound(work.owner, work.subject)
        return found if mail is None else await again_for_open_case(MailCommit(uow, ports, now, ENGINE, mail), found)


async def _is_known(ports: Ports, found: DocumentTaken) -> bool:
    """Say whether its MessageId was claimed: it was decided before, and will be told for a copy or a forgery of it."""
    envelope = found.envelope
    async with ports.store.begin() as uow:
        claim = await uow.look_up_claim(found.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id)
    return claim is not None


def _refused(found: DocumentTaken, number: int, virus: str) -> DocumentRefused:
    file = found.head.attachments[number - 1]
    # The sender may read its file's name, our log may not: a name is free text.
    fault = PayloadFault(INFECTED, file.place, DocumentCode.INFECTED, number=number, virus=virus)
    named = Statement.of(DocumentCode.INFECTED_FILE, number=number, name=clean_name(file.name), virus=virus)
    return DocumentRefused(
        found.owner,
        found.reading,
        found.signed,
        found.envelope,
        fault,
        read_identity(found.document),
        notes=found.notes,
        told=named,
        task=str(Statement.of(InboundCode.INFECTED_TASK, virus=virus)),
    )
