"""Mail to postmaster and abuse: kept whole for people, and never processed."""

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.inbound.desk import take_for_desk
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail


async def test_a_mail_to_a_desk_is_quarantined_with_a_task() -> None:
    """Whatever it holds, even a good message, it stands in quarantine whole, with its reason and one task."""
    side = Pair().municipal
    for raw in (b"Subject: hei\r\n\r\nHva skjer?\r\n", payload_mail(Letter(), document())):
        id = await take_for_desk(side.ports, raw, "192.0.2.1")
        assert await side.work() == 0
        row = await side.mail(id)
        assert (row.state, row.size, row.peer) == (InboundState.KARANTENE, len(raw), "192.0.2.1")
        assert sentence(row.reason, Language.EN).startswith("The mail is to postmaster or abuse")
        async with side.ports.store.begin() as uow:
            assert await uow.raw(row.owner, row.id) == raw
    assert [(task.cause, task.count) for task in await side.tasks()] == [(InboundState.KARANTENE, 2)]
    assert await side.outbound() == []
