"""The folders of a party with a record system, over two engines in memory that wait for its word."""

import os
from pathlib import Path

from adapters.folders.record_system import Outbox
from engine.records.messages import Kind
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE, with_terms

MOST = 10_000
NUMBER = "15820250068"


class Place:
    """A root with the folders of the only party that has them, over an engine in memory that waits for its word."""

    def __init__(self, root: Path) -> None:
        self.pair = Pair(with_terms(apprec_by="epj"))
        self.root = root
        self.home = root / LEVANGER_SERVICE
        self.outbox = self.node()
        self.outbox.prepare()

    def node(self) -> Outbox:
        """Return what another node, or one that was started anew, has."""
        return Outbox(self.root, lambda: self.pair.municipal.ports, MOST)

    def put(self, name: str, data: bytes) -> Path:
        """Write a file beside the folder and rename it in, as record systems do."""
        (self.home / "utkast").write_bytes(data)
        return (self.home / "utkast").rename(self.home / "out" / name)

    async def received(self) -> None:
        """Bring a document that the party can speak about."""
        await self.pair.municipal.take(payload_mail(Letter(), document()))

    def left(self) -> list[str]:
        """Return what stands in out/."""
        return sorted(os.listdir(self.home / "out"))

    def failed(self) -> list[str]:
        """Return what stands in failed/."""
        folder = self.home / "failed"
        return sorted(os.listdir(folder)) if folder.exists() else []

    async def causes(self) -> list[str]:
        """Return the causes of all open tasks of operations."""
        return sorted(task.cause for task in await self.pair.municipal.tasks())

    async def sent(self, kind: Kind = Kind.APPREC) -> int:
        """Count the messages of a kind that the party has queued."""
        return len([row for row in await self.pair.municipal.outbound() if row.kind is kind])


def word(status: int = 1) -> bytes:
    """Return the AppRec about the document that was received."""
    return apprec("dokument-1", LEVANGER_SERVICE, GP_SERVICE, status)
