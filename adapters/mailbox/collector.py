"""Empties one mailbox in batches: fetch, store and delete one mail after the other; then make the deletions final.

A mail is deleted only after its bytes are committed. A mail that cannot be fetched, or of which nothing comes, is left
for later, and the others go on. When the store does not answer, the round ends and all mails stay where they are.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import structlog

from adapters.machine import kill_hooks
from adapters.machine.system import HUGE_BYTES
from adapters.mailbox.opening import open_session
from adapters.mailbox.session import Broken, Declined, Entry, Fetched, Listing, Session, is_given
from adapters.settings import Mailbox
from adapters.smtp.slots import Slots
from engine.codes.mailbox import MailboxCode
from engine.codes.statement import Statement
from engine.errors import OwnFault, Refused, SamvikError
from engine.inbound.mailbox import MailboxMail

BATCH = 20
"""Mails between two ends of a POP3 session, which is what makes their deletion hold."""

STEP_SECONDS = 600
MOST_CUTS = 5
SMALL_MAIL_BYTES = 1_000_000

T = TypeVar("T")
_log = structlog.get_logger()


class Shelf(Protocol):
    """Stores mails, and knows which are stored. Every method raises Unavailable when the store does not answer."""

    async def store(self, mail: MailboxMail) -> None:
        """Store a mail unless it is stored already; when this returns, its bytes are committed."""

    async def deleted(self, validity: str, keys: Collection[str]) -> None:
        """Note that these are gone from the mailbox."""

    async def listed(self, validity: str, keys: Collection[str]) -> None:
        """Note that all but these are gone from the mailbox."""


@dataclass
class _Round:
    """Progress of one round. `most` is how many mails there were at first; `left` holds those left behind, and why.

    `lacks` is True when the server did not list all.
    """

    most: int | None = None
    lacks: bool = False
    count: int = 0
    cuts: int = 0
    done: set[str] = field(default_factory=set)
    left: dict[str, Statement] = field(default_factory=dict)


class Collector:
    """Empties one mailbox. `large` limits how many large mails are in memory at once, over all mailboxes."""

    def __init__(self, place: Mailbox, most_bytes: int, shelf: Shelf, large: Slots) -> None:
        self._place = place
        self._most = most_bytes
        self._shelf = shelf
        self._large = large
        self._session: Session | None = None
        self._troubled: Counter[str] = Counter()

    async def empty(self) -> int:
        """Empty the mailbox once; return how many mails were stored and deleted.

        Raises Broken when the server cannot be used, Unavailable when the store cannot. Raises Declined at the end of
        the round when mails had to be left behind (it says how many and why), or when some were not listed.
        """
        this = _Round()
        try:
            while await self._batch(this):
                pass
        except BaseException:
            await self.close()
            raise
        if this.left:
            reason = next(iter(this.left.values()))
            raise Declined(MailboxCode.LEFT, number=len(this.left), reason=reason)
        if this.lacks:
            raise Declined(MailboxCode.NOT_LISTED)
        return this.count

    async def news(self, seconds: float) -> bool:
        """Wait up to `seconds` for news of mail; False at once when the server cannot tell."""
        if self._session is None or not self._session.open:
            return False
        try:
            return await self._session.news(seconds)
        except Broken as fault:
            # Servers end idle connections: the next round connects again.
            _log.info("mailbox_hung_up", mailbox=self._place.name, reason=str(fault))
            await self.close()
            return False

    async def close(self) -> None:
        """Drop the connection, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _batch(self, this: _Round) -> bool:
        """Store and delete some mails; return whether there may be more."""
        session = await self._opened()
        listing = await _limited(session.listing())
        if listing.whole and all(entry.uid for entry in listing.entries):
            await self._shelf.listed(listing.validity, {entry.uid for entry in listing.entries})
        this.lacks = listing.lacks
        todo, dealt = self._chosen(listing, this), []
        for entry in todo:
            try:
                dealt.append(await self._one(session, listing.validity, entry))
            except Broken as fault:
                await self.close()
                self._leave(this, entry, fault)
                this.cuts += 1
                if this.cuts > MOST_CUTS:
                    raise
                return True
            except (Declined, OwnFault, Refused) as fault:
                self._leave(this, entry, fault)
        await _limited(session.settle())
        await self._shelf.deleted(listing.validity, dealt)
        this.done.update(dealt)
        this.count += len(dealt)
        return bool(todo) and this.most is not None and this.count < this.most

    async def _one(self, session: Session, validity: str, entry: Entry) -> str:
        """Store one mail and delete it; return its key in the ledger. A node may die between the two steps."""
        async with self._room_for(entry):
            mail = await self._fetch(session, validity, entry)
            with kill_hooks.in_hand(mail.key, kill_hooks.Commit.COLLECT):
                await self._store(mail)
        await self._delete(session, entry)
        kill_hooks.reached(kill_hooks.Step.COLLECT_AFTER_DELETE, mail.key)
        return mail.key

    async def _fetch(self, session: Session, validity: str, entry: Entry) -> MailboxMail:
        got: Fetched = await _limited(session.fetch(entry, self._most))
        if not is_given(got, entry.size, self._most):
            raise Declined(MailboxCode.NOTHING_CAME)
        size = len(got.raw) if got.whole else max(entry.size, self._most + 1)
        return MailboxMail(self._place.name, validity, entry.uid, size, got.raw, got.whole, self._most)

    async def _store(self, mail: MailboxMail) -> None:
        await self._shelf.store(mail)

    async def _delete(self, session: Session, entry: Entry) -> None:
        await _limited(session.delete(entry))

    def _room_for(self, entry: Entry) -> AbstractAsyncContextManager[None]:
        if not SMALL_MAIL_BYTES < entry.size <= self._most:
            return nullcontext()
        return (self._large.huge if entry.size > HUGE_BYTES else self._large.large).slot(self._place.name)

    def _chosen(self, listing: Listing, this: _Round) -> list[Entry]:
        """Return the next mails. Those that failed before come last, so that they do not delay the others."""
        there = {_key(entry) for entry in listing.entries}
        for key in there & this.done:
            this.left.setdefault(key, Statement.of(MailboxCode.STILL_THERE))
        this.left = {key: reason for key, reason in this.left.items() if key in there}
        this.most = len(listing.entries) if this.most is None else this.most
        waiting = [entry for entry in listing.entries if _key(entry) not in this.left]
        return sorted(waiting, key=lambda entry: self._troubled[_key(entry)])[:BATCH]

    def _leave(self, this: _Round, entry: Entry, fault: SamvikError) -> None:
        this.left[_key(entry)] = fault.statement
        self._troubled[_key(entry)] += 1
        _log.warning("mail_not_collected", mailbox=self._place.name, uid=_key(entry), reason=str(fault))

    async def _opened(self) -> Session:
        if self._session is None or not self._session.open:
            self._session = await open_session(self._place)
        return self._session


def _key(entry: Entry) -> str:
    return entry.uid or f"number {entry.number}"


async def _limited(step: Awaitable[T]) -> T:
    """Await a step for ten minutes at most: a server could send one byte a minute for ever."""
    try:
        async with asyncio.timeout(STEP_SECONDS):
            return await step
    except TimeoutError:
        raise Broken(MailboxCode.TOO_SLOW) from None
