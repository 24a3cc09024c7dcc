"""What partners have shown of themselves, in a transaction, and what a process remembers of that between them."""

import time
from collections.abc import Callable
from datetime import datetime

from adapters.keys.at_rest import AtRest
from adapters.store.session import Session, Statements
from engine.names import HerId

ASKED_AGAIN_AFTER_SECONDS = 60.0
"""How long a partner without Samvik is taken for one: what another node has noted since then is not seen."""

_Key = tuple[HerId, HerId]


class Remembered:
    """What committed rows said, so that a message costs no statement for it. Nothing unsays that a partner has Samvik.

    There are no more of these than pairs of parties that exchange messages.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._with: set[_Key] = set()
        self._without: dict[_Key, float] = {}

    def told(self, key: _Key) -> bool | None:
        """Return what is known of a partner, None where the database must be asked."""
        if key in self._with:
            return True
        asked = self._without.get(key)
        return False if asked is not None and self._seconds() < asked + ASKED_AGAIN_AFTER_SECONDS else None

    def hear(self, key: _Key, *, shown: bool) -> None:
        """Keep what a committed row said, or that there was none."""
        if shown:
            self._with.add(key)
            self.ask_again(key)
        else:
            self._without[key] = self._seconds()

    def ask_again(self, key: _Key) -> None:
        """Forget that a partner was without: a row has been written, which counts when its transaction commits."""
        self._without.pop(key, None)


class PartnerRows(Session):
    """The part of a unit of work that is about partners (engine.ports.UnitOfWork)."""

    def __init__(self, statements: Statements, at_rest: AtRest, remembered: Remembered) -> None:
        super().__init__(statements, at_rest)
        self._remembered = remembered
        self._noted: set[_Key] = set()
        """What this transaction has written itself. It may be rolled back, so it is not remembered."""

    async def note_samvik(self, owner: HerId, partner: HerId, at: datetime) -> None:
        """Remember that a partner has Samvik."""
        key = (owner, partner)
        if key in self._noted or self._remembered.told(key):
            return
        if await self._one("note_samvik", owner=owner, partner=partner, at=at):
            self._noted.add(key)
            self._remembered.ask_again(key)
        else:
            self._remembered.hear(key, shown=True)

    async def has_shown_samvik(self, owner: HerId, partner: HerId) -> bool:
        """Say whether a partner has shown that it has Samvik; a node may be told a minute late."""
        key = (owner, partner)
        if key in self._noted:
            return True
        told = self._remembered.told(key)
        if told is None:
            told = await self._one("has_shown_samvik", owner=owner, partner=partner) is not None
            self._remembered.hear(key, shown=told)
        return told
