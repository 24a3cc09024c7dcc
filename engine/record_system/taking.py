"""AppRecs and replies that a party's record system (EPJ) hands in, in files or over HTTP.

A document is taken whole or not at all, in one commit, and taking it again changes nothing. The file that it came in is
deleted only after that commit. Who may say what is in engine.record_system.apprecs and engine.record_system.replies.
"""

from uuid import UUID

from engine.codes.party import PartyCode
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.commit.actor import System
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.commit.tasks import call_off, call_once
from engine.conformance.privacy_of_documents import check_outgoing
from engine.errors import PayloadFault, Refused
from engine.files.name import shown_name
from engine.names import HerId
from engine.outbound.attachments import check_clean
from engine.payload.apprec import AppRec, read_apprec
from engine.payload.elements import root_kind
from engine.payload.msghead import MsgHead, read_msghead
from engine.record_system.apprecs import take_apprec
from engine.record_system.replies import take_reply
from engine.record_system.word import RecordSystemCommit, WordResult
from engine.records.log import TaskCause
from engine.register.parties import InboxKind
from engine.states.role import SystemRole

ALWAYS_OFF = 2**40
"""More than any file: what a record system leaves is read off the loop however small, since all of it is searched."""


def folder_parties(policy: Policy) -> list[HerId]:
    """Return the parties served here whose record system reads and writes in a folder."""
    with_folder = (party.her for party in policy.registry.all() if party.inbox is InboxKind.FOLDER)
    return [her for her in with_folder if policy.owner_of(her) is not None]


async def take_word(ports: Ports, her: HerId, data: bytes, about: UUID | None = None) -> WordResult:
    """Take one word of the record system of the party `her`: an AppRec 1.0 or 1.1, or a MsgHead that replies.

    When this returns, what follows is committed, or was before. Raises Refused, with a sentence that repeats nothing
    of the content, where it cannot be used, or is about another inbox item than `about`; OwnFault or Unavailable where
    it can be tried again. Nothing has then changed.
    """
    owner = ports.policy.owner_of(her)
    if owner is None:
        raise Refused(PartyCode.NOT_SERVED, her_id=her)
    word = await ports.offload.run(max(len(data), ALWAYS_OFF), lambda: _read(data))
    if isinstance(word, MsgHead):
        await check_clean(ports, word.attachments, named=False)
    async with ports.store.begin() as uow:
        commit = RecordSystemCommit(uow, ports, ports.clock.now(), System(SystemRole.FAGSYSTEM, her), owner, her, about)
        if isinstance(word, AppRec):
            return await take_apprec(commit, word, data)
        return await take_reply(commit, word, data)


async def set_aside(ports: Ports, her: HerId, file: str, reason: Statement | str) -> UUID:
    """Show the operations desk a file that cannot be used, once for as long as its task is open; return its id.

    `file` tells the file from every other of this party, and is not shown. `reason` is ours, and holds no content.
    """
    said = Statement.of(RecordSystemCode.BAD_FILE, her_id=her, reason=reason)
    return await _call_about(ports, her, file, TaskCause.BAD_FILE, said, reason)


async def call_about(ports: Ports, her: HerId, file: str, reason: Statement | str) -> UUID:
    """Show the operations desk a file that is tried again, once for as long as its task is open; return its id."""
    said = Statement.of(RecordSystemCode.FILE_WAITS, her_id=her, reason=reason)
    return await _call_about(ports, her, file, TaskCause.FILE_WAITS, said, reason)


async def call_about_name(ports: Ports, her: HerId, file: str, name: str) -> UUID:
    """Show the operations desk what lies in out/ and is not taken; return the id of its task.

    The name stands in the task alone and in no log: it may be a person's.
    """
    said = Statement.of(RecordSystemCode.NAME_NOT_TAKEN, her_id=her, name=shown_name(name))
    return await _call_about(ports, her, file, TaskCause.FILE_WAITS, said, "")


async def _call_about(
    ports: Ports, her: HerId, file: str, cause: TaskCause, said: Statement, reason: Statement | str
) -> UUID:
    actor = System(SystemRole.FAGSYSTEM, her)
    return await call_once(ports, her, f"{her}/{file}", cause, str(said), str(actor), str(reason))


async def close_call(ports: Ports, her: HerId, file: str) -> None:
    """Close what `call_about` showed: the file was taken."""
    await call_off(ports, her, f"{her}/{file}")


def _read(data: bytes) -> AppRec | MsgHead:
    try:
        if root_kind(data) == "apprec":
            apprec = read_apprec(data)
            check_outgoing(data)
            return apprec
        head = read_msghead(data)
        check_outgoing(data, head.attachments)
    except PayloadFault as fault:
        raise Refused(
            RecordSystemCode.UNREADABLE, detail=fault.said, fault=fault.code, location=fault.location
        ) from None
    return head
