"""Signed notices to record systems: a document has come that they may take.

A notice is queued in the commit that puts the document into the inbox, and tried until it is taken there, the document
has been taken, or the client wants to hear no more. It says ids, codes and a time, and nothing of the content.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.codes.operations import OperationsCode
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.move import LogLine, NewTask
from engine.commit.ports import Ports
from engine.commit.tasks import DESK_DEADLINE
from engine.inbox.repeats import Repeat, repeat_of
from engine.msh.retry import next_smtp_try
from engine.outbound.partner_slots import Sign
from engine.ports import UnitOfWork, WebhookReply, Webhooks
from engine.records.inbox import Client, Notice, ReceivedDocument, Webhook
from engine.records.log import Action, TaskCause
from engine.records.work import Work, WorkKind
from engine.states.role import Role

TROUBLE_TRIES = 5
"""Tries in a row that a webhook may fail before a person is called: about a quarter of an hour."""
GONE = 410


async def queue_notices(uow: UnitOfWork, ports: Ports, item: ReceivedDocument, now: datetime) -> None:
    """Queue a notice about a document to every client of its party that has a webhook."""
    for client in await uow.clients_to_tell(item.owner, item.receiver):
        notice = Notice(ports.ids.new(), item.owner, client, item.id, now)
        await uow.add_notice(item.owner, notice)
        await uow.add_work(item.owner, WorkKind.VARSEL, notice.id, str(client), now)


async def notify(work: Work, ports: Ports, webhooks: Webhooks) -> Sign:
    """Give one notice, signed at this time; what came of it is committed, and what it says of the client returned."""
    async with ports.store.begin() as uow:
        found = await _wanted(uow, work)
        if found is None:
            await uow.drop_notice(work.owner, work.subject)
            await uow.finish_work(work)
            return Sign.NOTHING
    client, webhook, item, repeat = found
    body = notice_body(work.subject, item, repeat, webhooks.base)
    headers = {"Samvik-Id": str(work.subject), **signed(body, webhook.secret, ports.clock.now())}
    reply = await webhooks.post(webhook.url, headers, body)
    async with ports.store.begin() as uow:
        return await _record(uow, ports, work, client, item, reply)


def notice_body(notice: UUID, item: ReceivedDocument, repeat: Repeat, base: str) -> bytes:
    """Return what a notice says, in JSON; `base` is where this engine is reached, without a slash at its end.

    The notice's own id stands inside, where the signature covers it: one that is repeated can be told.
    """
    said = {
        "notice_id": str(notice),
        "id": str(item.id),
        "msg_id": item.msg_id,
        "receiver_her": item.receiver,
        "message_type": item.message_type,
        "received_at": item.received_at.isoformat(),
        "repeat": repeat.value,
        "url": f"{base}/api/v1/inbox/{item.id}",
    }
    return json.dumps(said, ensure_ascii=False).encode()


def signed(body: bytes, secret: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that show when and by whom a body was sent: HMAC-SHA256 over `TIMESTAMP.BODY`."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Samvik-Timestamp": timestamp, "Samvik-Signature": f"sha256={digest}"}


async def _wanted(uow: UnitOfWork, work: Work) -> tuple[Client, Webhook, ReceivedDocument, Repeat] | None:
    """Return whom to tell of what, and where; None where nobody wants to know any more."""
    notice = await uow.notice(work.owner, work.subject)
    if notice is None:
        return None
    client = await uow.client(work.owner, notice.client)
    stored = await uow.inbox_item(work.owner, notice.item)
    if client is None or client.webhook is None or stored is None or stored[0].taken_at is not None:
        return None
    return client, client.webhook, stored[0], repeat_of(stored[0], await uow.last_restored())


async def _record(
    uow: UnitOfWork, ports: Ports, work: Work, client: Client, item: ReceivedDocument, reply: WebhookReply
) -> Sign:
    commit = Commit(uow, ports, ports.clock.now(), ENGINE)
    move = decide_reply(work.subject, work.attempts, client, reply, commit.now)
    return await _apply(commit, work, client, item, move)


@dataclass(frozen=True, slots=True)
class NoticeMove:
    """What a webhook's reply to a notice does. `again` is when it is tried again, None where it is done with."""

    sign: Sign
    again: datetime | None = None
    line: LogLine | None = None
    task: NewTask | None = None
    answers: bool = False


def decide_reply(notice: UUID, attempts: int, client: Client, reply: WebhookReply, now: datetime) -> NoticeMove:
    """Return what the reply to a notice that was tried `attempts` times before does to it and to its client."""
    taken = reply.status is not None and 200 <= reply.status < 300
    if not taken and reply.status != GONE:
        said = Statement.of(RecordSystemCode.WEBHOOK_FAILS, name=client.name, her_id=client.her, reply=reply.text)
        task = _task(TaskCause.WEBHOOK_FAILS, said, now) if attempts + 1 >= TROUBLE_TRIES else None
        return NoticeMove(Sign.BAD, next_smtp_try(now, attempts + 1), task=task)
    data = {"client": client.name, "notice": str(notice), "reply": reply.text}
    if taken:
        return NoticeMove(Sign.GOOD, line=LogLine(Action.NOTIFIED, data), answers=True)
    said = Statement.of(RecordSystemCode.WEBHOOK_GONE, name=client.name, her_id=client.her)
    return NoticeMove(Sign.GOOD, line=LogLine(Action.WEBHOOK_GONE, data), task=_task(TaskCause.WEBHOOK_GONE, said, now))


def _task(cause: TaskCause, said: Statement, now: datetime) -> NewTask:
    return NewTask(cause, said, Role.DRIFT, now + DESK_DEADLINE)


async def _apply(commit: Commit, work: Work, client: Client, item: ReceivedDocument, move: NoticeMove) -> Sign:
    uow = commit.uow
    if move.again is not None:
        await uow.postpone_work(work, move.again)
    elif await uow.finish_work(work):
        await uow.drop_notice(work.owner, work.subject)
    else:
        return move.sign
    await commit.log_lines(work.owner, item.inbound, [move.line] if move.line else [])
    if move.answers:
        outcome = str(Statement.of(OperationsCode.WEBHOOK_ANSWERS))
        await uow.close_tasks_of(work.owner, client.id, commit.now, outcome)
    if move.task is not None:
        await commit.open_task(client.owner, client.id, move.task)
    return move.sign
