"""A message that is changed on its way, or comes after its certificate expired: refused, and mended by what follows."""

from datetime import timedelta

from engine.agreements.purpose import Purpose
from engine.operations.by_hand import resend
from engine.states.delivery import DeliveryState
from tests.fakes.partners.forgery import altered, eb, edited, header_of
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE, inline, registry, test_keys

MESSAGE = "DIALOG_HELSEFAGLIG"


async def state(pair, sent):
    """Return the state of a delivery of the GP's office."""
    return (await pair.gp.message(sent.id)).state


async def test_a_tampered_mail_is_refused_and_the_real_one_still_arrives(pair):
    """Somebody changes the message on the way: MessageError and a task at the sender, and a resend mends it."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)

    def tamper(mail):
        if header_of(mail).action != MESSAGE:
            return mail
        return altered(mail, lambda soap: edited(soap, lambda root: next(root.iter(eb("Timestamp"))).set("x", "1")))

    await pair.settle(tamper)
    assert await state(pair, sent) is DeliveryState.TRANSPORTFEIL
    assert [task.cause for task in await pair.gp.tasks()] == ["TRANSPORTFEIL"]
    await resend(pair.gp.ports, KARI, sent.id, "endret underveis")
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT
    assert await pair.gp.tasks() == []


async def test_an_expired_certificate_is_refused_and_the_next_one_is_taken(pair):
    """A message signed in time but read after its certificate expired is refused; the sender's next one is not."""
    der = test_keys().issue(GP, Purpose.SIGNING, start=START, lasts=timedelta(hours=2))
    pair.use(_signing_by(der))
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.clock.advance(hours=3)
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.TRANSPORTFEIL
    assert await pair.municipal.inbox(LEVANGER) == []
    pair.use(registry())
    again = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert await state(pair, again) is DeliveryState.LEVERT


def _signing_by(der):
    """Return a register that holds this signing certificate for the GP's office."""
    later = {"valid_to": START + timedelta(days=30)}
    encryption = inline(test_keys().der(GP, Purpose.ENCRYPTION), Purpose.ENCRYPTION)
    return registry(her_8090300={"certificates": [inline(der, Purpose.SIGNING, **later), encryption]})
