"""What a partner says is wrong with a message of ours (HIS 1151): tied to the message and its case, moving no other."""

import pytest

from engine.case.record import Case
from engine.casework import steps
from engine.casework.reading import read_case
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.inbox.reading import read_item
from engine.operations.partner_word import partner_word
from engine.payload.apprec import read_apprec
from engine.payload.attachment import Attachment
from engine.records.log import Action, TaskCause
from engine.records.messages import IncomingMail, Kind
from engine.records.work import WorkKind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.engines.reporting import case_of, events_of, report, sent_documents, settled
from tests.fakes.partners.documents import reply
from tests.fakes.partners.epj import FAMILY_NAME, GIVEN_NAME, NUMBER, plain_mail
from tests.fakes.partners.feedback import WORDS, feedback_document
from tests.fakes.partners.forgery import Letter, loses, payload_mail
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    KARI,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    VERDAL,
    VERDAL_SERVICE,
    registry,
)
from tests.fakes.world.surroundings import DEVIATION

ASSURER, REPORTER = Person(Role.KVALITETSSIKRER, GP, "Kjell Krog"), Person(Role.MELDER, GP_SERVICE, "Mette Moe")
GP_HANDLER, HANDLER = (
    Person(Role.SAKSBEHANDLER, GP_SERVICE, "Siri Berg"),
    Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg"),
)
MOVES_NOTHING = ("2", "9", "77")


async def reported(pair: Pair) -> Case:
    """Bring a deviation of the GP's to Levanger."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    return await settled(pair, pair.gp, GP)


async def told(
    pair: Pair, *, sender: tuple[str, str] = (LEVANGER, LEVANGER_SERVICE), msg_id: str = "feil-1", **how: str
) -> IncomingMail:
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
    mail = await told(pair, about=str(case.first_msg_id))
    assert (mail.state, len(await pair.gp.inbox(GP))) == (InboundState.LEVERT_INTERNT, 1)
    (receipt,) = [document for _, document in await sent_documents(pair.gp, Kind.APPREC)]
    assert (read_apprec(receipt).version, read_apprec(receipt).status) == ("1.0", 1)
    assert (await ours(pair)).state is CaseState.FEILADRESSERT
    assert await causes(pair.gp, "kvalitetssikrer") == [CaseState.FEILADRESSERT]
    assert case.delivery is not None
    for subject in (case.delivery, case.id):
        events = [row.event for row in await pair.gp.ports.store.timeline(GP, subject)]
        (event,) = [event for event in events if event.action == Action.FEEDBACK_RECEIVED]
        assert (event.actor, event.data["code"], event.data["mail"]) == (f"HER {LEVANGER_SERVICE}", "1", str(mail.id))
    with pytest.raises(Refused, match=r"case\.no_new_receiver"):
        await steps.send(pair.gp.ports, ASSURER, case.number)
    await steps.send(pair.gp.ports, ASSURER, case.number, VERDAL_SERVICE)
    moved = await settled(pair, pair.gp, GP)
    assert (moved.state, moved.their_her, moved.sending_number) == (CaseState.LEVERT, VERDAL_SERVICE, 2)
    assert (await case_of(pair.municipal, VERDAL)).state is CaseState.UNDER_BEHANDLING


@pytest.mark.parametrize("code", MOVES_NOTHING)
async def test_any_other_code_calls_a_person_and_leaves_the_clock_running(pair: Pair, code: str) -> None:
    """Annet, the withdrawn 2 and what nobody knows: nothing of the case changes, and its reminder leaves when due."""
    case = await reported(pair)
    await told(pair, about=str(case.first_msg_id), code=code)
    assert await ours(pair) == case
    (task,) = await pair.gp.tasks("kvalitetssikrer")
    assert (task.cause, case.number in task.text, WORDS in task.text) == (TaskCause.FEEDBACK, True, False)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.PURRET


async def test_code_1_of_another_list_is_no_wrong_addressee(pair: Pair) -> None:
    """Only 8117 says that 1 is Feil adressat."""
    case = await reported(pair)
    await told(pair, about=str(case.first_msg_id), system="2.16.578.1.12.4.1.1.7321")
    assert (await ours(pair)).state is CaseState.LEVERT


@pytest.mark.parametrize("by", ["DokIdNotat", "thread"])
async def test_message_may_be_named_otherwise_where_the_parent_names_none_of_ours(pair: Pair, by: str) -> None:
    """DokIdNotat points at it, or the first message of the thread is it."""
    case = await reported(pair)
    named = {"dok_id" if by == "DokIdNotat" else "conversation": str(case.first_msg_id)}
    await told(pair, about="deres-egen-id", **named)
    assert (await ours(pair)).state is CaseState.FEILADRESSERT


@pytest.mark.parametrize(("receiver", "sender"), [(LEVANGER_SERVICE, LEVANGER), (LEVANGER, LEVANGER_WARD)])
async def test_enterprise_and_what_is_below_the_receiver_may_send_it_back(
    pair: Pair, receiver: str, sender: str
) -> None:
    """The receiver's parent and its child are believed as the receiver is."""
    # Without a deviation service of its own an enterprise gets its deviations itself.
    pair.use(registry(her_8090100={"deviation_service": LEVANGER_SERVICE if receiver == LEVANGER_SERVICE else None}))
    await report(pair.gp, GP_SERVICE, receiver)
    case = await settled(pair, pair.gp, GP)
    await told(pair, about=str(case.first_msg_id), sender=(LEVANGER, sender))
    assert (await ours(pair)).state is CaseState.FEILADRESSERT


@pytest.mark.parametrize("sender", [(VERDAL, VERDAL_SERVICE), (LEVANGER, LEVANGER_WARD)])
async def test_whoever_did_not_get_the_message_moves_nothing(pair: Pair, sender: tuple[str, str]) -> None:
    """Another enterprise, and another unit of the receiver's: kept and shown with a task; no word of it is kept."""
    case = await reported(pair)
    assert case.delivery is not None
    before = await pair.gp.ports.store.timeline(GP, case.delivery)
    mail = await told(pair, about=str(case.first_msg_id), sender=sender)
    assert (mail.state, await ours(pair)) == (InboundState.LEVERT_INTERNT, case)
    assert await pair.gp.ports.store.timeline(GP, case.delivery) == before
    assert await causes(pair.gp, "drift") == ["feedback from a stranger"]
    assert await partner_word(pair.gp.ports.store, pair.gp.ports.clock, KARI, GP, case.delivery) == ""


@pytest.mark.parametrize("about", [None, "ukjent"])
async def test_feedback_on_nothing_of_ours_is_shown_and_opens_no_case(pair: Pair, about: str | None) -> None:
    """At the deviation service too it is no draft of a case: it lies in the inbox with a task."""
    mail = await told(pair, about=about)
    assert mail.state is InboundState.LEVERT_INTERNT
    assert await pair.gp.ports.store.list_cases(GP) == []
    assert await causes(pair.gp, "drift") == ["feedback on no message of ours"]


async def test_feedback_to_a_neighbour_finds_nothing(pair: Pair) -> None:
    """A message of Levanger's is none of Verdal's, though one engine serves both."""
    await report(pair.municipal, LEVANGER_SERVICE, GP_SERVICE)
    case = await settled(pair, pair.municipal, LEVANGER)
    document = feedback_document(GP_SERVICE, VERDAL_SERVICE, about=str(case.first_msg_id))
    letter = Letter(GP, VERDAL, GP, VERDAL, message_id="konvolutt", at=pair.clock.now())
    await pair.municipal.take(plain_mail(letter, document))
    assert await case_of(pair.municipal, LEVANGER) == case
    assert await causes(pair.municipal, "drift") == ["feedback on no message of ours"]
    assert await pair.municipal.ports.store.list_cases(VERDAL) == []


async def test_feedback_before_the_apprec_is_taken_and_the_apprec_changes_nothing(pair: Pair) -> None:
    """What crosses: the case is given back at once, and stays so when its Acknowledgment and AppRec come."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle(loses("APPREC", "Acknowledgment"))
    case = await ours(pair)
    assert case.state is CaseState.SENDES
    await told(pair, about=str(case.first_msg_id))
    assert (await ours(pair)).state is CaseState.FEILADRESSERT
    pair.clock.advance(hours=13)
    await pair.settle()
    assert (await ours(pair)).state is CaseState.FEILADRESSERT
    pair.clock.advance(days=60)
    await pair.settle()
    assert "wrong addressee" in [event.action for event in await events_of(pair.gp, case)]
    assert await reminders(pair) == []


async def reminders(pair: Pair) -> list[DeliveryState]:
    """Return the states of what the GP has sent beside the deviation itself."""
    rows = [row for row in await pair.gp.outbound() if row.kind is Kind.MELDING]
    return [row.state for row in rows][1:]


@pytest.mark.parametrize("state", [CaseState.BESVART, CaseState.LUKKET, CaseState.TRUKKET])
async def test_feedback_on_a_case_that_is_over_is_shown_and_moves_nothing(pair: Pair, state: CaseState) -> None:
    """Answered, closed or withdrawn: it stays so, and a person reads what the other side says now."""
    case = await reported(pair)
    if state is CaseState.TRUKKET:
        await steps.withdraw(pair.gp.ports, REPORTER, case.number, "Meldt feil")
    else:
        theirs = await case_of(pair.municipal, LEVANGER)
        await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    await pair.settle()
    if state is CaseState.LUKKET:
        await steps.close(pair.gp.ports, GP_HANDLER, case.number)
    await told(pair, about=str(case.first_msg_id))
    assert (await ours(pair)).state is state
    tasks = [task for task in await pair.gp.ports.store.list_tasks(GP) if task.cause == "wrong addressee"]
    said = str(Statement.of(CaseTaskCode.MISADDRESSED_TOO_LATE, number=case.number))
    assert [task.text for task in tasks] == [said]


async def test_the_same_feedback_twice_is_known_and_a_second_one_is_only_logged(pair: Pair) -> None:
    """The same document is a duplicate; another of the same meaning finds the case where it is."""
    case = await reported(pair)
    await told(pair, about=str(case.first_msg_id))
    document = feedback_document(LEVANGER_SERVICE, GP_SERVICE, about=str(case.first_msg_id), at=pair.clock.now())
    letter = Letter(LEVANGER, GP, LEVANGER, GP, message_id="konvolutt-igjen", at=pair.clock.now())
    assert (await pair.gp.take(plain_mail(letter, document))).state is InboundState.DUPLIKAT_FAG
    before = await ours(pair)
    await told(pair, about=str(case.first_msg_id), msg_id="feil-2")
    assert await ours(pair) == before
    assert len(await pair.gp.tasks("kvalitetssikrer")) == 1


async def test_a_reminder_that_has_not_left_is_called_back(pair: Pair) -> None:
    """Queued while no mail server takes it, and then the case comes back: the reminder is cancelled."""
    case = await reported(pair)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    await pair.gp.work(WorkKind.SAK)
    assert await reminders(pair) == [DeliveryState.KO]
    await told(pair, about=str(case.first_msg_id))
    assert await reminders(pair) == [DeliveryState.KANSELLERT]
    back = await ours(pair)
    assert (back.state, back.reminded_at) == (CaseState.FEILADRESSERT, None)


async def test_the_reminder_sent_back_is_the_case_sent_back(pair: Pair) -> None:
    """Whoever says that the reminder came to the wrong addressee says so of the deviation; the next leg has its own."""
    case = await reported(pair)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    reminded = await settled(pair, pair.gp, GP)
    await told(pair, about=str(reminded.last_msg_id), conversation="deres-egen-samtale")
    assert (await ours(pair)).state is CaseState.FEILADRESSERT
    await steps.send(pair.gp.ports, ASSURER, case.number, VERDAL_SERVICE)
    anew = await settled(pair, pair.gp, GP)
    assert anew.reminder_at is not None
    pair.clock.set(anew.reminder_at)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.PURRET


async def test_feedback_on_the_former_leg_calls_a_person(pair: Pair) -> None:
    """When the case is with another, what the first receiver says of the first message moves nothing."""
    case = await reported(pair)
    await told(pair, about=str(case.first_msg_id))
    await steps.send(pair.gp.ports, ASSURER, case.number, VERDAL_SERVICE)
    moved = await settled(pair, pair.gp, GP)
    await told(pair, about=str(case.first_msg_id), msg_id="feil-2")
    assert await ours(pair) == moved
    assert await causes(pair.gp, "drift") == [TaskCause.FEEDBACK]


async def test_feedback_on_our_answer_is_a_task_and_the_case_stays(pair: Pair) -> None:
    """An answer that went wrong is the handler's to follow up; what it answers is not misaddressed."""
    await reported(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    answered = await settled(pair, pair.municipal, LEVANGER)
    document = feedback_document(
        GP_SERVICE, LEVANGER_SERVICE, about=str(answered.last_msg_id), conversation=str(answered.first_msg_id)
    )
    letter = Letter(GP, LEVANGER, GP, LEVANGER, message_id="konvolutt", at=pair.clock.now())
    await pair.municipal.take(plain_mail(letter, document))
    assert await case_of(pair.municipal, LEVANGER) == answered
    assert TaskCause.FEEDBACK in await causes(pair.municipal, "saksbehandler")
    assert Action.FEEDBACK_RECEIVED in [event.action for event in await events_of(pair.municipal, answered)]


async def test_a_reply_after_it_that_is_judged_interim_reminds_nobody(pair: Pair) -> None:
    """Free text from the wrong addressee interrupts; judged interim, the case is back where it waits for us."""
    case = await reported(pair)
    await told(pair, about=str(case.first_msg_id))
    letter = Letter(LEVANGER, GP, LEVANGER, GP, message_id="konvolutt-svar", at=pair.clock.now())
    await pair.gp.take(payload_mail(letter, reply(str(case.first_msg_id))))
    assert (await ours(pair)).state is CaseState.SVAR_IKKE_VURDERT
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, case.number, final=False)
    assert (await ours(pair)).state is CaseState.FEILADRESSERT
    pair.clock.advance(days=90)
    await pair.settle()
    assert await reminders(pair) == []


async def test_its_words_are_read_by_people_with_the_look_logged_and_stand_nowhere_else(pair: Pair) -> None:
    """Unchanged on our message, in the inbox and in the case's thread; the patient in its head is in neither."""
    case = await reported(pair)
    assert case.delivery is not None
    mail = await told(pair, about=str(case.first_msg_id))
    assert (
        await partner_word(pair.gp.ports.store, pair.gp.ports.clock, KARI, GP, case.delivery)
        == f"Feil mottaker\n{WORDS}"
    )
    look = (await pair.gp.ports.store.timeline(GP, case.delivery))[-1].event
    assert (look.action, look.actor) == ("looked at", "drift kari")
    (item,) = await pair.gp.inbox(GP)
    assert WORDS.encode() in await read_item(pair.gp.ports, REPORTER, str(item.id))
    assert [each.text for each in (await read_case(pair.gp.ports, REPORTER, case.number)).thread] == [WORDS]
    store = pair.gp.ports.store
    clear = [store.tables.events, await store.list_tasks(GP, open_only=False), await store.list_cases(GP), mail]
    assert not [word for word in (WORDS, FAMILY_NAME, GIVEN_NAME, NUMBER) if word in repr(clear)]
    async with store.begin() as unit:
        content = await unit.case_content(GP, case.id)
    assert content is not None
    assert not [word for word in (WORDS, FAMILY_NAME, NUMBER) if word.encode() in content]


@pytest.mark.parametrize("mime", ["application/vnd.samvik.deviation+xml", "text/xml"])
async def test_a_deviation_inside_is_refused_whatever_the_attachment_is_called(pair: Pair, mime: str) -> None:
    """AppRec 2 in version 1.0 says that no deviation may travel so; nothing lies in the inbox, and no case opens."""
    inside = Attachment("avvik.xml", mime, DEVIATION)
    document = reply("ukjent", attachments=[inside], carrier="dialog-1.0", text="Se vedlegget.")
    document = document.replace(b'V="DIALOG_NOTAT"', b'V="DIALOG_AVVIK"')
    letter = Letter(LEVANGER, GP, LEVANGER, GP, message_id="konvolutt", at=pair.clock.now())
    mail = await pair.gp.take(plain_mail(letter, document))
    assert (mail.state, await pair.gp.inbox(GP)) == (InboundState.AVVIST_APP, [])
    assert await pair.gp.ports.store.list_cases(GP) == []
    (receipt,) = [read_apprec(document) for _, document in await sent_documents(pair.gp, Kind.APPREC)]
    (error,) = receipt.errors
    assert (receipt.status, receipt.version, error.code) == (2, "1.0", "T10")
    assert "samhandlingsavvik skal aldri sendes som DIALOG_AVVIK" in error.detail
