"""Gathers all that belongs to one message or one case: related messages, events, tasks, and who looked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from adapters.store.lists import made_at
from adapters.store.looking import Looking
from adapters.store.postgres import PostgresStore
from engine.case.record import Case
from engine.names import OPERATOR, HerId
from engine.operations.overview import LOOKS
from engine.records.log import Action, Event, StoredEvent, Task
from engine.records.messages import IncomingMail, OutgoingMessage

MOST_RELATED = 40
Row = IncomingMail | OutgoingMessage
Logged = tuple[Row | None, StoredEvent]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, and the related message that it happened to; None for the subject itself."""

    event: Event
    about: Row | None = None


@dataclass(frozen=True, slots=True)
class MessageStory:
    """Everything about one message."""

    row: Row
    related: list[Row]
    happened: list[Happened]
    looks: list[Event]
    tasks: list[Task]
    word: str
    cases: list[str]


@dataclass(frozen=True, slots=True)
class CaseStory:
    """Everything about one case that is not encrypted."""

    case: Case
    messages: list[Row]
    happened: list[Happened]
    looks: list[Event]
    tasks: list[Task]


async def message_story(store: PostgresStore, owners: Sequence[HerId], id: UUID) -> MessageStory | None:
    """Return the story of a message, None when none of these owners has it."""
    for owner in owners:
        async with store.reading_as(owner) as looking:
            row = next((row for row in await looking.find(owner, str(id)) if row.id == id), None)
            if row is None:
                continue
            related = await _related(looking, owner, row)
            events: list[Logged] = [(None, stored) for stored in await looking.timeline(owner, id)]
            events += [(each, stored) for each in related for stored in await looking.timeline(owner, each.id)]
            tasks = await looking.tasks_about(owner, id, row.pile if isinstance(row, IncomingMail) else None)
            word = await looking.partner_word(owner, id)
            cases = await looking.cases_of(owner, [row, *related])
        events += await _before_its_owner_was_known(store, owner, row, related)
        return MessageStory(row, related, _in_order(events), _looks(events), tasks, word, cases)
    return None


async def case_story(store: PostgresStore, owner: HerId, text: str) -> CaseStory | None:
    """Return the story of a case by its number or own id, None when the owner has no such case."""
    async with store.reading_as(owner) as looking:
        found = await looking.find_cases(owner, text, least=len(str(UUID(int=0))))
        case = next((case for case in found if text.upper() == case.number or text == str(case.id)), None)
        if case is None:
            return None
        own = await looking.timeline(owner, case.id)
        messages = await looking.thread(owner, case, _named(own, case))
        events: list[Logged] = [(None, stored) for stored in own if stored.event.action != Action.MESSAGE_SENT]
        events += [(row, stored) for row in messages for stored in await looking.timeline(owner, row.id)]
        tasks = await looking.tasks_about(owner, case.id)
    looks = _looks([(None, stored) for stored in own])
    return CaseStory(case, messages, _in_order(events), looks, tasks)


async def _related(looking: Looking, owner: HerId, row: Row) -> list[Row]:
    """Return the messages linked to one by MessageId, RefToMessageId or MsgId, and those linked to them; by time."""
    known: dict[UUID, Row] = {row.id: row}
    asked: set[str] = set()
    waiting = [row]
    while waiting and len(known) < MOST_RELATED:
        one = waiting.pop(0)
        for text in (one.header.message_id, one.header.ref_to, one.msg_id):
            if not text or text in asked:
                continue
            asked.add(text)
            found = [other for other in await looking.find(owner, text) if _tied(other, text)]
            new = [other for other in found if other.id not in known]
            known |= {other.id: other for other in new}
            waiting += new
    related = [other for id, other in known.items() if id != row.id]
    return sorted(related[:MOST_RELATED], key=made_at)


def _tied(row: Row, text: str) -> bool:
    """True when two messages share more than the conversation, since a case's thread has its own page."""
    return text in {row.header.message_id, row.header.ref_to, row.msg_id}


async def _before_its_owner_was_known(
    store: PostgresStore, owner: HerId, row: Row, related: Iterable[Row]
) -> list[Logged]:
    """Return the events of mails from before their owner was known; these are logged with owner OPERATOR."""
    if owner == OPERATOR:
        return []
    mails = [each for each in (row, *related) if isinstance(each, IncomingMail)]
    async with store.reading_as(OPERATOR) as looking:
        return [
            (None if mail.id == row.id else mail, stored)
            for mail in mails
            for stored in await looking.timeline(OPERATOR, mail.id)
        ]


def _named(events: Iterable[StoredEvent], case: Case) -> list[UUID]:
    """Return the messages that a case's events name, and the message that carried its deviation."""
    told = [stored.event.data.get("message", "") for stored in events if stored.event.action == Action.MESSAGE_SENT]
    return [UUID(text) for text in told] + ([case.delivery] if case.delivery else [])


def _in_order(events: Iterable[Logged]) -> list[Happened]:
    kept = [(row, stored) for row, stored in events if stored.event.action not in LOOKS]
    # By number, which follows the order of commits. Times do not: they are read before a row is locked.
    ordered = sorted(kept, key=lambda each: each[1].id)
    return [Happened(stored.event, row) for row, stored in ordered]


def _looks(events: Iterable[Logged]) -> list[Event]:
    """Return who looked at the subject itself, the latest first."""
    looks = [stored for row, stored in events if row is None and stored.event.action in LOOKS]
    return [stored.event for stored in sorted(looks, key=lambda each: each.id, reverse=True)]
