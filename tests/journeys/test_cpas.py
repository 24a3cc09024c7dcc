"""Agreements by CPA: the one in force decides certificates, address and retries; older ones vouch for late mail."""

import base64
from datetime import timedelta

import pytest

from engine.agreements.cpa_reading import read_cpa
from engine.agreements.kept_cpas import standing, with_added
from engine.agreements.purpose import Purpose
from engine.agreements.terms import Usage
from engine.codes.agreement import AgreementCode
from engine.codes.envelope import EnvelopeCode
from engine.errors import Refused
from engine.names import CpaId
from engine.register.parties import Registry
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from engine.trust.cpa_adding import accept_cpa
from engine.trust.known import Known
from tests.engine.agreements.test_cpa import agreement, party
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    VERDAL,
    certificates_of,
    registry,
    test_keys,
    with_terms,
)
from tests.fakes.world.surroundings import ANCHOR

DAY = timedelta(days=1)
HOSTED = (LEVANGER, VERDAL)
KEYS = MemoryKeys(test_keys(), HOSTED)
OLD_KEY = test_keys().issue(GP, Purpose.SIGNING)


def added(register: Registry, *files: bytes, at=START) -> Registry:
    """Return a register with these CPAs, added one after the other."""
    for file in files:
        new = accept_cpa(Known(register, HOSTED, (ANCHOR,), KEYS.holds), read_cpa(file), at)
        register = register.with_cpas(with_added(register.cpas(), new))
    return register


def with_cpa(*files: bytes, **changes) -> Registry:
    """Return the tests' register with these CPAs."""
    return added(registry(**changes), *files)


async def test_a_cpa_decides_terms_and_address() -> None:
    """What is sent under a CPA bears its CPAId, goes to its endpoint, and is resent as it says."""
    pair = Pair(with_cpa(agreement()))
    sent = await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    assert (sent.header.cpa_id, sent.to_address, sent.resend_limit) == ("avtale-1", "a@b.test", 4)
    assert sent.resend_interval == 12 * 3600
    terms = pair.gp.ports.policy.registry.terms(LEVANGER_SERVICE, GP_SERVICE, START)
    assert (terms.ack_requested, terms.duplicate_elimination) == (Usage.ALWAYS, Usage.NEVER)
    other = await pair.submit(LEVANGER_SERVICE, "8090201")
    assert other.header.cpa_id == "samvik:uten-cpa"


async def test_messages_go_both_ways_under_a_cpa() -> None:
    """Two engines with the same CPA exchange a deviation and its receipts."""
    address = "mailto://namdalen@testedi.nhn.no"
    pair = Pair(with_cpa(agreement(party(GP, endpoint=address))))
    sent = await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    await pair.settle()
    assert (await pair.municipal.message(sent.id)).state is DeliveryState.LEVERT


async def test_only_the_cpas_certificate_signs_while_it_is_in_force(pair: Pair) -> None:
    """A certificate that the register holds but the CPA does not is refused under the CPA, and taken after its end."""
    mail = payload_mail(Letter(cpa_id="avtale-1", certificate=OLD_KEY), document())
    rows = [*certificates_of(GP), {"purpose": "signing", "der": _b64(OLD_KEY)}]
    pair.use(with_cpa(agreement(end="2026-04-01T00:00:00Z"), her_8090300={"certificates": rows}))
    refused = await pair.municipal.take(mail)
    assert refused.state is InboundState.AVVIST_TRANSPORT
    pair.clock.advance(days=31)
    later = payload_mail(Letter(cpa_id="avtale-1", certificate=OLD_KEY, at=pair.clock.now()), document())
    assert (await pair.municipal.take(later)).state is InboundState.LEVERT_INTERNT


def _b64(der: bytes) -> str:
    return base64.b64encode(der).decode()


def _changed(file: bytes) -> bytes:
    """Return a CPA whose GP signs with another certificate than today's."""
    return file.replace(_b64(test_keys().der(GP, Purpose.SIGNING)).encode(), _b64(OLD_KEY).encode())


@pytest.mark.parametrize(("days", "state"), [(0, InboundState.LEVERT_INTERNT), (31, InboundState.AVVIST_TRANSPORT)])
async def test_a_superseded_cpa_vouches_for_late_messages(pair: Pair, days: int, state: InboundState) -> None:
    """A message that names the CPA before last is taken by its certificate for thirty days, and no longer."""
    pair.use(with_cpa(_changed(agreement(id="avtale-0")), agreement(id="avtale-1")))
    pair.clock.advance(days=days)
    letter = Letter(cpa_id="avtale-0", certificate=OLD_KEY, at=pair.clock.now())
    assert (await pair.municipal.take(payload_mail(letter, document()))).state is state


async def test_the_new_certificate_does_not_count_under_another_name(pair: Pair) -> None:
    """The superseded CPA's certificate signs nothing that names the CPA in force, or no CPA that is kept."""
    pair.use(with_cpa(_changed(agreement(id="avtale-0")), agreement(id="avtale-1")))
    for name in ("avtale-1", "ukjent"):
        mail = payload_mail(Letter(cpa_id=name, certificate=OLD_KEY), document())
        assert (await pair.municipal.take(mail)).state in {InboundState.AVVIST_TRANSPORT, InboundState.KARANTENE}


async def test_a_planned_cpa_takes_over_when_it_begins() -> None:
    """A CPA added ahead leaves the present one in force until its own Start."""
    register = with_cpa(agreement(id="avtale-0"), agreement(id="avtale-1", start="2026-03-12T09:00:00Z"))
    at = START + 10 * DAY
    for when, id in ((START, "avtale-0"), (at - timedelta(seconds=1), "avtale-0"), (at, "avtale-1")):
        assert register.terms(LEVANGER, GP, when).cpa_id == id
    old, new = register.cpas()
    assert [standing(old, START), standing(new, START)] == ["in force", "planned"]
    assert [standing(old, at), standing(new, at)] == ["late messages", "in force"]
    assert standing(old, at + 31 * DAY) == "over"


async def test_an_action_that_the_cpa_does_not_have_is_noted_or_refused(pair: Pair) -> None:
    """Our Service stands in no CPA of today: that is noted, and refused only where the agreement checks CPAs."""
    mail = payload_mail(Letter(cpa_id="avtale-1"), document())
    pair.use(with_cpa(agreement()))
    row = await pair.municipal.take(mail)
    assert row.state is InboundState.LEVERT_INTERNT
    events = [each.event for each in await pair.municipal.ports.store.timeline(row.owner, row.id)]
    assert any(EnvelopeCode.ACTION_NOT_IN_CPA in event.data.get("reason", "") for event in events)
    pair.use(added(with_terms(check_cpa=True), agreement()))
    strict = await pair.municipal.take(payload_mail(Letter(cpa_id="avtale-1", message_id="m-2"), document()))
    assert (strict.state, EnvelopeCode.ACTION_NOT_IN_CPA in strict.reason) == (InboundState.AVVIST_TRANSPORT, True)


async def test_check_cpa_wants_a_cpa_that_counts(pair: Pair) -> None:
    """Where CPAs are checked, a message names the one in force or one that ended a short while ago."""
    register = added(with_terms(check_cpa=True), agreement(id="avtale-0"), agreement(id="avtale-1"))
    assert [each.cpa.id for each in register.cpas_named(CpaId("AVTALE-0"), GP, LEVANGER, START)] == ["avtale-0"]
    assert register.cpas_named(CpaId("avtale-0"), GP, VERDAL, START) == []
    assert register.cpas_named(CpaId("avtale-0"), GP, LEVANGER, START + 31 * DAY) == []
    pair.use(register)
    row = await pair.municipal.take(payload_mail(Letter(cpa_id="en annen"), document()))
    assert (row.state, EnvelopeCode.OTHER_CPA in row.reason) == (InboundState.AVVIST_TRANSPORT, True)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (agreement(party(GP, protocol="AMQP")), AgreementCode.NO_SMTP),
        (agreement(end="2026-02-01T00:00:00Z"), AgreementCode.ENDED),
        (agreement(party(GP, her="8099999")), AgreementCode.UNKNOWN_PARTY + ".*8099999"),
        (agreement(party(GP, her="8090101")), AgreementCode.KEY_MISSING + ".*signing"),
        (agreement(party(GP, her="")), AgreementCode.NO_HER_ID),
        (agreement(party(GP), party(GP)), AgreementCode.WITH_ITSELF),
        (agreement(party(GP), party(GP, her=GP_SERVICE)), AgreementCode.WITH_ITSELF),
    ],
)
def test_what_cannot_be_used_is_not_added(file: bytes, reason: str) -> None:
    """A CPA without mail, of yesterday, or with a party that nobody knows is refused with its reason."""
    with pytest.raises(Refused, match=reason):
        added(registry(), file)


def test_a_cpa_of_others_and_one_that_is_kept_are_not_added() -> None:
    """An agreement between two strangers to this engine is refused, and so is the very same one twice."""
    with pytest.raises(Refused, match=r"agreement\.nobody_of_ours"):
        accept_cpa(Known(registry(), (VERDAL,), (ANCHOR,), KEYS.holds), read_cpa(agreement()), START)
    with pytest.raises(Refused, match=r"agreement\.kept_already"):
        with_cpa(agreement(), agreement())


@pytest.mark.parametrize(
    "uri",
    [
        "mailto:a@b.test&#13;&#10;Bcc: x@evil.test",
        "mailto:a@b.test,x@evil.test",
        "mailto:a@b.test?bcc=x@evil.test",
        "http://b.test/",
        "mailto:",
        "a%40b.test",
        "mailto:&quot;a b&quot;@b.test",
    ],
)
def test_an_endpoint_is_one_plain_mail_address(uri: str) -> None:
    """What could add a header, a recipient or a command to a mail is no endpoint."""
    with pytest.raises(Refused, match=r"agreement\.no_mail_address"):
        with_cpa(agreement(party(GP, endpoint=uri)))


async def test_of_two_cpas_in_force_each_vouches_for_what_names_it(pair: Pair) -> None:
    """Two agreements with different Actions stand side by side, each with its own certificate."""
    one = _changed(agreement(id="avtale-0"))
    two = agreement(party(GP, sends="A", receives="B"), party(LEVANGER, sends="B", receives="A"), id="avtale-1")
    pair.use(with_cpa(one, two))
    for number, (id, der) in enumerate([("avtale-0", OLD_KEY), ("avtale-1", None), ("avtale-0", None)]):
        letter = Letter(cpa_id=id, certificate=der, message_id=f"m-{number}")
        row = await pair.municipal.take(payload_mail(letter, document(msg_id=f"d-{number}")))
        wanted = InboundState.LEVERT_INTERNT if number < 2 else InboundState.AVVIST_TRANSPORT
        assert row.state is wanted


async def test_a_cpa_that_was_replaced_before_it_began_vouches_for_nothing(pair: Pair) -> None:
    """A planned CPA with a wrong certificate, replaced in time, counts at no time."""
    wrong = _changed(agreement(id="avtale-0", start="2026-03-12T09:00:00Z"))
    pair.use(with_cpa(wrong, agreement(id="avtale-1", start="2026-03-10T09:00:00Z")))
    pair.clock.advance(days=11)
    letter = Letter(cpa_id="avtale-0", certificate=OLD_KEY, at=pair.clock.now())
    assert (await pair.municipal.take(payload_mail(letter, document()))).state is InboundState.AVVIST_TRANSPORT


def test_a_cpa_of_a_service_is_not_its_enterprises() -> None:
    """What two services agreed on says nothing about the enterprises above them, nor about other services."""
    register = with_cpa(agreement(party(GP, her=GP_SERVICE)))
    assert register.terms(LEVANGER_SERVICE, GP_SERVICE, START).cpa_id == "avtale-1"
    assert register.terms(LEVANGER_SERVICE, GP, START).cpa_id == "samvik:uten-cpa"


@pytest.mark.parametrize("interval", ["P99999999D", "-PT1H", "PT0.001S", "P300Y", "PT1S"])
async def test_an_interval_that_nobody_can_keep_is_left_as_agreed(interval: str) -> None:
    """A CPA that asks for a resend every second, or in three hundred years, does not get it."""
    file = agreement(party(GP).replace("PT720M", interval).replace("<c:Retries>4", "<c:Retries>99999"))
    sent = await Pair(with_cpa(file)).submit(LEVANGER_SERVICE, GP_SERVICE)
    assert (sent.resend_interval, sent.resend_limit) == (12 * 3600, 5)


async def test_a_cpa_without_an_end_works() -> None:
    """An End as far away as dates go stops nothing."""
    pair = Pair(with_cpa(agreement(party(GP, endpoint="namdalen@testedi.nhn.no"), end="9999-12-31T23:59:59Z")))
    sent = await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    await pair.settle()
    assert (await pair.municipal.message(sent.id)).state is DeliveryState.LEVERT


def test_a_cpa_that_could_carry_nothing_is_not_added() -> None:
    """Without a good certificate for each purpose, or our own key, a CPA would stop all that it decides about."""
    with pytest.raises(Refused, match=r"agreement\.no_usable_certificate.*signing"):
        accept_cpa(Known(registry(), HOSTED, (), KEYS.holds), read_cpa(agreement()), START)
    with pytest.raises(Refused, match=AgreementCode.KEY_MISSING + ".*signing"):
        accept_cpa(Known(registry(), HOSTED, (ANCHOR,), lambda _der: False), read_cpa(agreement()), START)
