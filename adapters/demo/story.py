"""The story: each step says what happens, waits for the engines to do it, and checks what came of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from adapters.demo import network as net
from adapters.demo.telling import NotAsTold, Telling
from engine.names import HerId
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

GP, LEVANGER, VERDAL, CLOSED = HerId("8090301"), HerId("8090101"), HerId("8090201"), HerId("8090199")
INNHERRED = "innherred@testedi.nhn.no"
TWELVE_HOURS = timedelta(hours=12, minutes=1)

Step = Callable[[Telling], Awaitable[str]]


async def to_levanger(told: Telling) -> str:
    """Namdalen legekontor melder et avvik til Levanger kommune."""
    sent = await told.submit(told.gp, GP, LEVANGER)
    await told.reaches(told.gp, sent, DeliveryState.LEVERT)
    item = await told.arrives(LEVANGER, sent)
    await told.in_folder(item)
    return "Signert, kryptert, kvittert og lagt i Levangers innboks. Applikasjonskvittering 1 (OK) kom tilbake."


async def to_verdal(told: Telling) -> str:
    """Legekontoret melder til Verdal, bak samme EDI-adresse; HER-id avgjør."""
    sent = await told.submit(told.gp, GP, VERDAL)
    await told.reaches(told.gp, sent, DeliveryState.LEVERT)
    await told.arrives(VERDAL, sent)
    await told.is_not_with(LEVANGER, sent)
    return "Avviket ligger hos Verdal, og ikke hos Levanger."


async def the_other_way(told: Telling) -> str:
    """Levanger kommune melder et avvik til legekontoret."""
    sent = await told.submit(told.municipal, LEVANGER, GP)
    await told.reaches(told.municipal, sent, DeliveryState.LEVERT)
    await told.arrives(GP, sent)
    return "Levert og kvittert samme vei tilbake."


async def between_neighbours(told: Telling) -> str:
    """Levanger melder til Verdal: to parter i samme motor, over SMTP som alle andre."""
    sent = await told.submit(told.municipal, LEVANGER, VERDAL)
    await told.reaches(told.municipal, sent, DeliveryState.LEVERT)
    await told.arrives(VERDAL, sent)
    return "Levert. Hver part har sine egne rader og ser ikke den andres."


async def tampered(told: Telling) -> str:
    """Én byte i vedlegget endres underveis."""
    await told.network_is_quiet()
    told.network.next_time(net.is_message, net.tampered)
    sent = await told.submit(told.gp, GP, LEVANGER)
    failed = await told.reaches(told.gp, sent, DeliveryState.TRANSPORTFEIL)
    if "SecurityFailure" not in failed.reason:
        raise NotAsTold("the MessageError should say SecurityFailure")
    await told.is_not_with(LEVANGER, sent)
    return f"Avvist før noe ble dekryptert. Avsenderen fikk MessageError: {failed.reason}"


async def duplicate(told: Telling) -> str:
    """Samme melding kommer to ganger."""
    before = len(told.network.passed)
    sent = await told.submit(told.gp, GP, LEVANGER)
    await told.reaches(told.gp, sent, DeliveryState.LEVERT)
    await told.network_is_quiet()
    await told.network.again(told.mail_of(sent))
    await told.received(told.municipal, sent, InboundState.DUPLIKAT)
    await told.same_acknowledgment_twice(before, sent)
    await told.arrives(LEVANGER, sent)
    return "Ett innslag i innboksen. Duplikatet fikk den lagrede kvitteringen på nytt, byte for byte."


async def unknown_receiver(told: Telling) -> str:
    """Legekontorets register er gammelt: mottakeren finnes ikke lenger."""
    sent = await told.submit(told.gp, GP, CLOSED)
    refused = await told.reaches(told.gp, sent, DeliveryState.AVVIST)
    if not refused.reason.startswith("E21"):
        raise NotAsTold("the AppRec should say E21")
    return f"Transporten er kvittert, men applikasjonskvitteringen avviser: {refused.reason}"


async def lost_acknowledgment(told: Telling) -> str:
    """Kvitteringen går tapt, applikasjonskvitteringen henger igjen i nettet, og klokka hopper tolv timer."""
    await told.network_is_quiet()
    told.network.next_time(net.is_signal, net.lost)
    for _ in ("first", "its own resend"):
        told.network.next_time(net.is_message_from(INNHERRED), net.lost)
    before = len(told.network.passed)
    sent = await told.submit(told.gp, GP, LEVANGER)
    await told.reaches(told.gp, sent, DeliveryState.SENDT)
    await told.arrives(LEVANGER, sent)
    await told.network_is_quiet()
    delayed = next(mail for mail in told.network.passed[before:] if net.is_message_from(INNHERRED)(mail))
    before = len(told.network.passed)
    told.jump(TWELVE_HOURS)
    await told.reaches(told.gp, sent, DeliveryState.TRANSPORTKVITTERT)
    await told.received(told.municipal, sent, InboundState.DUPLIKAT)
    copies = await told.same_envelope_again(before, sent)
    await told.network.again(delayed)
    await told.reaches(told.gp, sent, DeliveryState.LEVERT)
    await told.arrives(LEVANGER, sent)
    return f"Sendt {copies} ganger med samme konvolutt, ett innslag i innboksen. Den sene kvitteringen ble godtatt."


async def whole_log(told: Telling) -> str:
    """Hendelsesloggen forsegles og kontrolleres."""
    findings = await told.check_logs()
    if findings:
        raise NotAsTold(f"the event log has {len(findings)} findings: {findings[0]}")
    return "Hver hendelse er forseglet, og ingen rad er endret, fjernet eller satt inn."


STEPS: tuple[Step, ...] = (
    to_levanger,
    to_verdal,
    the_other_way,
    between_neighbours,
    tampered,
    duplicate,
    unknown_receiver,
    lost_acknowledgment,
    whole_log,
)
