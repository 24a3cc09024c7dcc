"""A reminder that is looked at for long holds up nobody who shares transactions."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from adapters.store.postgres import PostgresStore
from engine.casework.possible_answers import PossibleAnswer, possible_answer
from engine.delivery.send import deliver
from engine.records.work import WorkKind
from tests.adapters.store.test_sharing import adding
from tests.fakes.engines.pair import Pair
from tests.fakes.store.rows import OURS, THEIRS, case, message
from tests.fakes.world.clock import START


async def test_others_go_on_while_a_reminder_is_looked_at(real: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails that may answer a case are read before its reminder leaves; new mail is stored meanwhile."""
    pair, row, sent = Pair(), message(), message(102)
    async with real.begin() as unit:
        await unit.add_case(OURS, case(delivery=row.id), b"content")
        await unit.add_outbound(OURS, sent, b"mime", None)
        assert await unit.claim_reminder(OURS, case().id, 0, START, sent.id)
        await unit.add_work(OURS, WorkKind.SEND, sent.id, THEIRS, START)
    (work,) = await real.take_work([WorkKind.SEND], START, 1)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*about: Any) -> PossibleAnswer:
        begun.set()
        await go_on.wait()
        return await possible_answer(*about)

    monkeypatch.setattr("engine.casework.reminder.possible_answer", slow)
    sending = asyncio.create_task(deliver(work, replace(pair.gp.ports, store=real), pair.gp))
    async with asyncio.timeout(20):
        await begun.wait()
        assert await real.share(adding(1)) == 1
        go_on.set()
        reply = await sending
    assert reply is not None
    assert len(pair.gp.sent) == 1
