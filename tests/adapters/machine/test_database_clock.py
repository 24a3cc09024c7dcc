"""The clock that nodes decide by: the database's time, whatever happens to the machine's own clock."""

from datetime import UTC, datetime, timedelta

from adapters.machine.clocks import DatabaseClock
from tests.fakes.world.clock import FakeClock

THERE = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Counter:
    """Counts seconds that nobody sets."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


async def test_it_tells_the_time_of_the_database() -> None:
    """A machine two hours ahead decides at the database's time, and knows how far it is off (E9)."""
    machine, counter = FakeClock(THERE + timedelta(hours=2)), Counter()
    clock = DatabaseClock(machine, counter)
    assert clock.now() == THERE + timedelta(hours=2)

    async def ask() -> datetime:
        counter.seconds += 0.2
        return THERE

    assert await clock.measure(ask) == timedelta(hours=2, seconds=-0.1)
    counter.seconds += 60
    assert clock.now() == THERE + timedelta(seconds=60.1)


async def test_a_jump_of_the_machines_clock_moves_nothing() -> None:
    """Somebody sets the clock a month ahead: what is due in a month stays due in a month."""
    machine, counter = FakeClock(THERE), Counter()
    clock = DatabaseClock(machine, counter)

    async def ask() -> datetime:
        return THERE + timedelta(seconds=counter.seconds - 1_000)

    assert await clock.measure(ask) == timedelta()
    machine.set(THERE + timedelta(days=30))
    counter.seconds += 5
    assert clock.now() == THERE + timedelta(seconds=5)
    assert await clock.measure(ask) == timedelta(days=30, seconds=-5)
    assert clock.now() == THERE + timedelta(seconds=5)


async def test_a_slow_answer_does_not_turn_time_back() -> None:
    """What the network does to a question is no reason to go back; what the database's clock does is followed."""
    machine, counter = FakeClock(THERE), Counter()
    clock = DatabaseClock(machine, counter)
    there = THERE

    async def ask() -> datetime:
        return there

    await clock.measure(ask)
    before = clock.now()
    there = THERE - timedelta(seconds=0.3)
    await clock.measure(ask)
    assert clock.now() == before
    there = THERE + timedelta(seconds=40)
    await clock.measure(ask)
    assert clock.now() == there
