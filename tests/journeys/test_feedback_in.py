"""What a partner says is wrong with a message of ours (HIS 1151): tied to the message and its case, moving no other."""

from dataclasses import replace

import pytest
from lxml import etree

from engine import cases
from engine.case.record import Case
from engine.case.roles import Actor, Role
from engine.case_reading import read_case
from engine.errors import Refused
from engine.feedback_mail import RECEIVED
from engine.inboxes import read_item
from engine.operate import partner_word
from engine.payload.apprec import read_apprec
from engine.payload.deviation import Answer
from engine.payload.followup import FollowUpKind
from engine.payload.msghead import read_msghead
from engine.records import Inbound, Kind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.documents import follow_up, reply
from tests.fakes.epj import FAMILY_NAME, GIVEN_NAME, NUMBER, plain_document, plain_mail
from tests.fakes.feedback import WORDS, feedback_document
from tests.fakes.forgery import Letter, loses, payload_mail
from tests.fakes.pair import Pair, Side
from tests.fakes.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    VERDAL,
    VERDAL_SERVICE,
)
from tests.fakes.reporting import case_of, events_of, report, sent_documents, settled

ASSURER, REPORTER = Actor(Role.KVALITETSSIKRER, GP), Actor(Role.MELDER, GP_SERVICE)
GP_HANDLER, HANDLER = Actor(Role.SAKSBEHANDLER, GP_SERVICE), Actor(Role.SAKSBEHANDLER, LEVANGER_SERVICE)
MOVES_NOTHING = ("2", "9", "77")


async def reported(pair: Pair) -> Case:
    """Bring a deviation of the GP's to Levanger."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    return await settled(pair, pair.gp, GP)


async def told(
    pair: Pair, *, sender: tuple[str, str] = (LEVANGER, LEVANGER_SERVICE), msg_id: str = "feil-1", **how: str
) -> Inbound:
    """Let a record system send the GP a feedback, and return what became of the mail."""
    enterprise, service = sender
    document = feedback_document(service, GP_SERVICE, msg_id=msg_id, at=pair.clock.now(), **how)
    letter = Letter(enterprise, GP, enterprise, GP, message_id=f"konvolutt-{msg_id}", at=pair.clock.now())
    return await pair.gp.take(plain_mail(letter, document))


async def ours(pair: Pair) -> Case:
    """Return the GP's case."""
    return await case_of(pair.gp, GP)


async def causes(side: Side, role: str) -> list[str]:
    """Return why people of a role are called."""
    return [task.cause for task in await side.tasks(role)]


async def test_wrong_addressee_gives_the_case_back_and_it_goes_to_another(pair: Pair) -> None:
    """AppRec 1.0 with status 1, an inbox item, an event on message and case, a task; then the case is sent anew."""
    case = await reported(pair)
    mail = await told(pair, about=str(case.conversation))
    assert (mail.state, len(await pair.gp.inbox(GP))) == (InboundState.LEVERT_INTERNT, 1)
    (receipt,) = [document for _, document in await sent_documents(pair.gp, Kind.APPREC)]
    assert (read_apprec(receipt).version, read_apprec(receipt).status) == ("1.0", 1)
    assert (await ours(pair)).state is CaseState.FEILADRESSERT
    assert await causes(pair.gp, "kvalitetssikrer") == [CaseState.FEILADRESSERT]
    assert case.delivery is not None
    for subject in (case.delivery, case.id):
        events = [row.event for row in await pair.gp.world.store.timeline(GP, subject)]
        (event,) = [event for event in events if event.action == RECEIVED]
        assert (event.actor, event.data["code"], event.data["mail"]) == (f"HER {LEVANGER_SERVICE}", "1", str(mail.id))
    with pytest.raises(Refused, match="--to"):
        await cases.send(pair.gp.world, ASSURER, case.number)
    await cases.send(pair.gp.world, ASSURER, case.number, VERDAL_SERVICE)
    moved = await settled(pair, pair.gp, GP)
    assert (moved.state, moved.theirs, moved.leg) == (CaseState.LEVERT, VERDAL_SERVICE, 2)
    assert (await case_of(pair.municipal, VERDAL)).state is CaseState.UNDER_BEHANDLING
