"""A person sends a message back to its sender (HIS 1151): once, after AppRec 1, and the case that it opened ends."""

from dataclasses import replace
from uuid import UUID

import pytest

from engine.agreements.terms import ApprecBy
from engine.case.roles import MAY
from engine.casework import steps
from engine.casework.feedback_sent import send_feedback
from engine.casework.reading import read_case
from engine.commit.actor import Person
from engine.deviation.fields import LONGEST_TEXT, Answer
from engine.errors import Refused
from engine.names import HerId
from engine.payload.apprec import read_apprec
from engine.payload.feedback_code import FeedbackCode
from engine.payload.msghead import MsgHead, read_msghead
from engine.records.inbox import ReceivedDocument
from engine.records.messages import Kind
from engine.states.case import CaseEvent, CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, events_of, report, sent_documents, settled
from tests.fakes.partners.epj import FAMILY_NAME, NUMBER, plain_document, plain_mail
from tests.fakes.partners.feedback import feedback_document
from tests.fakes.partners.forgery import Letter
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    VERDAL,
    VERDAL_RETIRED,
    VERDAL_SERVICE,
    registry,
    with_terms,
)

HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
WRONG, OTHER = FeedbackCode.WRONG_ADDRESSEE, FeedbackCode.OTHER
WHY = "Pasienten bor i Verdal. Vi har ikke sendt innholdet videre."


async def came(pair: Pair, receiver: HerId = LEVANGER_SERVICE) -> ReceivedDocument:
    """Bring a deviation of the GP's to a municipality."""
    await report(pair.gp, GP_SERVICE, receiver)
    await pair.settle()
    owner = pair.municipal.ports.policy.owner_of(receiver)
    assert owner is not None
    (item,) = await pair.municipal.inbox(owner)
    return item


async def sent_back(pair: Pair, item: ReceivedDocument, code: FeedbackCode = WRONG, who: Person = HANDLER) -> MsgHead:
    """Send a message back, and return what goes out."""
    sent = await send_feedback(pair.municipal.ports, who, str(item.id), code, WHY)
    async with pair.municipal.ports.store.begin() as unit:
        document = await unit.document(sent.owner, sent.id)
    assert document is not None
    return read_msghead(document)


async def test_message_sent_back_says_which_and_why_and_both_cases_follow(pair: Pair) -> None:
    """The GP's case comes back as wrongly addressed, Levanger's ends, and the mail is RETURNERT; the AppRec is 1.0."""
    item = await came(pair)
    head = await sent_back(pair, item)
    assert (head.type, head.parent, head.conversation) == ("DIALOG_AVVIK", item.msg_id, item.msg_id)
    assert (head.dialog.version, head.dialog.tema_code, head.dialog.dok_id) == ("1.0", "1", item.msg_id)
    assert WHY in head.dialog.text
    assert str(item.msg_id) in head.dialog.text
    assert (head.has_patient, head.attachments) == (False, ())
    assert (await pair.municipal.mail(item.inbound)).state is InboundState.RETURNERT
    ended = await case_of(pair.municipal, LEVANGER)
    assert (ended.state, ended.deadline) == (CaseState.FORKASTET, None)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.FEILADRESSERT
    *_, last = await pair.municipal.outbound()
    feedback = next(row for row in await pair.municipal.outbound() if row.msg_id == head.msg_id)
    assert feedback.state is DeliveryState.LEVERT, last
    receipts = [read_apprec(document) for _, document in await sent_documents(pair.gp, Kind.APPREC)]
    assert [each.version for each in receipts if each.original_msg_id == head.msg_id] == ["1.0"]


async def test_another_fault_leaves_both_cases_where_they_are(pair: Pair) -> None:
    """Annet tells of the message alone: both sides go on, and the reporter's people are called."""
    item = await came(pair)
    before = await case_of(pair.municipal, LEVANGER), await case_of(pair.gp, GP)
    assert (await sent_back(pair, item, OTHER)).dialog.tema_code == "9"
    await pair.settle()
    assert (await case_of(pair.municipal, LEVANGER), await case_of(pair.gp, GP)) == before
    assert len(await pair.gp.tasks("kvalitetssikrer")) == 1


async def test_it_is_read_in_the_case_and_logged_without_its_words(pair: Pair) -> None:
    """Our case's thread has the text; the log has who, which code and which message, and nothing that was written."""
    item = await came(pair)
    await sent_back(pair, item)
    case = await case_of(pair.municipal, LEVANGER)
    read = await read_case(pair.municipal.ports, HANDLER, case.number)
    assert [WHY in spoken.text for spoken in read.thread] == [True]
    store = pair.municipal.ports.store
    (event,) = [row.event for row in await store.timeline(LEVANGER, item.inbound) if "sent back" in row.event.action]
    assert (event.actor, event.data["code"]) == (str(HANDLER), "1")
    assert UUID(event.data["message"])
    assert "Verdal." not in repr(store.tables.events)
    assert CaseEvent.SEND_BACK in [event.action for event in await events_of(pair.municipal, case)]


async def test_it_is_sent_once(pair: Pair) -> None:
    """The second time is refused, and nothing more goes out."""
    item = await came(pair)
    await sent_back(pair, item)
    before = await pair.municipal.outbound()
    with pytest.raises(Refused, match=r"send_back\.already"):
        await sent_back(pair, item, OTHER)
    assert await pair.municipal.outbound() == before


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", r"send_back\.no_text"),
        ("  ", r"send_back\.no_text"),
        (f"Gjelder {NUMBER}", r"send_back\.number_in_text"),
        ("x" * (LONGEST_TEXT + 1), r"send_back\.too_long"),
    ],
)
async def test_a_text_is_needed_and_names_nobody(pair: Pair, text: str, refusal: str) -> None:
    """Without a reason, with a national number in it or too long nothing is sent, and the number is not repeated."""
    item = await came(pair)
    with pytest.raises(Refused, match=refusal) as refused:
        await send_feedback(pair.municipal.ports, HANDLER, str(item.id), OTHER, text)
    assert NUMBER not in str(refused.value)
    assert (await pair.municipal.mail(item.inbound)).state is InboundState.LEVERT_INTERNT


@pytest.mark.parametrize("role", sorted(set(Role) - MAY[CaseEvent.SEND_BACK]))
async def test_other_roles_may_not(pair: Pair, role: Role) -> None:
    """The refusal says who may."""
    item = await came(pair)
    with pytest.raises(Refused, match=r"case\.may_not.*saksbehandler"):
        await sent_back(pair, item, who=Person(role, LEVANGER))


async def test_a_neighbour_cannot_send_back_what_is_not_theirs(pair: Pair) -> None:
    """Verdal's handler finds no message of Levanger's, by id or MsgId."""
    item = await came(pair)
    for id in (str(item.id), str(item.msg_id)):
        with pytest.raises(Refused, match=r"message\.no_item"):
            await send_feedback(pair.municipal.ports, Person(Role.SAKSBEHANDLER, VERDAL, "Siri Berg"), id, WRONG, WHY)


async def test_an_apprec_cannot_be_sent_back(pair: Pair) -> None:
    """A receipt is no message in an inbox: its id is not found there."""
    await came(pair)
    (receipt,) = [row for row in await pair.gp.inbound() if row.kind is Kind.APPREC]
    with pytest.raises(Refused, match=r"message\.no_item"):
        await send_feedback(pair.gp.ports, Person(Role.SAKSBEHANDLER, GP, "Siri Berg"), str(receipt.id), WRONG, WHY)


async def test_what_waits_for_the_record_system_is_not_sent_back(pair: Pair) -> None:
    """Before an AppRec 1 is queued the record system may still refuse it, which is another thing."""
    pair.use(with_terms(apprec_by=ApprecBy.EPJ.value))
    item = await came(pair)
    assert (await pair.municipal.mail(item.inbound)).state is InboundState.RUTET
    with pytest.raises(Refused, match=r"send_back\.not_receipted.*RUTET"):
        await sent_back(pair, item)


@pytest.mark.parametrize("state", [CaseState.BESVART, CaseState.LUKKET])
async def test_a_deviation_that_we_answered_is_not_sent_back_until_its_case_is_closed(
    pair: Pair, state: CaseState
) -> None:
    """Our own answer stands against it, so nothing is sent; a case that has ended stays as it is."""
    item = await came(pair)
    case = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, case.number, Answer("Svar."), final=True)
    if state is CaseState.BESVART:
        with pytest.raises(Refused, match=r"case\.not_possible.*BESVART"):
            await sent_back(pair, item)
        assert (await pair.municipal.mail(item.inbound)).state is InboundState.LEVERT_INTERNT
        return
    await steps.close(pair.municipal.ports, HANDLER, case.number)
    await sent_back(pair, item)
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.LUKKET


async def test_a_plain_message_with_a_patient_goes_back_without_and_its_draft_ends(pair: Pair) -> None:
    """What a record system wrote is named by its id alone; the draft that it opened is FORKASTET."""
    await pair.municipal.take(
        plain_mail(Letter(), plain_document(GP_SERVICE, LEVANGER_SERVICE, "Vi savner epikrisen."))
    )
    (item,) = await pair.municipal.inbox(LEVANGER)
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.TIL_VURDERING
    await sent_back(pair, item)
    (_, document), *_ = [each for each in await sent_documents(pair.municipal) if b"DIALOG_AVVIK" in each[1]]
    assert not [word for word in (FAMILY_NAME, NUMBER) if word.encode() in document]
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.FORKASTET


async def test_a_feedback_that_is_misused_is_answered_with_another(pair: Pair) -> None:
    """HIS 1151 itself can be sent back, in its thread; the first one's case is left alone."""
    await report(pair.municipal, LEVANGER_SERVICE, GP_SERVICE)
    case = await settled(pair, pair.municipal, LEVANGER)
    document = feedback_document(GP_SERVICE, LEVANGER_SERVICE, about=str(case.first_msg_id), code="9")
    await pair.municipal.take(plain_mail(Letter(message_id="konvolutt"), document))
    (item,) = await pair.municipal.inbox(LEVANGER)
    head = await sent_back(pair, item, OTHER)
    assert (head.parent, head.conversation) == (item.msg_id, case.first_msg_id)
    assert await case_of(pair.municipal, LEVANGER) == case
    await pair.settle()
    assert head.msg_id in [item.msg_id for item in await pair.gp.inbox(GP)]


@pytest.mark.parametrize(("addressed", "speaks"), [(LEVANGER_WARD, LEVANGER_SERVICE), (VERDAL_RETIRED, VERDAL_SERVICE)])
async def test_the_one_addressed_sends_it_back_or_its_successor(pair: Pair, addressed: HerId, speaks: HerId) -> None:
    """The other side knows whom it sent to: the deviation service above a ward, and a retired one's heir."""
    # The GP's register has not heard yet that the nursing home is closed.
    late = registry(her_8090209={"valid_to": "2030-01-01"})
    pair.gp.ports = replace(pair.gp.ports, policy=replace(pair.gp.ports.policy, registry=late))
    item = await came(pair, addressed)
    owner = pair.municipal.ports.policy.owner_of(addressed)
    assert owner is not None
    head = await sent_back(pair, item, who=Person(Role.SAKSBEHANDLER, owner, "Siri Berg"))
    assert head.sender_her == speaks
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.FEILADRESSERT


async def test_a_receiver_without_the_function_is_told_otherwise(pair: Pair) -> None:
    """Where the register says that the sender takes no DIALOG_AVVIK nothing is sent, and the person hears it."""
    item = await came(pair)
    pair.use(registry(her_8090301={"functions": ["DIALOG_HELSEFAGLIG"]}))
    with pytest.raises(Refused, match=r"message\.feedback_not_taken .*DIALOG_AVVIK"):
        await sent_back(pair, item)
    assert (await pair.municipal.mail(item.inbound)).state is InboundState.LEVERT_INTERNT


async def test_whoever_was_called_about_the_mail_need_look_no_more(pair: Pair) -> None:
    """Sent back, a mail has nothing open."""
    await pair.submit(GP_SERVICE, LEVANGER_WARD)
    await pair.settle()
    (item,) = await pair.municipal.inbox(LEVANGER)
    assert [task.cause for task in await pair.municipal.tasks()] == ["addressed elsewhere"]
    await sent_back(pair, item)
    assert await pair.municipal.tasks() == []
