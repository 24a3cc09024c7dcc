"""What is kept of mail that nobody vouched for: bounded in bytes, in number and in time.

Such a mail is kept whole for some weeks, since a genuine one may be among them: a certificate that was not registered
yet. Then only its header is kept, and nothing after a year. Where there is too much of it the oldest are reduced first,
but none of the last day. What a registered partner signed is never touched here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.names import OPERATOR, HerId
from engine.records.log import Action
from engine.records.messages import IncomingMail, Kept

HEAD_BYTES = 16_384
"""How much of a mail is kept at most as its header."""

UNTOUCHED_FOR = timedelta(days=1)
"""For so long such a mail stays whole, however many there are."""

MOST_AT_ONCE = 200
"""How many mails one look reduces, and how many it removes; the next look goes on."""

_ENDS = (b"\r\n\r\n", b"\n\n")


async def keep_within_bounds(ports: Ports) -> Kept:
    """Reduce and remove what is too old or too much; return what is kept afterwards.

    Any node may do this at any time.
    """
    now, limits = ports.clock.now(), ports.policy.strangers
    await _forget_answers(ports, now)
    work = _Room(MOST_AT_ONCE), _Room(MOST_AT_ONCE)
    await _reduce_before(ports, now - timedelta(days=limits.body_days), work[0])
    await _forget_before(ports, now - timedelta(days=limits.head_days), work[1])
    kept = await ports.store.kept_of_strangers()
    if kept.size >= limits.most_bytes // 10 * 9:
        work[0].bytes = kept.size - limits.most_bytes // 10 * 8
        await _reduce_before(ports, now - UNTOUCHED_FOR, work[0])
    if kept.mails >= limits.most_mails // 10 * 9:
        work[1].mails = min(work[1].mails, kept.mails - limits.most_mails // 10 * 8)
        await _forget_before(ports, now - UNTOUCHED_FOR, work[1])
    return await ports.store.kept_of_strangers()


async def reduce(commit: Commit, mail: IncomingMail) -> bool:
    """Keep only the header of a mail that nobody vouched for; say whether that was done now."""
    if mail.verified or mail.reduced_at is not None:
        return False
    raw = await commit.uow.raw(mail.owner, mail.id)
    if raw is None or not await commit.uow.reduce(mail.owner, mail.id, head_of(raw), commit.now):
        return False
    await commit.log(mail.owner, mail.id, Action.REDUCED, {"size": str(mail.size), "sha256": mail.sha256.hex()})
    return True


def head_of(raw: bytes) -> bytes:
    """Return a mail's header, or the beginning of one that has no end."""
    head = raw[:HEAD_BYTES]
    ends = [at + len(end) for end in _ENDS if (at := head.find(end)) >= 0]
    return head[: min(ends)] if ends else head


class _Room:
    """How many mails, and of how many bytes, are still to be dealt with in this look."""

    def __init__(self, mails: int) -> None:
        self.mails = mails
        self.bytes: int | None = None

    @property
    def left(self) -> bool:
        """Say whether there is more to do."""
        return self.mails > 0 and (self.bytes is None or self.bytes > 0)

    def take(self, mail: IncomingMail) -> None:
        """Count a mail."""
        self.mails -= 1
        if self.bytes is not None:
            self.bytes -= mail.size


async def _reduce_before(ports: Ports, before: datetime, room: _Room) -> None:
    for mail in await _oldest(ports, before, room.mails, whole=True):
        if not room.left:
            return
        async with ports.store.begin() as uow:
            found = await uow.inbound(mail.owner, mail.id)
            if found is not None and await reduce(Commit(uow, ports, ports.clock.now(), ENGINE), found):
                room.take(mail)


async def _forget_before(ports: Ports, before: datetime, room: _Room) -> None:
    for mail in await _oldest(ports, before, room.mails, whole=False):
        async with ports.store.begin() as uow:
            now = ports.clock.now()
            if await uow.forget(mail.owner, mail.id):
                await uow.close_tasks_of(mail.owner, mail.id, now, Action.FORGOTTEN)
                if mail.pile is not None and not await uow.piled(mail.owner, mail.pile, None, 1):
                    await uow.close_tasks_of(mail.owner, mail.pile, now, Action.FORGOTTEN)
                await Commit(uow, ports, now, ENGINE).log(mail.owner, mail.id, Action.FORGOTTEN)
                room.take(mail)


async def _oldest(ports: Ports, before: datetime, most: int, *, whole: bool) -> Sequence[IncomingMail]:
    found: list[IncomingMail] = []
    for owner in _owners(ports.policy):
        async with ports.store.begin() as uow:
            found += await uow.unverified(owner, before, most, whole=whole)
    return sorted(found, key=lambda mail: (mail.received_at, mail.id))[:most]


async def _forget_answers(ports: Ports, now: datetime) -> None:
    """Forget the answers to messages that are too old to be answered at all."""
    async with ports.store.begin() as uow:
        await uow.forget_answers(now - timedelta(days=ports.policy.ledger_days))


def _owners(policy: Policy) -> list[HerId]:
    return [*policy.hosted, OPERATOR]
