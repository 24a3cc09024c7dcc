"""What a process has just stored is at hand for a moment, and never takes much memory."""

from uuid import UUID

from adapters.machine.fresh import FreshMemory


def test_what_was_kept_is_taken_once() -> None:
    """Bytes are given for their own id, and once."""
    fresh = FreshMemory()
    fresh.keep(UUID(int=1), b"mail")
    assert fresh.take(UUID(int=2)) is None
    assert [fresh.take(UUID(int=1)), fresh.take(UUID(int=1))] == [b"mail", None]


def test_no_more_is_held_than_agreed() -> None:
    """The oldest goes first when there is too much, and what is large is never kept."""
    fresh = FreshMemory(most_bytes=10, largest_bytes=5)
    for number in range(4):
        fresh.keep(UUID(int=number), bytes(4))
    fresh.keep(UUID(int=9), bytes(6))
    assert [fresh.take(UUID(int=number)) is not None for number in (0, 1, 2, 3, 9)] == [False, False, True, True, False]
    fresh.keep(UUID(int=5), bytes(4))
    fresh.keep(UUID(int=6), bytes(4))
    assert fresh.take(UUID(int=5)) is not None
