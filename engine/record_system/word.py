"""What a record system said, in the transaction that decides it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.commit.ports import Ports
from engine.errors import Refused
from engine.names import HerId
from engine.ports import UnitOfWork
from engine.records.inbox import InboxItem


@dataclass(frozen=True, slots=True)
class RecordDesk:
    """A word from the record system of the party `her`, in the transaction that decides it.

    `about` is the one inbox item that it must be about, where it was said to that item's address.
    """

    uow: UnitOfWork
    ports: Ports
    owner: HerId
    her: HerId
    now: datetime
    about: UUID | None = None

    @property
    def actor(self) -> str:
        """Return who acts, as the event log names it."""
        return f"epj@{self.her}"

    def check_about(self, item: InboxItem) -> None:
        """Raise Refused where the word is about another item than the one that it was said to."""
        if self.about not in {None, item.id}:
            raise Refused("Dokumentet gjelder en annen melding enn den som adressen viser til. Bruk adressen til den.")


class Heard(StrEnum):
    """What came of a record system's word: sent on, nothing new, or against what the sender was told: for a person."""

    SENT = "sent"
    KNOWN = "known"
    CALLED = "called"
