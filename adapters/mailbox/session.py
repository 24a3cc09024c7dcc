"""What a collector needs of a mailbox's server, whichever protocol it speaks."""

import re
from dataclasses import dataclass
from typing import Protocol

from engine.errors import Unavailable

HEAD_BYTES = 65_536
"""How much of a mail that is too large is kept, at most: its headers."""

_HEAD_ENDS = re.compile(rb"\n\r?\n")


class Broken(Unavailable):
    """Raised when the connection is of no more use: gone, silent, or saying what it must not.

    `silent` says that nothing came in time.
    """

    def __init__(self, reason: str, *, silent: bool = False) -> None:
        super().__init__(reason)
        self.silent = silent


class Declined(Unavailable):
    """Raised when the server says no to one thing; the connection may be used further."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail as the server lists it. `uid` is '' where the server has no UIDL, `size` what it claims in bytes.

    A claim that is no number counts as one byte, so that nothing is less than the server lists.
    """

    number: int
    uid: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in a mailbox, oldest first. `whole`: nothing was left out; `lacks`: the server left something out."""

    validity: str
    entries: tuple[Entry, ...]
    whole: bool
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail's bytes, or only its first ones where it is larger than allowed."""

    raw: bytes
    whole: bool


class Session(Protocol):
    """A mailbox that is logged in to. Every method raises Broken; what is about one mail may raise Declined."""

    open: bool
    """False once no more can be asked of it."""

    async def listing(self) -> Listing:
        """Return what stands in the mailbox now."""

    async def fetch(self, entry: Entry, most: int) -> Fetched:
        """Return a mail of at most `most` bytes, or the headers of one that is larger, never holding more than that."""

    async def delete(self, entry: Entry) -> None:
        """Mark one mail as deleted; that holds for certain after `settle`."""

    async def settle(self) -> None:
        """Make the deletions hold. POP3 does so by its end: the session is then closed."""

    async def news(self, seconds: float) -> bool:
        """Wait so long for the server to tell of new mail; False at once where it does not offer that."""

    async def close(self) -> None:
        """Drop the connection; what was not settled may not have been deleted."""


def head_of(content: bytes) -> bytes:
    """Return the headers at the beginning of a mail, at most HEAD_BYTES."""
    head = content[:HEAD_BYTES]
    end = head.find(b"\r\n\r\n")
    return head if end < 0 else head[: end + 4]


def is_given(got: Fetched, listed: int, most: int) -> bool:
    """Say whether what came can be what was asked for: not nothing, and not what ends within its headers.

    Sizes are no proof, since servers count in different ways. Yet whatever is as long as the server lists the mail is
    all of it, and headers that are longer than may be held are cut by us.
    """
    cut = not got.whole and len(got.raw) >= min(most, HEAD_BYTES)
    if cut or (got.whole and listed <= len(got.raw)):
        return True
    return bool(got.raw.strip() and _HEAD_ENDS.search(got.raw))
