"""What a record system does over HTTP: look into its party's inbox, take what is there, and say its word on it.

A client sees the one inbox of its party and nothing else: what is not there is None, whoever else may have it. Words
are heard as those that stand in files (engine.record_system.taking): the same checks, the same refusals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.casework.feedback_sent import send_back
from engine.codes.record_system import RecordSystemCode
from engine.commit.actor import System
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.errors import APPREC_ERRORS, PayloadFault, Refused
from engine.inbox.repeats import Repeat, repeat_of
from engine.outbound.outgoing import Status, apprec_document
from engine.payload.apprec import ApprecError
from engine.payload.elements import root_kind
from engine.payload.feedback_code import FeedbackCode
from engine.payload.msghead import read_identity
from engine.payload.national_numbers import holds_national_number
from engine.record_system.taking import take_word
from engine.record_system.word import WordResult
from engine.records.inbox import Client, ReceivedDocument
from engine.records.log import Action
from engine.register.parties import InboxKind
from engine.states.role import SystemRole

MOST_ON_A_PAGE = 100
LONGEST_DETAIL = 2_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A document in the client's inbox, and whether it may have been given before."""

    item: ReceivedDocument
    document: bytes
    repeat: Repeat = Repeat.NO


async def client_of(ports: Ports, token: bytes) -> Client | None:
    """Return the client whose token has this SHA-256, None for nobody.

    One whose party is no longer served here, or reads elsewhere now, is nobody.
    """
    async with ports.store.begin() as uow:
        client = await uow.client_of_token(token)
    if client is None or ports.policy.owner_of(client.her) != client.owner:
        return None
    return client if ports.policy.registry.get(client.her).inbox is InboxKind.API else None


async def waiting(ports: Ports, client: Client, after: UUID | None, most: int) -> list[tuple[ReceivedDocument, Repeat]]:
    """Return what nobody has taken from the client's inbox, oldest first, at most a hundred.

    With each stands whether it may have been given before.
    """
    items = await ports.store.untaken(client.owner, client.her, after, min(most, MOST_ON_A_PAGE))
    async with ports.store.begin() as uow:
        restored = await uow.last_restored()
    return [(item, repeat_of(item, restored)) for item in items]


async def stored(ports: Ports, client: Client, id: UUID) -> Stored | None:
    """Return a document of the client's inbox, taken or not; None where there is none of that id."""
    async with ports.store.begin() as uow:
        found, restored = await uow.inbox_item(client.owner, id), await uow.last_restored()
    if found is None or found[0].receiver != client.her:
        return None
    return Stored(*found, repeat_of(found[0], restored))


async def take(ports: Ports, client: Client, id: UUID) -> ReceivedDocument | None:
    """Note that the client has a document safely on its side; None where there is none of that id.

    The first one counts: the item says who that was, and when.
    """
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        found = await uow.inbox_item(client.owner, id)
        if found is None or found[0].receiver != client.her:
            return None
        item = await uow.take_item(client.owner, id, client.name, now)
        if item is not None and found[0].taken_at is None and item.taken_by == client.name:
            data = {"client": client.name, "item": str(id)}
            commit = Commit(uow, ports, now, System(SystemRole.FAGSYSTEM, client.her))
            await commit.log(client.owner, item.inbound, Action.TAKEN, data)
        return item


async def say_apprec(
    ports: Ports, client: Client, found: Stored, status: Status, errors: Sequence[tuple[str, str]]
) -> WordResult:
    """Let the record system say AppRec 1, 2 or 3 about a document; `errors` are codes of 8221 with a detail each.

    Raises Refused where status and errors do not go together, a code is unknown or a detail may not be sent.
    """
    _check_errors(status, errors)
    item, identity = found.item, read_identity(found.document)
    made_at = (identity.gen_date if identity else None) or item.received_at
    word = apprec_document(
        ports,
        "1.1",
        ports.policy.document_party(item.addressed_to),
        ports.policy.document_party(item.sender),
        status,
        [ApprecError(code, detail) for code, detail in errors],
        (item.msg_id, item.message_type, made_at),
        ports.clock.now(),
    )
    return await take_word(ports, client.her, word, about=item.id)


async def send_back_item(ports: Ports, client: Client, found: Stored, code: FeedbackCode, text: str) -> None:
    """Send a document back to its sender, saying what is wrong with it (HIS 1151). Raises Refused as people are."""
    await send_back(ports, found.item, code, text, System(SystemRole.FAGSYSTEM, client.her))


async def reply(ports: Ports, client: Client, found: Stored, data: bytes) -> WordResult:
    """Send the record system's own document (a MsgHead) on, in answer to one that it received.

    Raises Refused as `take_word` does, and where it answers another document or is an AppRec.
    """
    try:
        is_apprec = root_kind(data) == "apprec"
    except PayloadFault:
        is_apprec = False  # who reads it whole says what is wrong with it
    if is_apprec:
        raise Refused(RecordSystemCode.APPREC_HAS_ITS_ADDRESS)
    return await take_word(ports, client.her, data, about=found.item.id)


def _check_errors(status: int, errors: Sequence[tuple[str, str]]) -> None:
    if (status == 1) == bool(errors):
        raise Refused(RecordSystemCode.STATUS_AND_ERRORS)
    for code, detail in errors:
        if code not in APPREC_ERRORS:
            raise Refused(RecordSystemCode.UNKNOWN_CODE)
        if len(detail) > LONGEST_DETAIL:
            raise Refused(RecordSystemCode.DETAIL_TOO_LONG, most=LONGEST_DETAIL)
        if holds_national_number(detail):
            raise Refused(RecordSystemCode.NUMBER_IN_DETAIL)
