"""Mail from a mailbox: stored once, whatever dies between the store and the delete (design.md 3, promise 1).

The ledger row is written in the commit that stores the bytes. A mail whose row is there is deleted without being
stored again, but only if its bytes are those that are stored: servers have been seen to give a uid twice.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.move import NewTask
from engine.commit.ports import Ports
from engine.commit.tasks import subject_of
from engine.errors import Refused, Unavailable
from engine.inbound.storing import check_known, keep, new_mail, set_aside
from engine.names import OPERATOR
from engine.ports import UnitOfWork
from engine.records.log import TaskCause
from engine.records.messages import CollectedMail
from engine.states.role import Role

SILENT_FOR = timedelta(minutes=15)
"""How long a mailbox may not be emptied before operations is told."""

LONGEST_PAUSE = timedelta(minutes=10)
_MOST_DOUBLINGS = 10
_TIME_TO_ACT = timedelta(days=1)
_MOST_TASKS = 10_000


@dataclass(frozen=True, slots=True)
class MailboxMail:
    """A mail as it was fetched: all of it, or (not `whole`) its headers because it has more than `most` bytes.

    `uid` is '' where the server has no ids: the bytes are then their own, so that the same bytes count as one mail.
    """

    mailbox: str
    validity: str
    uid: str
    size: int
    raw: bytes
    whole: bool
    most: int

    @property
    def key(self) -> str:
        """Return the uid that the ledger knows it by."""
        return self.uid or f"sha256:{hashlib.sha256(self.raw).hexdigest()}"


async def collect(ports: Ports, mail: MailboxMail, *, strangers: bool = True) -> bool:
    """Store a mail if it is not stored already; when this returns, it may be deleted from the mailbox.

    Says whether it was stored now. Raises Unavailable where the store cannot be reached, and without room for
    `strangers` Refused for a mail that nobody vouches for: it must then stay there.
    """
    if not strangers:
        try:
            await check_known(ports, mail.raw)
        except Unavailable as full:
            raise Refused(full.statement) from None
    size = len(mail.raw) if mail.whole else mail.size
    row = new_mail(ports, mail.raw, f"mailbox {mail.mailbox}", size)
    entry = CollectedMail(mail.mailbox, mail.validity, mail.key, row.id, row.sha256, size, row.received_at)
    async with ports.store.begin() as uow:
        if await _is_stored(uow, entry):
            return False
        if mail.whole:
            await keep(uow, row, mail.raw)
        else:
            said = Statement.of(InboundCode.MAIL_TOO_LARGE, size=size, most=mail.most)
            await set_aside(uow, ports, row, mail.raw, str(said))
    return True


async def _is_stored(uow: UnitOfWork, entry: CollectedMail) -> bool:
    held = await uow.claim_collected(entry)
    if held is None:
        before = await uow.renumbered(entry)
        if before is not None:
            await uow.replace_collected(replace(entry, inbound=before))
        return before is not None
    if (held.sha256, held.size) == (entry.sha256, entry.size):
        return True
    await uow.replace_collected(entry)
    return False


async def note_deleted(ports: Ports, mailbox: str, validity: str, keys: Collection[str]) -> None:
    """Note that these mails have been deleted from the mailbox."""
    if keys:
        async with ports.store.begin() as uow:
            await uow.mark_deleted(mailbox, validity, sorted(keys), ports.clock.now())


async def note_gone(ports: Ports, mailbox: str, validity: str, listed: Collection[str]) -> None:
    """Note which stored mails are no longer in the mailbox, given a complete listing."""
    async with ports.store.begin() as uow:
        waiting = await uow.waiting_for_delete(mailbox, validity)
        gone = [uid for uid in waiting if uid not in listed]
        if gone:
            await uow.mark_deleted(mailbox, validity, gone, ports.clock.now())


def pause_after(failures: int, poll: timedelta) -> timedelta:
    """Return how long to wait before the next look after so many failures in a row: twice as long each time."""
    if failures == 0:
        return poll
    doubled: timedelta = poll * (1 << min(failures - 1, _MOST_DOUBLINGS))
    return min(doubled, max(LONGEST_PAUSE, poll))


async def tell_of_failure(ports: Ports, mailbox: str, since: datetime, reason: str) -> None:
    """Open a task about a mailbox that was not emptied for a quarter of an hour; `reason` holds no secret."""
    now = ports.clock.now()
    if now - since < SILENT_FOR:
        return
    said = Statement.of(InboundCode.MAILBOX_NOT_EMPTIED, mailbox=mailbox, since=since, reason=reason)
    task = NewTask(TaskCause.MAILBOX_NOT_EMPTIED, said, Role.DRIFT, now + _TIME_TO_ACT)
    async with ports.store.begin() as uow:
        await Commit(uow, ports, now, ENGINE).open_task(OPERATOR, _subject(mailbox), task)


async def tell_of_success(ports: Ports, mailbox: str) -> None:
    """Close the task about a mailbox that has been emptied."""
    async with ports.store.begin() as uow:
        await uow.close_tasks_of(OPERATOR, _subject(mailbox), ports.clock.now(), "cause gone")


async def forget_others(ports: Ports, mailboxes: Collection[str]) -> None:
    """Close the tasks about mailboxes that are no longer configured."""
    now, subjects = ports.clock.now(), {_subject(name) for name in mailboxes}
    tasks = await ports.store.list_tasks(OPERATOR, most=_MOST_TASKS)
    for task in tasks:
        if task.cause == TaskCause.MAILBOX_NOT_EMPTIED and task.subject not in subjects:
            async with ports.store.begin() as uow:
                await uow.close_tasks_of(OPERATOR, task.subject, now, "configured no more")


def _subject(mailbox: str) -> UUID:
    """Return the same id for the same mailbox, on every node."""
    return subject_of(f"mailbox {mailbox}")
