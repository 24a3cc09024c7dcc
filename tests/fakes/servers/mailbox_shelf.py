"""Where a test puts what it collects from a mailbox, and how it empties one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from adapters.mailbox.collector import Collector
from adapters.smtp.slots import FairSlots, Slots
from engine.errors import SamvikError
from engine.inbound.mailbox import MailboxMail
from tests.fakes.servers.hostile_mailbox import HostileMailbox

MOST = 50_000


@dataclass
class Shelf:
    """Keeps what is stored in memory, and knows a uid and its bytes again (adapters.mailbox.collector.Shelf)."""

    mails: list[MailboxMail] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    whole_listings: list[set[str]] = field(default_factory=list)
    fault: SamvikError | None = None

    async def store(self, mail: MailboxMail) -> None:
        """See the protocol."""
        if self.fault is not None:
            raise self.fault
        if (mail.key, mail.raw) not in [(each.key, each.raw) for each in self.mails]:
            self.mails.append(mail)

    async def deleted(self, validity: str, keys: Collection[str]) -> None:
        """See the protocol."""
        self.gone += keys

    async def listed(self, validity: str, keys: Collection[str]) -> None:
        """See the protocol."""
        self.whole_listings.append(set(keys))

    @property
    def subjects(self) -> list[bytes]:
        """Return which mails are here, by their first line."""
        return sorted(mail.raw.partition(b"\r\n")[0] for mail in self.mails)


def mail(name: str, size: int = 20) -> bytes:
    """Return a mail of about so many bytes."""
    return f"Subject: {name}\r\n\r\n".encode() + b"x" * size + b"\r\n"


def collector(server: HostileMailbox, folder: Path, shelf: Shelf) -> Collector:
    """Return what empties this mailbox."""
    return Collector(server.place(folder), MOST, shelf, Slots(FairSlots(1), FairSlots(1)))


async def emptied(server: HostileMailbox, folder: Path, shelf: Shelf) -> int:
    """Empty a mailbox once, and hang up."""
    collecting = collector(server, folder, shelf)
    try:
        return await collecting.empty()
    finally:
        await collecting.close()
