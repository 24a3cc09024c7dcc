"""What a collector needs of a mailbox's server, whichever protocol it speaks."""

import re
from dataclasses import dataclass
from typing import Protocol

from engine.codes.statement import Code, Statement
from engine.errors import Unavailable

HEAD_BYTES = 65_536
"""How much of a mail that is too large is kept, at most: its headers."""

_HEAD_ENDS = re.compile(rb"\n\r?\n")


class Broken(Unavailable):
    """Raised when the connection cannot be used any more: it is gone or silent, or the server breaks the protocol.

    `silent` is True when nothing came in time.
    """

    def __init__(self, said: Code | Statement, *, silent: bool = False, **params: object) -> None:
        super().__init__(said, **params)
        self.silent = silent


class Declined(Unavailable):
    """Raised when the server refuses one command; the connection may be used further."""

    @property
    def answer(self) -> str:
        """The code in the server's answer, '' when it has none."""
        return str(self.statement.params.get("answer", ""))


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail as the server lists it. `uid` is '' without UIDL; `size` is the server's claim, in bytes.

    A claim that is no number counts as one byte, so that nothing is less than the server lists.
    """

    number: int
    uid: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The mails in a mailbox, oldest first.

    `whole` is True when none was left out, `lacks` when it was the server that left some out.
    """

    validity: str
    entries: tuple[Entry, ...]
    whole: bool
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail's bytes, or only its headers when it is larger than allowed."""

    raw: bytes
    whole: bool


class Session(Protocol):
    """A mailbox after log-in. Every method raises Broken; methods about one mail may also raise Declined."""

    open: bool
    """False once no more can be asked of it."""

    async def listing(self) -> Listing:
        """Return the mails that are in the mailbox now."""

    async def fetch(self, entry: Entry, most: int) -> Fetched:
        """Return a mail of at most `most` bytes, or the headers of a larger one. Never holds more than `most` bytes."""

    async def delete(self, entry: Entry) -> None:
        """Mark one mail as deleted; `settle` makes it final."""

    async def settle(self) -> None:
        """Make the deletions final. With POP3 this ends and closes the session."""

    async def news(self, seconds: float) -> bool:
        """Wait up to `seconds` for news of mail; False at once when the server does not offer that."""

    async def close(self) -> None:
        """Drop the connection; deletions without `settle` may not take effect."""


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
