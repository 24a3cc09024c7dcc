"""Which documents a record system may have been given before a restore."""

from datetime import timedelta

import pytest

from engine.inbox.repeats import Repeat, repeat_of
from engine.msh.checks import MOST_AHEAD
from tests.fakes.store.rows import item
from tests.fakes.world.clock import START

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("changed", "repeat"),
    [
        ({"made_at": START - HOUR}, Repeat.MAY),
        ({"made_at": START + MOST_AHEAD}, Repeat.MAY),
        ({"made_at": START + MOST_AHEAD + SECOND}, Repeat.NO),
        ({"made_at": None, "received_at": START - HOUR}, Repeat.MAY),
        ({"made_at": None, "received_at": START + MOST_AHEAD + SECOND}, Repeat.NO),
        ({"made_at": START - HOUR, "received_at": START + timedelta(days=90)}, Repeat.MAY),
        ({"made_at": START - HOUR, "exported_at": START - SECOND}, Repeat.NO),
        ({"made_at": START - HOUR, "exported_at": START}, Repeat.MAY),
        ({"made_at": START - HOUR, "taken_at": START - SECOND}, Repeat.NO),
        ({"made_at": START - HOUR, "taken_at": START + SECOND}, Repeat.MAY),
    ],
)
def test_what_may_be_a_repeat(changed: dict[str, object], repeat: Repeat) -> None:
    """Made before the restore or up to a day later, and not known as given before it: it may be a repeat."""
    assert repeat_of(item(**changed), START) is repeat


def test_where_nothing_was_restored_nothing_is_a_repeat() -> None:
    """An engine that was never restored remembers what it gave."""
    assert repeat_of(item(), None) is Repeat.NO
