"""All deviations between two enterprises go from deviation service to deviation service (process.md R11, R14, R15)."""

from dataclasses import replace

import pytest

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.deviation.xml import read_deviation
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.payload.dialog import Notat
from engine.payload.msghead import build_msghead
from engine.states.role import Role
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.partners.documents import party
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP, GP_SERVICE, HOSPITAL, LEVANGER, LEVANGER_SERVICE, VERDAL, test_keys
from tests.fakes.world.region import COORDINATION, EMERGENCY, HOSTED, region
from tests.fakes.world.surroundings import CARRIERS, DEVIATION

REGION = region()
SERVICES = {HOSPITAL: COORDINATION, LEVANGER: LEVANGER_SERVICE}
OPEN = [each.her for each in REGION.all() if each.is_open(START)]
OURS = [her for her in OPEN if REGION.root(her) in HOSTED]


@pytest.fixture
def engine() -> Side:
    """Give the engine that serves the hospital trust and two municipalities."""
    pair = Pair(REGION)
    policy = replace(pair.municipal.ports.policy, hosted=HOSTED)
    pair.municipal.ports = replace(pair.municipal.ports, keys=MemoryKeys(test_keys(), HOSTED), policy=policy)
    return pair.municipal


def service_of(her: HerId) -> HerId:
    """Return whom deviations of a party go through, as the parties file says it for its enterprise."""
    named = REGION.get(REGION.root(her)).deviation_service
    return named or her


def deviation_from(sender: HerId, receiver: HerId) -> bytes:
    """Return a deviation as a partner with Samvik writes it, addressed to whomever it likes."""
    return build_msghead(
        CARRIERS["samvik-1"],
        msg_id="avvik-1",
        gen_date=START,
        sender=party(sender, REGION),
        receiver=party(receiver, REGION),
        conversation=None,
        notat=Notat("AVVIK-2026-000001", "Tekst.", "1", None),
        attachments=[Attachment(FILE_NAME, MIME_TYPE, DEVIATION)],
        test=True,
    )


async def test_whoever_reports_to_whomever_it_goes_from_service_to_service(engine: Side) -> None:
    """A draft between two enterprises has their deviation services as its sides, whichever departments are meant."""
    tried = 0
    for writer in OURS:
        for receiver in OPEN:
            if REGION.root(writer) == REGION.root(receiver):
                continue
            who = Person(Role.MELDER, writer, "Mette Moe")
            case = await steps.new(engine.ports, who, read_deviation(DEVIATION), receiver)
            assert (case.our_her, case.their_her) == (service_of(writer), service_of(receiver))
            tried += 1
    assert tried > 50


@pytest.mark.parametrize("addressed", OURS)
async def test_a_deviation_reaches_the_service_whoever_it_is_addressed_to(engine: Side, addressed: HerId) -> None:
    """Another system may address a department: case and inbox are the deviation service's, with a note."""
    letter = Letter(GP_SERVICE, REGION.envelope_party(addressed, 2), readable_by=REGION.root(addressed))
    await engine.take(payload_mail(letter, deviation_from(GP_SERVICE, addressed)))
    owner = REGION.root(addressed)
    (item,) = await engine.inbox(owner)
    (case,) = await engine.ports.store.list_cases(owner)
    assert item.receiver == case.our_her == service_of(addressed)
    assert item.addressed_to == addressed
    assert bool(item.note) == (addressed != service_of(addressed))


async def test_within_one_enterprise_each_keeps_its_own(engine: Side) -> None:
    """Two departments of one hospital may report to each other: nothing leaves the house."""
    who = Person(Role.MELDER, EMERGENCY, "Mette Moe")
    case = await steps.new(engine.ports, who, read_deviation(DEVIATION), COORDINATION)
    assert (case.our_her, case.their_her) == (EMERGENCY, COORDINATION)


@pytest.mark.parametrize("changed", [{"valid_to": "2026-02-01"}, {"inbox": "none"}])
def test_a_service_that_cannot_read_is_passed_by(changed: dict[str, str]) -> None:
    """A deviation service that has closed, or has no inbox, is no channel: the party itself is."""
    register = region(her_8090401=changed)
    assert register.deviation_service(EMERGENCY, GP_SERVICE, START) == EMERGENCY


def test_every_party_of_the_region_has_one_channel() -> None:
    """To another enterprise a party has exactly one, which is its own enterprise's and its own channel."""
    for her in OPEN:
        for other in (GP, LEVANGER, VERDAL, HOSPITAL):
            channel = REGION.deviation_service(her, other, START)
            assert REGION.root(channel) == REGION.root(her)
            assert REGION.deviation_service(channel, other, START) == channel
