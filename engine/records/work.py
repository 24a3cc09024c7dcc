"""Work that nodes lease."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.names import HerId


class WorkKind(StrEnum):
    """What a node can do: process a mail, send a message, look at a deadline or case, fill a folder, tell a client.

    BREV puts an answer into the folder of its channel.
    """

    MOTTA = "motta"
    SEND = "send"
    FRIST = "frist"
    INNBOKS = "innboks"
    SAK = "sak"
    VARSEL = "varsel"
    BREV = "brev"


SUSPECT_DEATHS = 2
"""How many nodes may have died of a mail when it is a suspect."""


@dataclass(frozen=True, slots=True)
class Queued:
    """What was queued, as far as a notification tells; None stands for any kind, '' for any partner or none."""

    kind: WorkKind | None = None
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work under lease.

    `partner` is the key that concurrency is shared out by, '' for none; `attempts` is how often it was begun before,
    `deaths` how often its lease ran out then.
    """

    kind: WorkKind
    owner: HerId
    subject: UUID
    partner: str
    due: datetime
    attempts: int
    lease: UUID
    deaths: int = 0

    @property
    def suspect(self) -> bool:
        """True when this work may have crashed a node before. It runs alone, so that no other work is blamed."""
        return self.kind is WorkKind.MOTTA and self.deaths >= SUSPECT_DEATHS
