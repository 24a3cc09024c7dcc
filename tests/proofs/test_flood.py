"""A flood of unsigned mail: reminders leave on time, people get two tasks at most, and the disk keeps its bound.

SAMVIK_PROOF_FLOOD is the number of mails. They come to a real store, in the name of the case's other side.
"""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.node.strangers import RoomForStrangers
from adapters.store.postgres import PostgresStore
from engine.commit.policy import StrangerLimits
from engine.errors import Unavailable
from engine.inbound.storing import take_in
from engine.names import OPERATOR
from engine.operations.strangers import keep_within_bounds
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.case import CaseState
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.engines.reporting import case_of, report
from tests.fakes.partners.documents import reply
from tests.fakes.partners.forgery import Letter, altered, payload_mail, unsigned
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.proofs.conftest import Tell, count_of

pytestmark = pytest.mark.proof

COUNT = count_of("SAMVIK_PROOF_FLOOD", full=100_000, share=3_000)
LIMITS = StrangerLimits(most_bytes=8_000_000, most_mails=100_000)
TOGETHER = 200
"""How many mails come before a node works and looks at the room again."""
UNREAD = 150
"""How many still lie unread when the reminder is due. From 200 on it waits: an answer may be among them."""

LOOKS = 10
"""How often a node looks before there is room again, a day later."""


class Flood:
    """Somebody who forges answers in the thread of a case, and a door that counts as a node's does."""

    def __init__(self, side: Side, msg_id: str) -> None:
        letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="forfalsket-0")
        self._mail = altered(payload_mail(letter, reply(msg_id)), unsigned)
        self._side, self._room = side, RoomForStrangers(lambda: LIMITS)
        self.sent = self.taken = self.most = 0

    async def come(self, number: int) -> None:
        """Send mails, each with another MessageId; what the door refuses stays with the sender."""
        for _ in range(number):
            self.sent += 1
            raw = self._mail.replace(b"forfalsket-0", b"forfalsket-%d" % self.sent)
            try:
                await take_in(self._side.ports, raw, "192.0.2.1", strangers=self._room.take(len(raw)))
            except Unavailable:
                continue
            self.taken += 1

    async def are_read(self) -> None:
        """Let a node read what has come, and count the room anew."""
        await self._side.work(WorkKind.MOTTA)
        kept = await keep_within_bounds(self._side.ports)
        self._room.counted(kept)
        self.most = max(self.most, kept.size)


async def test_a_flood_holds_back_no_reminder_and_fills_no_disk(pg_url: str, at_rest: AtRest, tell: Tell) -> None:
    """Forged answers in the case's thread, read and unread, delay its reminder by nothing and cost two tasks."""
    pair = Pair()
    store = PostgresStore(pg_url, at_rest)
    await store.open()
    try:
        pair.gp.ports = replace(
            pair.gp.ports, store=store, policy=replace(pair.gp.ports.policy, strangers=LIMITS, refusals_an_hour=0)
        )
        await store.ensure_partitions(pair.clock.now())
        await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
        await pair.settle()
        case = await case_of(pair.gp, GP)
        assert case.reminder_at is not None
        assert case.first_msg_id is not None
        flood = Flood(pair.gp, case.first_msg_id)
        await store.ensure_partitions(case.reminder_at)
        pair.clock.set(case.reminder_at - timedelta(hours=25))
        while flood.sent < COUNT - UNREAD:
            await flood.come(min(TOGETHER, COUNT - UNREAD - flood.sent))
            await flood.are_read()
        pair.clock.set(case.reminder_at)
        for _ in range(LOOKS):
            await flood.are_read()
        before = flood.taken
        await flood.come(UNREAD)
        assert flood.taken - before == UNREAD
        await pair.gp.work(WorkKind.SAK)
        reminded = await case_of(pair.gp, GP)
        assert (reminded.state, reminded.reminded_at) == (CaseState.PURRET, case.reminder_at)
        await flood.are_read()
        tasks = [task for owner in (GP, OPERATOR) for task in await store.list_tasks(owner)]
        about = [task for task in tasks if task.latest is not None]
        assert len(about) <= 2
        assert sum(task.count for task in about) == flood.taken
        assert flood.most < LIMITS.most_bytes + TOGETHER * 20_000
        messages = [row for row in await pair.gp.outbound() if row.kind is Kind.MELDING]
        assert len(messages) == 2
        size = _size(pg_url)
    finally:
        await store.close()
    tell(
        f"flood: {flood.sent} unsigned mails, {flood.taken} taken, {UNREAD} unread when the reminder left, on time;"
        f" {len(about)} tasks; at most {flood.most / 1e6:.1f} MB kept of {LIMITS.most_bytes / 1e6:.0f} allowed;"
        f" database {size / 1e6:.0f} MB"
    )


def _size(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0
