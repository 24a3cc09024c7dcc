"""Which case a message in a thread belongs to: RefToConversation, then RefToParent, which may be any message of it."""

from collections.abc import Sequence

import pytest

from engine.case.record import Case
from engine.casework import steps
from engine.deviation.follow_up import FollowUpKind
from engine.payload.attachment import Attachment
from engine.records.messages import IncomingMail
from engine.states.case import CaseState
from engine.states.inbound import InboundState
from tests.fakes.engines.history import HANDLER, REPORTER
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.engines.reporting import case_of, report, sent_documents, settled
from tests.fakes.partners.documents import follow_up, reply
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_RETIRED, VERDAL_SERVICE

OWN = "samtalen-i-fagsystemet"


@pytest.fixture
def pair() -> Pair:
    """Give two engines."""
    return Pair()


async def reported(pair: Pair) -> Case:
    """Bring a case to the other side."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    return await settled(pair, pair.gp, GP)


async def reminded(pair: Pair) -> Case:
    """Bring a case to its reminder."""
    case = await reported(pair)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    return await settled(pair, pair.gp, GP)


async def answered(
    pair: Pair,
    conversation: object,
    parent: object,
    attachments: Sequence[Attachment] = (),
    *,
    msg_id: str = "svar-1",
    sender: tuple[str, str] = (LEVANGER, LEVANGER_SERVICE),
) -> IncomingMail:
    """Let a record system write to the GP in whatever thread it names, and return what became of the mail."""
    enterprise, service = sender
    document = reply(str(conversation), msg_id, parent=str(parent), sender=service, attachments=attachments)
    letter = Letter(enterprise, GP, enterprise, GP, message_id=f"konvolutt-{msg_id}", at=pair.clock.now())
    return await pair.gp.take(payload_mail(letter, document))


async def to_levanger(pair: Pair, conversation: str, parent: object, *attachments: Attachment) -> IncomingMail:
    """Let the GP's record system write to the municipality."""
    document = reply(conversation, "fra-melder", parent=str(parent), sender=GP_SERVICE, receiver=LEVANGER_SERVICE,
                     attachments=attachments)  # fmt: skip
    letter = Letter(GP, LEVANGER, GP, LEVANGER, message_id="konvolutt-fra-melder", at=pair.clock.now())
    return await pair.municipal.take(payload_mail(letter, document))


async def states(side: Side, owner: str) -> list[CaseState]:
    """Return the states of a party's cases."""
    return [case.state for case in await side.ports.store.list_cases(owner)]


@pytest.mark.parametrize("conversation", [OWN, "svar-1", "parent"])
async def test_answer_with_the_right_parent_and_any_conversation_is_the_cases(pair: Pair, conversation: str) -> None:
    """A RefToConversation of the record system's own, its own MsgId or the parent's: the parent counts."""
    case = await reported(pair)
    await answered(pair, case.first_msg_id if conversation == "parent" else conversation, case.first_msg_id)
    assert await states(pair.gp, GP) == [CaseState.SVAR_IKKE_VURDERT]


@pytest.mark.parametrize("conversation", [OWN, "the reminder"])
async def test_answer_to_the_reminder_is_the_cases(pair: Pair, conversation: str) -> None:
    """An answer that names nothing but our reminder, once or twice, answers the case."""
    case = await reminded(pair)
    assert case.last_msg_id != case.first_msg_id
    await answered(
        pair, OWN if conversation == OWN else case.last_msg_id, case.last_msg_id, [follow_up(FollowUpKind.SVAR)]
    )
    assert await states(pair.gp, GP) == [CaseState.BESVART]


async def test_answer_to_their_own_earlier_message_is_the_cases(pair: Pair) -> None:
    """A chain of a record system's own messages is followed back to the deviation that the first one answered."""
    case = await reported(pair)
    interim, final = follow_up(FollowUpKind.FORELOPIG_SVAR), follow_up(FollowUpKind.SVAR)
    await answered(pair, OWN, case.first_msg_id, [interim], msg_id="forelopig")
    await answered(pair, OWN, "forelopig", [interim], msg_id="forelopig-2")
    await answered(pair, OWN, "forelopig-2", [final], msg_id="endelig")
    assert await states(pair.gp, GP) == [CaseState.BESVART]


async def test_reporters_word_about_the_confirmation_or_the_answer_is_the_cases(pair: Pair) -> None:
    """At the receiving side too the parent may be any message of ours: here the confirmation."""
    await reported(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    *_, (confirmation, _) = await sent_documents(pair.municipal)
    await to_levanger(pair, OWN, confirmation.msg_id, follow_up(FollowUpKind.TRUKKET))
    assert await states(pair.municipal, LEVANGER) == [CaseState.TRUKKET]


async def test_answer_to_the_withdrawal_opens_no_case(pair: Pair) -> None:
    """An answer that names our withdrawal belongs to the case that was withdrawn."""
    case = await reported(pair)
    await steps.withdraw(pair.gp.ports, REPORTER, case.number, "Meldt feil")
    *_, (withdrawal, _) = await sent_documents(pair.gp)
    await answered(pair, withdrawal.msg_id, withdrawal.msg_id, [follow_up(FollowUpKind.SVAR)])
    assert await states(pair.gp, GP) == [CaseState.TRUKKET]


async def test_stranger_who_names_a_parent_moves_nothing(pair: Pair) -> None:
    """Whoever is no party of the case moves it by no reference, and a person is told."""
    case = await reported(pair)
    await answered(pair, OWN, case.first_msg_id, [follow_up(FollowUpKind.SVAR)], sender=(VERDAL, VERDAL_SERVICE))
    assert await states(pair.gp, GP) == [CaseState.LEVERT]
    assert [task.cause for task in await pair.gp.tasks()] == ["stranger in a thread"]


async def test_conversation_of_somebody_elses_case_does_not_hide_the_parent(pair: Pair) -> None:
    """Where the conversation is a case of other parties and the parent one of the sender's, the parent's is meant."""
    first = await reported(pair)
    await report(pair.gp, GP_SERVICE, VERDAL_SERVICE)
    await pair.settle()
    second = next(each for each in await pair.gp.ports.store.list_cases(GP) if each.their_her == VERDAL_SERVICE)
    await answered(pair, second.first_msg_id, first.first_msg_id)
    assert sorted(await states(pair.gp, GP)) == [CaseState.LEVERT, CaseState.SVAR_IKKE_VURDERT]


@pytest.mark.parametrize("thread", [True, False])
async def test_follow_up_that_fits_no_case_is_a_task(pair: Pair, thread: bool) -> None:
    """A message with our follow-up inside is no new deviation, whatever it names: it lies in the inbox with a task."""
    document = reply("ukjent", "fra-melder", sender=GP_SERVICE, receiver=LEVANGER_SERVICE,
                     attachments=[follow_up(FollowUpKind.PURRING)])  # fmt: skip
    if not thread:
        head, _, rest = document.partition(b"<ConversationRef>")
        document = head + rest.partition(b"</ConversationRef>")[2]
        assert b"RefToParent" not in document
    letter = Letter(GP, LEVANGER, GP, LEVANGER, message_id="konvolutt", at=pair.clock.now())
    await pair.municipal.take(payload_mail(letter, document))
    assert await states(pair.municipal, LEVANGER) == []
    assert "follow-up without a case" in {task.cause for task in await pair.municipal.tasks()}
    assert len(await pair.municipal.inbox(LEVANGER)) == 1


async def test_message_that_refers_to_itself_is_judged_as_any_other(pair: Pair) -> None:
    """References that go round in a circle lead nowhere: a plain message opens a case to be judged."""
    mail = await answered(pair, "a", "a", msg_id="a")
    assert (mail.state, await states(pair.gp, GP)) == (InboundState.LEVERT_INTERNT, [CaseState.TIL_VURDERING])


async def test_reply_to_a_retired_party_is_the_cases_by_its_parent_too(pair: Pair) -> None:
    """Long after its end a retired HER-id's mail goes to the successor where RefToParent alone names an open case."""
    await report(pair.municipal, VERDAL_SERVICE, GP_SERVICE)
    case = await settled(pair, pair.municipal, VERDAL)
    pair.clock.set(pair.clock.now().replace(month=6))
    await pair.settle()
    document = reply(OWN, parent=str(case.first_msg_id), sender=GP_SERVICE, receiver=VERDAL_RETIRED)
    letter = Letter(GP, VERDAL, GP, VERDAL, message_id="konvolutt", at=pair.clock.now())
    await pair.municipal.take(payload_mail(letter, document))
    assert (await case_of(pair.municipal, VERDAL)).state is CaseState.SVAR_IKKE_VURDERT
