"""Read a case as its two sides wrote it: every message of its thread, in the order that they were sent or came.

What is read is content: only the roles that work with the case may, and the look is logged before anything is shown.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.case.record import Case
from engine.casework.steps import look
from engine.commit.actor import Person
from engine.commit.ports import Ports
from engine.deviation.fields import Deviation
from engine.names import HerId
from engine.payload.msghead import read_msghead
from engine.ports import UnitOfWork
from engine.records.channels import Letter
from engine.records.log import Action


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a thread: when it was queued or came (UTC), whose it is, its subject and its text.

    It holds nothing of the patient that a plain message may name in its head; see engine.casework.originals.
    """

    at: datetime
    by: HerId
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case, what the deviation says, what was said in its thread after it, and our files that go along.

    `files` are names and types of our files; those that the other side sent are in the inbox.
    """

    case: Case
    deviation: Deviation
    thread: tuple[Spoken, ...]
    files: tuple[tuple[str, str], ...] = ()
    letters: tuple[Letter, ...] = ()


async def read_case(ports: Ports, who: Person, number: str) -> CaseRead:
    """Return a case with everything that was said in it; who looked is logged.

    Raises Refused for a role that may not read cases, and where there is no such case here.
    """
    case, deviation = await look(ports, who, number)
    events = await ports.store.timeline(case.owner, case.id)
    sent = [UUID(each.event.data["message"]) for each in events if each.event.action == Action.MESSAGE_SENT]
    async with ports.store.begin() as uow:
        thread = [*await _ours(uow, case, sent), *await _theirs(uow, case)]
        letters = tuple(await uow.letters_of(case.owner, case.id))
        files = tuple((file.name, file.mime_type) for file in await uow.case_files(case.owner, case.id))
    return CaseRead(case, deviation, tuple(sorted(thread, key=lambda each: each.at)), files, letters)


async def _ours(uow: UnitOfWork, case: Case, sent: list[UUID]) -> list[Spoken]:
    spoken: list[Spoken] = []
    for id in sent:
        message, document = await uow.outbound(case.owner, id), await uow.document(case.owner, id)
        if message is not None and document is not None and message.id != case.delivery:
            spoken.append(_spoken(message.created_at, case.our_her, document))
    return spoken


async def _theirs(uow: UnitOfWork, case: Case) -> list[Spoken]:
    if case.first_msg_id is None:
        return []
    spoken: list[Spoken] = []
    for item in await uow.inbox_thread(case.owner, case.first_msg_id):
        found = await uow.inbox_item(case.owner, item.id)
        # The first message of the thread is the deviation itself, which is shown field by field.
        if found is not None and item.msg_id != case.first_msg_id:
            spoken.append(_spoken(item.received_at, item.sender, found[1]))
    return spoken


def _spoken(at: datetime, by: HerId, document: bytes) -> Spoken:
    dialog = read_msghead(document).dialog
    return Spoken(at, by, dialog.tema, dialog.text)
