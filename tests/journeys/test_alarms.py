"""Alarms: one for a partner and a cause, however many messages fail, opened, repeated and closed once each."""

from collections import Counter
from datetime import timedelta

import pytest

from engine.errors import Refused
from engine.names import OPERATOR
from engine.operations.by_hand import close_alarm
from engine.outbound.alarm_moves import CALM_FOR, REPEAT_EVERY
from engine.outbound.partner_alarms import update_alarms
from engine.ports import SmtpOutcome
from engine.records.log import Alarm, Cause
from engine.records.work import WorkKind
from engine.states.alarm import AlarmState
from tests.fakes.engines.pair import Pair
from tests.fakes.store.due_work import next_due
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE

MINUTE = timedelta(minutes=1)


class Desk:
    """The GP's operations desk: what it is told, tick by tick."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.told: list[tuple[str, str, Cause]] = []

    async def tick(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass, and look at all alarms."""
        self.pair.clock.set(self.pair.clock.now() + after)
        for telling, alarm in await update_alarms(self.pair.gp.ports):
            self.told.append((telling.value, alarm.partner, alarm.cause))

    async def alarms(self) -> list[Alarm]:
        """Return what stands."""
        return await self.pair.gp.ports.store.list_alarms(GP)

    async def fail(self, outcome: SmtpOutcome, hours: int = 1) -> None:
        """Let the mail server answer so for some hours, trying and looking whenever something is due."""
        pair, ports = self.pair, self.pair.gp.ports
        pair.gp.outcome = outcome
        end = pair.clock.now() + timedelta(hours=hours)
        while (due := await next_due(ports.store, [WorkKind.SEND])) and due <= end:
            pair.clock.set(max(due, pair.clock.now()))
            await pair.gp.work(WorkKind.SEND)
            await self.tick()
        pair.clock.set(end)


@pytest.fixture
def desk() -> Desk:
    """Give the desk of the GP's engine, beside the municipality's."""
    return Desk(Pair())


async def test_ten_thousand_failures_open_one_alarm_and_close_one(desk: Desk) -> None:
    """Ten thousand failing tries at one partner are told once, again every four hours, and once when over."""
    for _ in range(140):
        await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await desk.fail(SmtpOutcome.POSTPONED, hours=70)
    assert desk.pair.gp.tries >= 10_000
    (alarm,) = await desk.alarms()
    assert (alarm.partner, alarm.cause, alarm.count) == (LEVANGER, Cause.UTSATT, desk.pair.gp.tries)
    desk.pair.gp.outcome = SmtpOutcome.TAKEN
    desk.pair.clock.advance(hours=1)
    await desk.pair.gp.work(WorkKind.SEND)
    await desk.tick()
    await desk.tick(CALM_FOR + MINUTE)
    await desk.tick(timedelta(days=1))
    about = Counter(telling for telling, *_ in desk.told)
    assert (about["alarm opened"], about["alarm closed"]) == (1, 1)
    assert about["alarm repeated"] == timedelta(hours=70) // REPEAT_EVERY
    assert await desk.alarms() == []
    logged = await desk.pair.gp.ports.store.timeline(GP, alarm.id)
    assert Counter(each.event.action for each in logged) == about


async def test_a_short_trouble_is_told_to_nobody(desk: Desk) -> None:
    """A server that takes nothing for some minutes costs nobody a look."""
    await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    desk.pair.gp.outcome = SmtpOutcome.POSTPONED
    for minutes in (0, 1, 2):
        await desk.tick(minutes * MINUTE)
        await desk.pair.gp.work(WorkKind.SEND)
    assert [alarm.state for alarm in await desk.alarms()] == [AlarmState.OBSERVERT]
    desk.pair.gp.outcome = SmtpOutcome.TAKEN
    await desk.tick(4 * MINUTE)
    await desk.pair.gp.work(WorkKind.SEND)
    await desk.tick(timedelta(days=2))
    assert (desk.told, await desk.alarms()) == ([], [])


async def test_a_partner_that_fails_by_turns_is_told_once(desk: Desk) -> None:
    """One that works now and then neither opens nor closes its alarm again and again."""
    await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await desk.fail(SmtpOutcome.POSTPONED)
    for _ in range(15):
        await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        desk.pair.gp.outcome = SmtpOutcome.TAKEN
        await desk.pair.gp.work(WorkKind.SEND)
        await desk.tick(5 * MINUTE)
        await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        desk.pair.gp.outcome = SmtpOutcome.POSTPONED
        await desk.pair.gp.work(WorkKind.SEND)
        await desk.tick(5 * MINUTE)
    assert [telling for telling, *_ in desk.told] == ["alarm opened"]


async def test_our_own_way_out_is_no_partners_fault(desk: Desk) -> None:
    """When our relay answers nobody there is one alarm, about nobody, though several partners wait."""
    for receiver in (LEVANGER_SERVICE, VERDAL_SERVICE):
        await desk.pair.submit(GP_SERVICE, receiver)
    await desk.fail(SmtpOutcome.UNREACHED)
    assert desk.told == [("alarm opened", "", Cause.INGEN_VEI_UT)]


async def test_a_refusal_is_told_at_once_and_over_when_the_partner_answers(desk: Desk) -> None:
    """A message refused in transport is an alarm at the next look; the partner's next receipt ends it."""
    await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    desk.pair.gp.outcome = SmtpOutcome.REJECTED
    await desk.pair.gp.work(WorkKind.SEND)
    await desk.tick()
    assert desk.told == [("alarm opened", LEVANGER, Cause.AVVIST_TRANSPORT)]
    desk.pair.gp.outcome = SmtpOutcome.TAKEN
    await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await desk.pair.settle()
    await desk.tick(CALM_FOR)
    assert [telling for telling, *_ in desk.told] == ["alarm opened", "alarm closed"]


async def test_a_person_closes_an_alarm_with_a_reason(desk: Desk) -> None:
    """An alarm whose partner is known to be gone is closed by hand, logged with name and reason; the next one opens."""
    ports = desk.pair.gp.ports
    await desk.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await desk.fail(SmtpOutcome.POSTPONED)
    (alarm,) = await desk.alarms()
    with pytest.raises(Refused, match=r"case\.no_reason"):
        await close_alarm(ports, KARI, alarm.id, "")
    await close_alarm(ports, KARI, alarm.id, "Nedetid er varslet til i morgen.")
    with pytest.raises(Refused, match=r"operations\.not_possible .*LUKKET"):
        await close_alarm(ports, KARI, alarm.id, "En gang til.")
    (_, last) = await ports.store.timeline(GP, alarm.id)
    assert (last.event.action, last.event.actor) == ("alarm closed", "drift kari")
    await desk.fail(SmtpOutcome.POSTPONED, hours=5)
    assert [telling for telling, *_ in desk.told] == ["alarm opened", "alarm opened"]
    (again,) = await desk.alarms()
    assert (again.id, again.owner) == (alarm.id, GP)
    assert OPERATOR not in {again.owner}
