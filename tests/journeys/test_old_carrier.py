"""A case with a partner whose agreement says dialog 1.0: every document, every receipt, and an answer from its EPJ."""

from dataclasses import replace

import pytest
from lxml import etree

from engine.case.record import Case
from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUpKind, read_follow_up
from engine.errors import Refused
from engine.payload.apprec import read_apprec
from engine.payload.msghead import read_msghead
from engine.records.messages import Kind
from engine.register.parties_file import registry_from
from engine.states.case import CaseState
from engine.states.inbound import InboundState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, report, sent_documents, settled
from tests.fakes.partners.epj import plain_document, plain_mail
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, table
from tests.samples import official_schema

V10 = "http://www.kith.no/xmlstds/dialog/2006-10-11"
APPREC_V11 = "http://www.kith.no/xmlstds/apprec/2012-02-15"
APPREC_V10 = "http://www.kith.no/xmlstds/apprec/2004-11-21"
HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
GP_HANDLER = Person(Role.SAKSBEHANDLER, GP_SERVICE, "Siri Berg")
REPORTER = Person(Role.MELDER, GP_SERVICE, "Mette Moe")


@pytest.fixture
def pair() -> Pair:
    """Give two engines: the GP and Levanger have agreed on dialog 1.0, the GP and Verdal on nothing."""
    agreement = {"between": [GP, LEVANGER], "carrier": "dialog-1.0", "confirm": "by_hand"}
    return Pair(registry_from({**table(), "agreement": [agreement]}))


async def documents(pair: Pair, kind: Kind) -> list[bytes]:
    """Return every document of a kind that either side has sent."""
    return [found for side in (pair.gp, pair.municipal) for _, found in await sent_documents(side, kind)]


async def follow_ups(pair: Pair) -> list[FollowUpKind]:
    """Return what has followed the deviation in its thread, from either side."""
    files = [file for found in await documents(pair, Kind.MELDING) for file in read_msghead(found).attachments]
    return [read_follow_up(file.content).kind for file in files if file.name == FOLLOW_UP_FILE]


async def check_carrier(pair: Pair, count: int) -> None:
    """Hold every document against the carrier: NOTAT with dialog 1.0, answered with AppRec 1.0, and never a patient."""
    found = await documents(pair, Kind.MELDING)
    assert len(found) == count
    for data in found:
        head = read_msghead(data)
        assert (head.type, head.dialog.version, head.dialog.kind) == ("DIALOG_NOTAT", "1.0", "Notat")
        assert (head.dialog.tema_system, head.dialog.tema_code) == ("2.16.578.1.12.4.1.1.7321", "2")
        assert (head.namespaces[1], head.has_patient) == (V10, False)
    receipts = await documents(pair, Kind.APPREC)
    assert len(receipts) == count
    for data in receipts:
        assert etree.fromstring(data).tag == f"{{{APPREC_V10}}}AppRec"
        assert read_apprec(data).status == 1
    rows = [row for side in (pair.gp, pair.municipal) for row in await side.outbound() if row.kind is Kind.MELDING]
    assert {row.header.service for row in rows} == {"S-DIALOG_NOTAT"}


async def check_official(pair: Pair) -> None:
    """Hold every document and receipt against the official schemas; skip with a reason where they are not here."""
    schema = official_schema()
    for kind in (Kind.MELDING, Kind.APPREC):
        for data in await documents(pair, kind):
            schema.assertValid(etree.fromstring(data))


async def treated(pair: Pair) -> tuple[Case, Case]:
    """Bring a case to the other side; return both sides' view."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    ours = await settled(pair, pair.gp, GP)
    return ours, await case_of(pair.municipal, LEVANGER)


@pytest.mark.parametrize("official", [False, True], ids=["the carrier", "the official schemas"])
async def test_whole_case_goes_as_dialog_1_0(pair: Pair, official: bool) -> None:
    """Deviation, confirmation, interim answer, reminder and answer go as dialog 1.0, each with an AppRec 1.0."""
    ours, theirs = await treated(pair)
    assert (ours.state, theirs.state) == (CaseState.LEVERT, CaseState.UNDER_BEHANDLING)
    assert theirs.partner_number == ours.number
    ports = pair.municipal.ports
    await steps.confirm(ports, HANDLER, theirs.number)
    await steps.answer(ports, HANDLER, theirs.number, Answer("Vi ser på det."), final=False)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.UNDER_BEHANDLING
    pair.clock.set(ours.reminder_at)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.PURRET
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.PURRET
    await steps.answer(ports, HANDLER, theirs.number, Answer("Ny rutine fra mandag."), final=True)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.BESVART
    kinds = FollowUpKind
    assert sorted(await follow_ups(pair)) == sorted(
        [kinds.PURRING, kinds.BEKREFTELSE, kinds.FORELOPIG_SVAR, kinds.SVAR]
    )
    await (check_official(pair) if official else check_carrier(pair, 5))


@pytest.mark.parametrize("official", [False, True], ids=["the carrier", "the official schemas"])
async def test_withdrawal_goes_as_dialog_1_0(pair: Pair, official: bool) -> None:
    """A withdrawal reaches the other side the same way, and both cases end."""
    ours, _ = await treated(pair)
    await steps.withdraw(pair.gp.ports, REPORTER, ours.number, "Gjaldt en annen avdeling")
    assert (await settled(pair, pair.gp, GP)).state is CaseState.TRUKKET
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.TRUKKET
    assert await follow_ups(pair) == [FollowUpKind.TRUKKET]
    await (check_official(pair) if official else check_carrier(pair, 2))


@pytest.mark.parametrize("official", [False, True], ids=["the case", "the official schemas"])
async def test_epj_answers_in_the_thread_and_a_person_judges_it(pair: Pair, official: bool) -> None:
    """A DIALOG_SVAR from an EPJ, with its patient, stops the reminder; judged final it is the answer."""
    ours, _ = await treated(pair)
    mail, document = answer_from_epj(ours)
    if official:
        official_schema().assertValid(etree.fromstring(document))
        return
    assert (await pair.gp.take(mail)).state is InboundState.LEVERT_INTERNT
    case = await case_of(pair.gp, GP)
    assert (case.state, case.interrupted_state) == (CaseState.SVAR_IKKE_VURDERT, CaseState.LEVERT)
    ((_, receipt),) = await sent_documents(pair.gp, Kind.APPREC)
    assert etree.fromstring(receipt).tag == f"{{{APPREC_V10}}}AppRec"
    pair.clock.set(ours.reminder_at)
    await pair.settle()
    assert FollowUpKind.PURRING not in await follow_ups(pair)


@pytest.mark.parametrize(("final", "follows"), [(True, CaseState.BESVART), (False, CaseState.LEVERT)])
async def test_judgement_of_an_epj_answer(pair: Pair, final: bool, follows: CaseState) -> None:
    """Final ends the clock for good; interim lets the same clock go on, and the one reminder leaves on its day."""
    ours, _ = await treated(pair)
    await pair.gp.take(answer_from_epj(ours)[0])
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, ours.number, final=final)
    assert (await case_of(pair.gp, GP)).state is follows
    pair.clock.set(ours.reminder_at)
    await pair.settle()
    assert (FollowUpKind.PURRING in await follow_ups(pair)) is not final


def answer_from_epj(ours: Case) -> tuple[bytes, bytes]:
    """Return the mail, and its document, that Levanger's record system answers a case of the GP's with."""
    assert ours.first_msg_id is not None
    thread = (ours.first_msg_id, ours.first_msg_id)
    document = plain_document(LEVANGER_SERVICE, GP_SERVICE, "Epikrisen er ettersendt.", thread=thread)
    return plain_mail(Letter(LEVANGER_SERVICE, GP_SERVICE, signer=LEVANGER, readable_by=GP), document), document


async def test_each_partner_gets_its_own_carrier(pair: Pair) -> None:
    """What one partner agreed on is not what another gets: Verdal has no agreement, and gets dialog 1.1."""
    await report(pair.gp, GP_SERVICE, VERDAL_SERVICE)
    await pair.settle()
    ((_, document),) = await sent_documents(pair.gp)
    assert read_msghead(document).dialog.version == "1.1"
    assert (await case_of(pair.municipal, VERDAL)).state is CaseState.UNDER_BEHANDLING


async def test_agreement_that_changes_during_a_case_counts_from_then_on(pair: Pair) -> None:
    """A case that began as dialog 1.1 is answered as dialog 1.0 once the parties have agreed on it."""
    register = pair.gp.ports.policy.registry
    pair.use(registry_from(table()))
    ours, theirs = await treated(pair)
    pair.use(register)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.BESVART
    versions = [read_msghead(found).dialog.version for found in await documents(pair, Kind.MELDING)]
    assert (versions, ours.state) == (["1.1", "1.0"], CaseState.LEVERT)


async def test_receiver_that_takes_other_functions_only_is_not_sent_to(pair: Pair) -> None:
    """Where the register says that the receiver takes no DIALOG_NOTAT, nothing leaves and the case stays approved."""
    rows = table(her_8090101={"functions": ["DIALOG_HELSEFAGLIG"]})
    agreement = {"between": [GP, LEVANGER], "carrier": "dialog-1.0"}
    pair.gp.ports = replace(
        pair.gp.ports, policy=replace(pair.gp.ports.policy, registry=registry_from({**rows, "agreement": [agreement]}))
    )
    with pytest.raises(Refused, match=r"message\.function_not_taken"):
        await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    assert (await case_of(pair.gp, GP)).state is CaseState.GODKJENT
    assert await sent_documents(pair.gp) == []


async def test_unreadable_document_is_refused_in_the_version_that_is_agreed(pair: Pair) -> None:
    """What says nothing of its version is refused with AppRec 1.0 where dialog 1.0 is agreed, else with 1.1."""
    await pair.municipal.take(payload_mail(Letter(), b"<MsgHead"))
    letter = Letter(receiver=VERDAL_SERVICE, readable_by=VERDAL, message_id="melding-2")
    await pair.municipal.take(payload_mail(letter, b"<MsgHead"))
    receipts = await sent_documents(pair.municipal, Kind.APPREC)
    roots = {row.owner: etree.fromstring(found).tag for row, found in receipts}
    assert roots == {LEVANGER: f"{{{APPREC_V10}}}AppRec", VERDAL: f"{{{APPREC_V11}}}AppRec"}
    assert {read_apprec(found).status for _, found in receipts} == {2}
