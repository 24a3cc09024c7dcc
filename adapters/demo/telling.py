"""What the storyteller can do and see: submit, wait, look into inboxes, hold bytes on the wire against each other."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from typing import TypeVar

from adapters.demo.network import Network
from adapters.demo.stage import Player, Stage
from engine.msh.mime import read_mail
from engine.names import HerId
from engine.payload.deviation_xml import read_deviation
from engine.records import Inbound, InboxItem, Outbound
from engine.send import submit
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.05
QUIET_SECONDS = 0.5

T = TypeVar("T")


class NotAsTold(Exception):
    """Raised when a step did not come out as it should; the text says what was expected."""


class Telling:
    """One performance."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cases = 0

    @property
    def gp(self) -> Player:
        """The GP's engine."""
        return self._stage.gp

    @property
    def municipal(self) -> Player:
        """The municipalities' engine."""
        return self._stage.municipal

    @property
    def network(self) -> Network:
        """What lies between them."""
        return self._stage.network

    async def submit(self, player: Player, sender: HerId, receiver: HerId) -> Outbound:
        """Queue the example deviation with a case number of its own."""
        self._cases += 1
        example = resources.files("config").joinpath("examples/avvik.xml").read_bytes()
        deviation = replace(read_deviation(example), case_number=f"DEMO-{self._cases:03d}")
        return await submit(player.node.world, deviation, sender, receiver)

    async def reaches(self, player: Player, message: Outbound, state: DeliveryState) -> Outbound:
        """Wait until a delivery is in a state, and return it."""

        async def there() -> Outbound | None:
            async with player.engine.store.begin() as uow:
                found = await uow.outbound(message.owner, message.id)
            return found if found and found.state is state else None

        return await self._until(there, f"a delivery to become {state}")

    async def received(self, player: Player, message: Outbound, state: InboundState) -> Inbound:
        """Wait until a mail with the message's MessageId stands in a state at the receiver."""

        async def there() -> Inbound | None:
            for owner in player.node.world.hosted:
                for mail in await player.engine.store.list_inbound(owner, state):
                    if mail.header.message_id == message.header.message_id:
                        return mail
            return None

        return await self._until(there, f"a mail to become {state}")

    async def arrives(self, receiver: HerId, message: Outbound) -> InboxItem:
        """Wait until a document is in a party's inbox, once."""

        async def there() -> list[InboxItem]:
            return await self._items(receiver, message)

        found = await self._until(there, f"a document in the inbox of {receiver}")
        if len(found) != 1:
            raise NotAsTold(f"one inbox item expected, {len(found)} found")
        return found[0]

    async def is_not_with(self, receiver: HerId, message: Outbound) -> None:
        """Make sure that a document is not in a party's inbox."""
        if await self._items(receiver, message):
            raise NotAsTold(f"the document should not be in the inbox of {receiver}")

    async def in_folder(self, item: InboxItem) -> None:
        """Wait until an inbox item stands in its party's folder with its files."""
        folder = self.municipal.engine.settings.inbox_dir / item.receiver / "in" / item.msg_id

        async def there() -> bool:
            return folder.exists()

        await self._until(there, f"the folder of {item.msg_id}")
        kept = json.loads((folder / "metadata.json").read_text("utf-8"))
        files = sorted(path.name for path in (folder / "attachments").iterdir())
        if kept["msg_id"] != item.msg_id or len(files) != 2 or not (folder / "document.xml").exists():
            raise NotAsTold("the folder should hold document.xml, metadata.json and two attachments")

    async def network_is_quiet(self) -> None:
        """Wait until nothing has passed the network for half a second."""
        passed = -1
        while passed != len(self.network.passed):
            passed = len(self.network.passed)
            await asyncio.sleep(QUIET_SECONDS)

    async def same_acknowledgment_twice(self, since: int, message: Outbound) -> None:
        """Make sure that two mails since then hold the same Acknowledgment of a message, byte for byte."""
        wanted = f"RefToMessageId>{message.header.message_id}<".encode()

        async def there() -> list[bytes]:
            soaps = [read_mail(mail).soap for mail in self.network.passed[since:]]
            found = [soap for soap in soaps if b"eb:Acknowledgment" in soap and wanted in soap]
            return found if len(found) > 1 else []

        if len(set(await self._until(there, "the stored acknowledgment to be sent again"))) != 1:
            raise NotAsTold("the acknowledgment should be the stored one")

    async def same_envelope_again(self, since: int, message: Outbound) -> int:
        """Make sure that a message was sent again since then, the same envelope in a new mail; count its copies."""
        copies = [mail for mail in self.network.passed if _carries(mail, message)]
        if not any(_carries(mail, message) for mail in self.network.passed[since:]):
            raise NotAsTold("the message should have been sent again")
        mails = [read_mail(mail) for mail in copies]
        if len({mail.soap for mail in mails}) != 1 or len({mail.message_id for mail in mails}) != len(mails):
            raise NotAsTold("a resend should be the same envelope in a new mail")
        return len(copies)

    def mail_of(self, message: Outbound) -> bytes:
        """Return the mail that carried a message."""
        return next(mail for mail in self.network.passed if _carries(mail, message))

    def jump(self, by: timedelta) -> None:
        """Let the clock jump, for both engines."""
        self._stage.clock.jump(by)
        self._stage.wake()

    async def check_logs(self) -> list[str]:
        """Seal and check both event logs."""
        findings: list[str] = []
        for player in (self.gp, self.municipal):
            await player.engine.log.seal_events(self._stage.clock.now())
            findings += await player.engine.log.verify_log()
        return findings

    async def _items(self, receiver: HerId, message: Outbound) -> list[InboxItem]:
        for player in (self.gp, self.municipal):
            owner = player.node.world.owner_of(receiver)
            if owner is not None:
                items = await player.engine.store.list_inbox(owner, receiver)
                return [item for item in items if item.msg_id == message.msg_id]
        return []

    async def _until(self, look: Callable[[], Awaitable[T | None]], what: str) -> T:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = await look()
            if found:
                return found
            await asyncio.sleep(LOOK_SECONDS)
        raise NotAsTold(f"waited {PATIENCE_SECONDS:.0f} seconds for {what}")


def _carries(mail: bytes, message: Outbound) -> bool:
    soap = read_mail(mail).soap
    return f"<eb:MessageId>{message.header.message_id}</eb:MessageId>".encode() in soap
