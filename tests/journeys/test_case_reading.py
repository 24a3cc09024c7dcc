"""Everything that the two sides say in a case can be read by those who work with it, and by nobody else."""

from dataclasses import replace

import pytest

from engine.casework import steps
from engine.casework.reading import read_case
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.inbox.reading import read_item
from engine.payload.msghead import read_msghead
from engine.states.role import Role
from tests.fakes.engines.reporting import case_of, report
from tests.fakes.partners.epj import plain_document, plain_mail
from tests.fakes.partners.forgery import Letter
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE

HANDLER, REPORTER = (
    Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg"),
    Person(Role.MELDER, GP_SERVICE, "Mette Moe"),
)


async def reported(pair):
    """Report a deviation from the GP to Levanger and let it arrive; return the reporter's case."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    return await case_of(pair.gp, GP)


async def answered(pair):
    """Report a deviation and answer it, interim and finally; return both sides' cases."""
    ours = await reported(pair)
    (theirs,) = await pair.municipal.ports.store.list_cases(LEVANGER)
    for text, final in (("Vi ser på det.", False), ("Rutinen er endret.", True)):
        await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer(text, "Årsak", "Tiltak"), final=final)
        await pair.settle()
        pair.clock.advance(hours=1)
    return ours, theirs


async def test_both_sides_can_read_every_answer(pair):
    """The reporter reads what was answered, the receiver what they answered, in order, with who said it."""
    ours, theirs = await answered(pair)
    mine = await read_case(pair.gp.ports, REPORTER, ours.number)
    yours = await read_case(pair.municipal.ports, HANDLER, theirs.number)
    for read in (mine, yours):
        assert [each.by for each in read.thread] == [LEVANGER_SERVICE] * 2
        assert "Vi ser på det." in read.thread[0].text
        assert "Rutinen er endret." in read.thread[1].text
        assert "Tiltak" in read.thread[1].text


async def test_a_plain_reply_can_be_read_before_it_is_judged(pair):
    """Who has to judge a reply as final or interim sees what it says, and nothing of a patient in its head."""
    ours = await reported(pair)
    document = plain_document(
        LEVANGER_SERVICE, GP_SERVICE, "Epikrisen er sendt i dag.", thread=(ours.first_msg_id, ours.first_msg_id)
    )
    letter = replace(Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP), message_id="svar-1", at=pair.clock.now())
    await pair.gp.take(plain_mail(letter, document))
    read = await read_case(pair.gp.ports, Person(Role.SAKSBEHANDLER, GP_SERVICE, "Siri Berg"), ours.number)
    assert [each.text for each in read.thread] == ["Epikrisen er sendt i dag."]
    assert "HEMMELIGSEN" not in repr(read)


async def test_operations_reads_no_case(pair):
    """Drift sees states and times, not what cases say; the refusal names who may."""
    ours, _ = await answered(pair)
    with pytest.raises(Refused, match=r"case\.may_not.*saksbehandler"):
        await read_case(pair.gp.ports, Person(Role.DRIFT, GP, "Dag Dahl"), ours.number)


async def test_a_neighbour_reads_nothing(pair):
    """Another enterprise of the same engine finds neither case nor inbox item, by number, id or MsgId."""
    _, theirs = await answered(pair)
    neighbour = Person(Role.SAKSBEHANDLER, VERDAL_SERVICE, "Siri Berg")
    (item, *_) = await pair.municipal.inbox(LEVANGER)
    with pytest.raises(Refused):
        await read_case(pair.municipal.ports, neighbour, str(theirs.id))
    for id in (str(item.id), str(item.msg_id)):
        with pytest.raises(Refused, match=r"message\.no_item"):
            await read_item(pair.municipal.ports, neighbour, id)


async def test_an_inbox_item_is_read_by_its_id_and_the_look_is_logged(pair):
    """Eight signs of an id are enough; who looked stands on the mail's timeline."""
    await answered(pair)
    (item,) = await pair.municipal.inbox(LEVANGER)
    document = await read_item(pair.municipal.ports, HANDLER, str(item.id)[:8])
    assert read_msghead(document).msg_id == item.msg_id
    events = await pair.municipal.ports.store.timeline(LEVANGER, item.inbound)
    assert (events[-1].event.action, events[-1].event.actor) == ("looked at", str(HANDLER))
    with pytest.raises(Refused, match=r"message\.id_too_short"):
        await read_item(pair.municipal.ports, HANDLER, str(item.id)[:7])
