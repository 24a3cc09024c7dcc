"""What a GP wrote with a patient in its head: a case without it, and the original behind a look that is logged."""

from dataclasses import replace

import pytest

from engine.case.roles import MAY, Duty
from engine.casework import steps
from engine.casework.originals import LOOKED, NOT_SHOWN, original
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.payload.msghead import read_msghead
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, events_of, report
from tests.fakes.partners.epj import FAMILY_NAME, GIVEN_NAME, NUMBER, plain_document, plain_mail
from tests.fakes.partners.forgery import Letter
from tests.fakes.store.breaking import BreakingStore, Died
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL

TEXT = "Vi fikk ingen epikrise etter utskrivningen."
DOCUMENT = plain_document(GP_SERVICE, LEVANGER_SERVICE, TEXT)
HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
WHY = "Må finne pasienten for å svare"


@pytest.fixture
async def drafted(pair: Pair) -> Pair:
    """Give two engines after a GP's plain message with a patient came to Levanger's deviation service."""
    await pair.municipal.take(plain_mail(Letter(), DOCUMENT))
    return pair


async def looks(pair: Pair) -> list[tuple[str, str, dict[str, str]]]:
    """Return who has looked behind Levanger's case, or wanted to."""
    events = await events_of(pair.municipal, await case_of(pair.municipal, LEVANGER))
    return [(event.action, event.actor, event.data) for event in events if event.action in {LOOKED, NOT_SHOWN}]


def test_the_message_names_its_patient() -> None:
    """The document that these tests start from has a patient in its head, as a record system writes it."""
    assert read_msghead(DOCUMENT).has_patient
    assert all(word.encode() in DOCUMENT for word in (FAMILY_NAME, GIVEN_NAME, NUMBER))


async def test_nothing_but_the_document_has_the_patient(drafted: Pair) -> None:
    """Case, content, inbox listing, tasks, events and message rows hold the text at most, and nothing of the head."""
    store = drafted.municipal.ports.store
    case, content = await steps.look(
        drafted.municipal.ports, HANDLER, (await case_of(drafted.municipal, LEVANGER)).number
    )
    assert (case.state, content.description) == (CaseState.TIL_VURDERING, TEXT)
    rows = [case, content, await store.list_inbox(LEVANGER), await store.list_tasks(LEVANGER, open_only=False)]
    rows += [await events_of(drafted.municipal, case), await store.list_inbound(LEVANGER), store.tables.events]
    rows += [await drafted.municipal.outbound()]
    assert not [word for word in (FAMILY_NAME, GIVEN_NAME, NUMBER) if word in repr(rows)]


async def test_the_answer_to_it_has_no_patient_either(drafted: Pair) -> None:
    """What goes back in the thread names no patient, though the message that it answers did."""
    ports, number = drafted.municipal.ports, (await case_of(drafted.municipal, LEVANGER)).number
    await steps.register(ports, HANDLER, number)
    await steps.answer(ports, HANDLER, number, Answer("Epikrisen er ettersendt."), final=True)
    documents = [found for _, _, found in ports.store.tables.outbound.values() if found]
    assert len(documents) == 2
    assert not [word for word in (FAMILY_NAME, GIVEN_NAME, NUMBER) for found in documents if word.encode() in found]


async def test_who_treats_the_case_reads_the_original_and_every_look_is_logged(drafted: Pair) -> None:
    """The document comes back as it was sent; each look is logged with who and why, and with nothing that it says."""
    number = (await case_of(drafted.municipal, LEVANGER)).number
    for _ in range(2):
        assert await original(drafted.municipal.ports, HANDLER, number, WHY) == DOCUMENT
    assert await looks(drafted) == [(LOOKED, str(HANDLER), {"reason": WHY})] * 2


@pytest.mark.parametrize("role", sorted(set(Role) - MAY[Duty.READ_ORIGINALS]))
async def test_other_roles_get_nothing_and_are_logged(drafted: Pair, role: Role) -> None:
    """Whoever does not treat cases is refused with who may, and that they asked is logged without their words."""
    who, number = Person(role, LEVANGER), (await case_of(drafted.municipal, LEVANGER)).number
    with pytest.raises(Refused, match=r"case\.may_not.*saksbehandler"):
        await original(drafted.municipal.ports, who, number, WHY)
    assert await looks(drafted) == [(NOT_SHOWN, str(who), {})]


@pytest.mark.parametrize("her", [VERDAL, GP])
async def test_other_owners_get_nothing_and_learn_nothing(drafted: Pair, her: str) -> None:
    """A neighbour in the same engine hears that there is no such case, by number and by id; a stranger even less."""
    case = await case_of(drafted.municipal, LEVANGER)
    for role in (Role.SAKSBEHANDLER, Role.DRIFT):
        for number in (case.number, str(case.id)):
            with pytest.raises(Refused, match=r"case\.not_found|party\.not_served"):
                await original(drafted.municipal.ports, Person(role, her), number, WHY)
    assert await looks(drafted) == []


@pytest.mark.parametrize("reason", ["", "  ", f"Gjelder {NUMBER}", "Gjelder 158202 50068"])
async def test_a_reason_is_needed_and_names_nobody(drafted: Pair, reason: str) -> None:
    """Without a reason, or with a national number in it, nothing is shown, and the number is not repeated."""
    number = (await case_of(drafted.municipal, LEVANGER)).number
    with pytest.raises(Refused) as refused:
        await original(drafted.municipal.ports, HANDLER, number, reason)
    assert NUMBER not in str(refused.value)
    assert await looks(drafted) == []


async def test_a_look_that_was_not_committed_shows_nothing() -> None:
    """When the commit of the log line fails, the caller gets the failure and no document."""
    pair = Pair()
    await pair.municipal.take(plain_mail(Letter(), DOCUMENT))
    number = (await case_of(pair.municipal, LEVANGER)).number
    store = BreakingStore(1, "before")
    store.tables = pair.municipal.ports.store.tables
    pair.municipal.ports = replace(pair.municipal.ports, store=store)
    with pytest.raises(Died):
        await original(pair.municipal.ports, HANDLER, number, WHY)
    assert await looks(pair) == []


async def test_a_case_of_our_own_has_no_original(pair: Pair) -> None:
    """What we reported ourselves came from nobody: the refusal says so, and nothing is logged as seen."""
    case = await report(pair.municipal, LEVANGER_SERVICE, GP_SERVICE)
    with pytest.raises(Refused, match=r"case\.no_original"):
        await original(pair.municipal.ports, HANDLER, case.number, WHY)
    assert await looks(pair) == []


async def test_two_senders_may_use_the_same_id(drafted: Pair) -> None:
    """The original is the sender's own document, though another partner used the same MsgId."""
    other = plain_document(VERDAL, LEVANGER_SERVICE, "Noe annet.")
    letter = Letter(VERDAL, LEVANGER_SERVICE, signer=VERDAL, message_id="melding-2")
    await drafted.municipal.take(plain_mail(letter, other))
    found = {case.their_her: case.number for case in await drafted.municipal.ports.store.list_cases(LEVANGER)}
    assert await original(drafted.municipal.ports, HANDLER, found[GP_SERVICE], WHY) == DOCUMENT
    assert await original(drafted.municipal.ports, HANDLER, found[VERDAL], WHY) == other
