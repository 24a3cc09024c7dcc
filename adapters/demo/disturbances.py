"""What goes wrong on the way, and what the engines do about it."""

from datetime import timedelta

from adapters.demo import network as net
from adapters.demo.telling import NotAsTold, Telling
from adapters.demo.wire import mail_of, same_acknowledgment_twice, same_envelope_again
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.names import HerId
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

GP, LEVANGER, CLOSED = HerId("8090301"), HerId("8090101"), HerId("8090199")
INNHERRED = "innherred@testedi.nhn.no"
TWELVE_HOURS = timedelta(hours=12, minutes=1)


async def tampered(told: Telling) -> str:
    """Én byte i vedlegget endres underveis."""
    await told.network_is_quiet()
    told.network.next_time(net.is_message, net.tampered)
    sent = await told.submit(GP, LEVANGER)
    failed = await told.reaches(sent, DeliveryState.TRANSPORTFEIL)
    if "SecurityFailure" not in failed.reason:
        raise NotAsTold("the MessageError should say SecurityFailure")
    await told.is_not_with(LEVANGER, sent)
    return f"Avvist før noe ble dekryptert. Avsenderen fikk MessageError {sentence(failed.reason, Language.NB)}"


async def duplicate(told: Telling) -> str:
    """Samme melding kommer to ganger."""
    before = len(told.network.passed)
    sent = await told.submit(GP, LEVANGER)
    await told.reaches(sent, DeliveryState.LEVERT)
    await told.network_is_quiet()
    await told.network.again(mail_of(told.network, sent))
    await told.received(told.municipal, sent, InboundState.DUPLIKAT)
    await same_acknowledgment_twice(told, before, sent)
    await told.arrives(LEVANGER, sent)
    return "Ett innslag i innboksen. Duplikatet fikk den lagrede kvitteringen på nytt, byte for byte."


async def unknown_receiver(told: Telling) -> str:
    """Legekontorets register er gammelt: mottakeren finnes ikke lenger."""
    sent = await told.submit(GP, CLOSED)
    refused = await told.reaches(sent, DeliveryState.AVVIST)
    if "E21" not in refused.reason:
        raise NotAsTold("the AppRec should say E21")
    said = sentence(refused.reason, Language.NB)
    return f"Transporten er kvittert, men applikasjonskvitteringen avviser. {said}"


async def lost_acknowledgment(told: Telling) -> str:
    """Kvitteringen går tapt, applikasjonskvitteringen henger igjen i nettet, og klokka hopper tolv timer."""
    await told.network_is_quiet()
    network = told.network
    network.next_time(net.is_signal, net.lost)
    network.hold(net.is_message_from(INNHERRED))
    sent = await told.submit(GP, LEVANGER)
    await told.reaches(sent, DeliveryState.SENDT)
    await told.arrives(LEVANGER, sent)
    await told.network_is_quiet()
    since = len(network.passed)
    await told.jump(TWELVE_HOURS)
    await told.reaches(sent, DeliveryState.TRANSPORTKVITTERT)
    await told.received(told.municipal, sent, InboundState.DUPLIKAT)
    copies = same_envelope_again(network, since, sent)
    await network.release()
    await told.reaches(sent, DeliveryState.LEVERT)
    await told.arrives(LEVANGER, sent)
    return f"Sendt {_times(copies)} med samme konvolutt, ett innslag i innboksen. Den sene kvitteringen ble godtatt."


def _times(count: int) -> str:
    return {1: "én gang", 2: "to ganger", 3: "tre ganger"}.get(count, f"{count} ganger")
