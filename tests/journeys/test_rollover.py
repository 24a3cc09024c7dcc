"""A planned change of both sides' signing and encryption certificates, with messages under way: none is refused."""

from datetime import datetime, timedelta
from itertools import product

from engine.agreements.purpose import Purpose
from engine.register.parties import Registry
from engine.register.parties_file import registry_from
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair
from tests.fakes.world.clock import START
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    certificates_of,
    inline,
    table,
    test_keys,
)

HOUR = timedelta(hours=1)
CHANGE = START + timedelta(days=10)
"""When both sides begin to use their new certificates."""

NEW = {(her, purpose): test_keys().issue(her, purpose) for her, purpose in product((LEVANGER, GP), Purpose)}
REFUSED = {InboundState.AVVIST_TRANSPORT, InboundState.AVVIST_APP, InboundState.KARANTENE, InboundState.VENTER}


def planned() -> Registry:
    """Return the register with each side's new certificates beside the old ones, from the day of the change."""
    changed = table()
    for row in changed["party"]:
        if row["her"] in (LEVANGER, GP):
            new = [inline(NEW[row["her"], purpose], purpose, valid_from=CHANGE) for purpose in Purpose]
            row["certificates"] = [*certificates_of(row["her"]), *new]
    return registry_from(changed)


async def _sent_each_hour(pair: Pair, first: datetime, hours: int, held: list[bytes]) -> None:
    """Send a deviation each way every hour; of each three mails one is held back, one is lost, and one goes through."""
    count = 0

    def change(mail: bytes) -> bytes | None:
        nonlocal count
        count += 1
        if count % 3 == 0:
            held.append(mail)
        return mail if count % 3 == 1 else None

    pair.clock.set(first)
    for _ in range(hours):
        await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
        await pair.carry(change)
        pair.clock.advance(hours=1)


async def test_no_message_under_way_is_refused_when_both_sides_change_certificates() -> None:
    """Mails written before the change arrive, are resent and are answered after it, and every one is taken."""
    pair, held = Pair(planned()), []
    await _sent_each_hour(pair, CHANGE - 12 * HOUR, 24, held)
    assert held
    for mail in held:
        await pair.hand_over(mail)
    for _ in range(12):
        pair.clock.advance(hours=13)
        await pair.settle()
    for side in (pair.gp, pair.municipal):
        assert [row for row in await side.inbound() if row.state in REFUSED] == []
        messages = [row for row in await side.outbound() if row.kind == "melding"]
        assert len(messages) == 24
        assert {row.state for row in messages} == {DeliveryState.LEVERT}


async def test_each_side_signs_and_encrypts_with_the_new_ones_from_the_day_on() -> None:
    """Before the change the old certificates are used, from its first moment the new ones, at both ends."""
    pair = Pair(planned())
    for at, new in ((CHANGE - timedelta(seconds=1), False), (CHANGE, True)):
        for side, her, other in ((pair.gp, GP, LEVANGER), (pair.municipal, LEVANGER, GP)):
            ports = side.ports
            assert (ports.signing_certificate(her, other, at) == NEW[her, Purpose.SIGNING]) == new
            assert (ports.encryption_certificate(other, her, at) == NEW[other, Purpose.ENCRYPTION]) == new
