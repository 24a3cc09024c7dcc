"""A transaction on the in-memory store (engine.ports.UnitOfWork)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from engine.names import OPERATOR, HerId, MessageId, MsgId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event, StoredEvent, Task
from engine.records.messages import (
    Answering,
    AnswerKind,
    Claim,
    ClaimKind,
    ClaimOutcome,
    IncomingMail,
    Kind,
    OutgoingMessage,
)
from engine.records.work import Work, WorkKind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.store import marks
from tests.fakes.store.alarms import MemoryAlarms
from tests.fakes.store.cases import MemoryCases
from tests.fakes.store.channels import MemoryChannels
from tests.fakes.store.clients import MemoryClients
from tests.fakes.store.mailboxes import MemoryMailboxes
from tests.fakes.store.restorations import MemoryRestorations
from tests.fakes.store.tables import QueuedWork, Tables, require_owner

_UNDECIDED = {InboundState.MOTTATT, InboundState.VENTER}
_SET_ASIDE = {InboundState.KARANTENE, InboundState.FORKASTET, InboundState.AVVIST_TRANSPORT}


class MemoryUnitOfWork(MemoryCases, MemoryMailboxes, MemoryClients, MemoryChannels, MemoryAlarms, MemoryRestorations):
    """One transaction; works on its own copy of the tables."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.woke = False

    async def add_inbound(self, owner: HerId, mail: IncomingMail, raw: bytes) -> None:
        """Store a mail and its bytes."""
        require_owner(owner, mail.owner)
        self.tables.inbound[mail.id] = (mail, raw)

    async def inbound(self, owner: HerId, id: UUID) -> IncomingMail | None:
        """Return the mail."""
        found = self._mail(owner, id)
        return found[0] if found else None

    async def raw(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the bytes of a mail."""
        found = self._mail(owner, id)
        return found[1] if found else None

    async def settle_inbound(
        self, owner: HerId, mail: IncomingMail, was: InboundState, raw: bytes | None = None
    ) -> bool:
        """Write the mail if it still is in state `was`."""
        found = self._mail(owner, mail.id)
        if found is None or found[0].state != was:
            return False
        first = found[0]
        kept = replace(mail, header=marks.kept(mail.header), received_at=first.received_at, reduced_at=first.reduced_at)
        self.tables.inbound[mail.id] = (kept, found[1])
        return True

    async def piled(self, owner: HerId, pile: UUID, after: UUID | None, most: int) -> list[IncomingMail]:
        """Return mails of a pile that are in quarantine, by id, those after `after`."""
        mails = (mail for mail, _ in self.tables.inbound.values() if (mail.owner, mail.pile) == (owner, pile))
        found = [mail for mail in mails if mail.state is InboundState.KARANTENE and (after is None or mail.id > after)]
        return sorted(found, key=lambda mail: mail.id)[:most]

    async def undecided(self, owner: HerId, to: Sequence[HerId], since: datetime, most: int) -> list[IncomingMail]:
        """Return mails that came since then and that nobody has decided on, oldest first."""
        found = [
            mail
            for mail, _ in self.tables.inbound.values()
            if mail.owner == owner and mail.kind is None and mail.received_at >= since and _may_be_read(mail, to)
        ]
        return sorted(found, key=lambda mail: (mail.received_at, mail.id))[:most]

    async def unverified(self, owner: HerId, before: datetime, most: int, *, whole: bool) -> list[IncomingMail]:
        """Return decided mails that nobody vouched for, oldest first."""
        rows = [row for row, _ in self.tables.inbound.values() if row.owner == owner and row.received_at < before]
        found = [row for row in rows if _is_junk(row) and (row.reduced_at is None) == whole]
        return sorted(found, key=lambda row: (row.received_at, row.id))[:most]

    async def reduce(self, owner: HerId, id: UUID, head: bytes, at: datetime) -> bool:
        """Keep only the header of a mail."""
        mail = await self.inbound(owner, id)
        if mail is None or not _is_junk(mail) or mail.reduced_at is not None:
            return False
        self.tables.inbound[id] = (replace(mail, reduced_at=at), head)
        return True

    async def forget(self, owner: HerId, id: UUID) -> bool:
        """Remove a reduced mail."""
        mail = await self.inbound(owner, id)
        if mail is None or not _is_junk(mail) or mail.reduced_at is None:
            return False
        del self.tables.inbound[id]
        return True

    async def copies(self, owner: HerId, message_id: MessageId, since: datetime, most: int) -> int:
        """Count the copies of a message since then."""
        rows = [row for row, _ in self.tables.inbound.values() if row.owner == owner and row.received_at >= since]
        copies = [row for row in rows if row.state is InboundState.DUPLIKAT and row.header.message_id == message_id]
        return min(len(copies), most)

    async def saw_mail(self, owner: HerId, mail: IncomingMail, message_id: MessageId, since: datetime) -> bool:
        """Say whether another copy of a mail came since then and was verified."""
        return any(
            (row.owner, row.header.message_id, row.mail_id, row.sha256)
            == (owner, message_id, mail.mail_id, mail.sha256)
            and row.received_at >= since
            and row.kind is not None
            and row.id != mail.id
            for row, _ in self.tables.inbound.values()
        )

    async def add_outbound(self, owner: HerId, message: OutgoingMessage, mime: bytes, document: bytes | None) -> None:
        """Store a message and its bytes."""
        require_owner(owner, message.owner)
        kept = replace(message, header=marks.kept(message.header))
        self.tables.outbound[message.id] = (kept, mime, document)

    async def outbound(self, owner: HerId, id: UUID) -> OutgoingMessage | None:
        """Return the message."""
        found = self._message(owner, id)
        return found[0] if found else None

    async def mime(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the MIME entity."""
        found = self._message(owner, id)
        return found[1] if found else None

    async def keep_partner_word(self, owner: HerId, id: UUID, word: bytes) -> None:
        """Keep the partner's word."""
        if await self.outbound(owner, id) is not None:
            self.tables.words[id] = word

    async def partner_word(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the partner's last word."""
        return self.tables.words.get(id) if await self.outbound(owner, id) is not None else None

    async def document(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the document."""
        found = self._message(owner, id)
        return found[2] if found else None

    async def outbound_by_message_id(self, owner: HerId, message_id: MessageId) -> OutgoingMessage | None:
        """Return our message with this MessageId."""
        found = [message for message in self._messages(owner) if message.header.message_id == message_id]
        return found[0] if found else None

    async def outbound_by_msg_id(self, owner: HerId, msg_id: MsgId) -> list[OutgoingMessage]:
        """Return our business messages with this MsgId, newest first."""
        return [
            message for message in self._messages(owner) if message.msg_id == msg_id and message.kind is Kind.MELDING
        ]

    async def outbound_in(self, owner: HerId, states: Sequence[DeliveryState]) -> list[OutgoingMessage]:
        """Return all of a party's outgoing messages in these states, oldest first."""
        rows = [row for row, *_ in self.tables.outbound.values() if row.owner == owner and row.state in states]
        return sorted(rows, key=lambda row: (row.created_at, row.id))

    async def settle_outbound(self, owner: HerId, message: OutgoingMessage, was: DeliveryState) -> bool:
        """Write what sending changes if the message still is in state `was`."""
        found = self._message(owner, message.id)
        if found is None or found[0].state != was:
            return False
        changed = replace(
            found[0],
            state=message.state,
            deadline=message.deadline,
            attempts=message.attempts,
            sent_at=message.sent_at,
            reason=message.reason,
        )
        self.tables.outbound[message.id] = (changed, *found[1:])
        return True

    async def claim(
        self, owner: HerId, kind: ClaimKind, party: HerId, id: str, digest: bytes, answer: UUID | None, now: datetime
    ) -> Claim:
        """Claim an id for this digest."""
        key = (owner, kind, party, id)
        held = self.tables.ledger.get(key)
        if held is None:
            self.tables.ledger[key] = (digest, Claim(ClaimOutcome.SAME, answer, now))
            return Claim(ClaimOutcome.NEW)
        return replace(held[1], outcome=ClaimOutcome.SAME if held[0] == digest else ClaimOutcome.OTHER)

    async def look_up_claim(self, owner: HerId, kind: ClaimKind, party: HerId, id: str) -> Claim | None:
        """Return the claim on an id."""
        return self.tables.ledger.get((owner, kind, party, id), (b"", None))[1]

    async def set_claim_answer(self, owner: HerId, kind: ClaimKind, party: HerId, id: str, answer: UUID) -> None:
        """Record the answer for duplicates."""
        key = (owner, kind, party, id)
        if key in self.tables.ledger:
            digest, claim = self.tables.ledger[key]
            self.tables.ledger[key] = (digest, replace(claim, answer=answer))

    async def may_answer(
        self, kind: AnswerKind, party: HerId, message_id: str, digest: bytes, now: datetime, most_an_hour: int
    ) -> Answering:
        """Say whether a party may be answered, and count it."""
        key, since = (kind, party, message_id, digest), now - timedelta(hours=1)
        if key in self.tables.refusals:
            return Answering.GIVEN
        sent = sum(1 for (why, to, *_), at in self.tables.refusals.items() if (why, to) == key[:2] and at > since)
        if sent >= most_an_hour:
            return Answering.ENOUGH
        self.tables.refusals[key] = now
        return Answering.DUE

    async def forget_answers(self, before: datetime) -> int:
        """Forget old answers."""
        old = [key for key, at in self.tables.refusals.items() if at < before]
        for key in old:
            del self.tables.refusals[key]
        return len(old)

    async def add_work(self, owner: HerId, kind: WorkKind, subject: UUID, partner: str, due: datetime) -> None:
        """Queue work."""
        key = (owner, kind, subject)
        held = self.tables.work.get(key)
        again = held is not None and held.lease is not None
        self.tables.work[key] = replace(held or QueuedWork(partner, due), due=due, again=again)
        self.woke = True

    async def drop_work(self, owner: HerId, kind: WorkKind, subject: UUID) -> None:
        """Take work out of the queue."""
        self.tables.work.pop((owner, kind, subject), None)

    async def hasten_work(self, owner: HerId, kind: WorkKind, subject: UUID, due: datetime) -> None:
        """Let work that waits for a later time be due then."""
        held = self.tables.work.get((owner, kind, subject))
        if held is not None and held.due > due:
            self.tables.work[owner, kind, subject] = replace(held, due=due)
            self.woke = True

    async def finish_work(self, work: Work) -> bool:
        """Take finished work out of the queue."""
        held = self._held(work)
        if held is None:
            return False
        if held.again:
            self.tables.work[_key(work)] = QueuedWork(held.partner, held.due)
            self.woke = True
        else:
            del self.tables.work[_key(work)]
        return True

    async def put_back_work(self, work: Work, due: datetime) -> bool:
        """Give work back that was not begun."""
        held = self._held(work)
        if held is None:
            return False
        due = min(held.due, due) if held.again else due
        self.tables.work[_key(work)] = QueuedWork(held.partner, due, held.attempts, deaths=held.deaths)
        return True

    async def weight(self, owner: HerId, kind: WorkKind, subject: UUID) -> int:
        """Return the bytes of what work is about."""
        if kind is WorkKind.MOTTA:
            return len(await self.raw(owner, subject) or b"")
        if kind is WorkKind.SEND:
            return len(await self.mime(owner, subject) or b"")
        found = await self.inbox_item(owner, subject) if kind is WorkKind.INNBOKS else None
        return len(found[1]) if found else 0

    async def postpone_work(self, work: Work, due: datetime) -> bool:
        """Give work back, due later."""
        held = self._held(work)
        if held is None:
            return False
        due = min(due, held.due) if held.again else due
        self.tables.work[_key(work)] = QueuedWork(held.partner, due, held.attempts + 1, deaths=held.deaths)
        return True

    async def add_inbox_item(self, owner: HerId, item: ReceivedDocument, document: bytes) -> None:
        """Put a document into an inbox."""
        require_owner(owner, item.owner)
        self.tables.inbox[item.id] = (item, document)

    async def inbox_item(self, owner: HerId, id: UUID) -> tuple[ReceivedDocument, bytes] | None:
        """Return an inbox item with its document."""
        found = self.tables.inbox.get(id)
        return found if found and found[0].owner == owner else None

    async def inbox_item_by_msg_id(
        self, owner: HerId, sender: HerId, msg_id: MsgId
    ) -> tuple[ReceivedDocument, bytes] | None:
        """Return the inbox item whose document bore this MsgId of this sender."""
        wanted = (owner, sender, msg_id)
        found = (row for row in self.tables.inbox.values() if (row[0].owner, row[0].sender, row[0].msg_id) == wanted)
        return next(found, None)

    async def received(self, owner: HerId, receiver: HerId, msg_id: MsgId) -> list[ReceivedDocument]:
        """Return what came into one inbox under a MsgId."""
        rows = (item for item, _ in self.tables.inbox.values())
        found = [row for row in rows if (row.owner, row.receiver, row.msg_id) == (owner, receiver, msg_id)]
        return sorted(found, key=lambda row: row.received_at, reverse=True)

    async def inbox_thread(self, owner: HerId, conversation: MsgId) -> list[ReceivedDocument]:
        """Return what came in one conversation, oldest first."""
        rows = (item for item, _ in self.tables.inbox.values() if item.owner == owner)
        found = [row for row in rows if conversation in {row.msg_id, row.conversation}]
        return sorted(found, key=lambda row: row.received_at)

    async def take_item(self, owner: HerId, id: UUID, by: str, at: datetime) -> ReceivedDocument | None:
        """Note who took an item first."""
        found = await self.inbox_item(owner, id)
        if found is None:
            return None
        item = found[0] if found[0].taken_at else replace(found[0], taken_at=at, taken_by=by)
        self.tables.inbox[id] = (item, found[1])
        return item

    async def mark_exported(self, owner: HerId, id: UUID, at: datetime) -> None:
        """Note that the item stands in the folder."""
        if found := await self.inbox_item(owner, id):
            self.tables.inbox[id] = (replace(found[0], exported_at=at), found[1])

    async def open_task(self, owner: HerId, task: Task) -> bool:
        """Open a task, one a subject and cause."""
        require_owner(owner, task.owner)
        for open in self._open_tasks(owner, task.subject):
            if open.cause == task.cause:
                if task.latest is not None:
                    self.tables.tasks[open.id] = replace(open, count=open.count + 1, latest=task.latest)
                return False
        self.tables.tasks[task.id] = task
        return True

    async def task(self, owner: HerId, id: UUID) -> Task | None:
        """Return an open task."""
        found = self.tables.tasks.get(id)
        return found if found and (found.owner, found.done_at) == (owner, None) else None

    async def close_task(self, owner: HerId, id: UUID, at: datetime, by: str, outcome: str) -> bool:
        """Close an open task."""
        task = self.tables.tasks.get(id)
        if task is None or task.owner != owner or task.done_at:
            return False
        self.tables.tasks[id] = replace(task, done_at=at, done_by=by, outcome=outcome)
        return True

    async def close_tasks_of(self, owner: HerId, subject: UUID, at: datetime, outcome: str) -> int:
        """Close every open task of a subject."""
        closing = self._open_tasks(owner, subject)
        return len([await self.close_task(owner, task.id, at, "motor", outcome) for task in closing])

    async def log(self, owner: HerId, event: Event) -> None:
        """Append to the event log."""
        self.tables.events.append(StoredEvent(len(self.tables.events) + 1, owner, event))

    def _mail(self, owner: HerId, id: UUID) -> tuple[IncomingMail, bytes] | None:
        found = self.tables.inbound.get(id)
        return found if found and found[0].owner == owner else None

    def _message(self, owner: HerId, id: UUID) -> tuple[OutgoingMessage, bytes, bytes | None] | None:
        found = self.tables.outbound.get(id)
        return found if found and found[0].owner == owner else None

    def _messages(self, owner: HerId) -> list[OutgoingMessage]:
        found = [message for message, *_ in self.tables.outbound.values() if message.owner == owner]
        return sorted(found, key=lambda message: message.created_at, reverse=True)

    def _open_tasks(self, owner: HerId, subject: UUID) -> list[Task]:
        tasks = self.tables.tasks.values()
        return [task for task in tasks if (task.owner, task.subject, task.done_at) == (owner, subject, None)]

    def _held(self, work: Work) -> QueuedWork | None:
        held = self.tables.work.get(_key(work))
        return held if held and held.lease == work.lease else None


def _key(work: Work) -> tuple[HerId, WorkKind, UUID]:
    return work.owner, work.kind, work.subject


def _may_be_read(mail: IncomingMail, to: Sequence[HerId]) -> bool:
    if mail.state in _UNDECIDED:
        return mail.header.from_her is None or mail.header.to_her in to
    return mail.state is InboundState.KARANTENE and mail.owner == OPERATOR and mail.header.to_her in to


def _is_junk(mail: IncomingMail) -> bool:
    return not mail.verified and mail.state in _SET_ASIDE
