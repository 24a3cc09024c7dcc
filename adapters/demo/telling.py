"""What the storyteller can do and see: let people act, wait, look into inboxes, hold bytes on the wire together."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TypeVar

from adapters.demo.network import Network
from adapters.demo.stage import Player, Stage
from engine.case.record import Case
from engine.casework import steps
from engine.codes.statement import Statement
from engine.commit.actor import Person
from engine.delivery.send import submit
from engine.deviation.fields import Deviation
from engine.deviation.xml import read_deviation
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from engine.records.inbox import ReceivedDocument
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from engine.states.role import Role

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
        self._sent = 0

    @property
    def gp(self) -> Player:
        """The GP's engine."""
        return self._stage.gp

    @property
    def municipal(self) -> Player:
        """The municipalities' engine."""
        return self._stage.municipal

    @property
    def hospital(self) -> Player:
        """The hospital trust's engine."""
        return self._stage.hospital

    @property
    def network(self) -> Network:
        """What lies between them."""
        return self._stage.network

    def now(self) -> datetime:
        """Return the time that it is in the story, UTC."""
        return self._stage.clock.now()

    async def jump_to(self, at: datetime) -> None:
        """Let the clock jump, for all engines, and wait until they have done what fell due."""
        self._stage.clock.jump_to(at)
        self._stage.wake()
        await self.network_is_quiet()

    async def jump(self, by: timedelta) -> None:
        """Let the clock jump by a time."""
        await self.jump_to(self.now() + by)

    # Cases, step by step as people take them.

    async def report(self, ours: HerId, theirs: HerId, title: str, description: str) -> Case:
        """Report a deviation, and wait until the other side has said that it arrived."""
        sent = await self.report_only(ours, theirs, title, description)
        return await self.case_is(sent, CaseState.LEVERT, CaseState.UNDER_BEHANDLING)

    async def report_only(self, ours: HerId, theirs: HerId, title: str, description: str) -> Case:
        """Let one side write, assure and send a deviation."""
        ports = self._stage.player_of(ours).node.ports
        deviation = replace(_example(), title=title, description=description, case_number="-")
        reporter, assurer = (
            Person(Role.MELDER, ours, "Mette Moe"),
            Person(Role.KVALITETSSIKRER, ours, "Kjell Krog"),
        )
        case = await steps.new(ports, reporter, deviation, theirs)
        await steps.submit(ports, reporter, case.number)
        await steps.approve(ports, assurer, case.number)
        return await steps.send(ports, assurer, case.number)

    async def case_is(self, case: Case, *states: CaseState) -> Case:
        """Wait until a case is in one of these states, and return it."""
        store = self._stage.player_of(case.our_her).engine.store

        async def there() -> Case | None:
            async with store.begin() as uow:
                found = await uow.case(case.owner, case.id)
            return found if found and found.state in states else None

        return await self.until(there, f"case {case.number} to become {' or '.join(states)}")

    async def case_as_it_stands(self, case: Case) -> Case:
        """Return a case as it is now."""
        return await self.case_is(case, *CaseState)

    async def their_case(self, case: Case, *states: CaseState) -> Case:
        """Wait until the other side has the case too, in one of these states, and return it as they see it."""
        ports = self._stage.player_of(case.their_her).node.ports
        owner = ports.policy.registry.root(case.their_her) or case.their_her

        async def there() -> Case | None:
            known = await ports.store.list_cases(owner)
            return next((each for each in known if _same(each, case) and each.state in states), None)

        return await self.until(there, f"the other side's case to become {' or '.join(states)}")

    async def draft_from_outside(self, message: OutgoingMessage) -> Case:
        """Wait until a message that did not come from Samvik is a draft case at its receiver, and return that."""
        ports = self._stage.player_of(message.receiver_her or HerId("")).node.ports

        async def there() -> Case | None:
            known = [case for owner in ports.policy.hosted for case in await ports.store.list_cases(owner)]
            return next((case for case in known if case.first_msg_id == message.msg_id), None)

        return await self.until(there, "a draft case from a plain message")

    async def said_in(self, case: Case) -> Deviation:
        """Return what a case says, as a case worker reads it."""
        ports = self._stage.player_of(case.our_her).node.ports
        return (await steps.look(ports, Person(Role.SAKSBEHANDLER, case.our_her, "Siri Berg"), case.number))[1]

    async def files_of(self, case: Case) -> Sequence[Attachment]:
        """Return what came to the other side with the document that reported a case."""
        ports = self._stage.player_of(case.their_her).node.ports
        owner = ports.policy.registry.root(case.their_her) or case.their_her
        first = next(item for item in await self.thread_of(case) if item.msg_id == case.first_msg_id)
        async with ports.store.begin() as uow:
            found = await uow.inbox_item(owner, first.id)
        return read_msghead(found[1]).attachments if found else ()

    async def thread_of(self, case: Case) -> Sequence[ReceivedDocument]:
        """Return what came to the other side in a case's thread, the deviation itself included."""
        ports = self._stage.player_of(case.their_her).node.ports
        owner = ports.policy.registry.root(case.their_her) or case.their_her
        items = await ports.store.list_inbox(owner)
        return [item for item in items if case.first_msg_id in {item.msg_id, item.conversation}]

    # Messages, without cases.

    async def submit(self, sender: HerId, receiver: HerId) -> OutgoingMessage:
        """Queue the example deviation with a case number of its own."""
        self._sent += 1
        deviation = replace(_example(), case_number=f"DEMO-{self._sent:03d}")
        return await submit(self._stage.player_of(sender).node.ports, deviation, sender, receiver)

    async def reaches(self, message: OutgoingMessage, state: DeliveryState) -> OutgoingMessage:
        """Wait until a delivery is in a state, and return it."""
        store = self._stage.player_of(message.owner).engine.store

        async def there() -> OutgoingMessage | None:
            async with store.begin() as uow:
                found = await uow.outbound(message.owner, message.id)
            return found if found and found.state is state else None

        return await self.until(there, f"a delivery to become {state}")

    async def received(self, player: Player, message: OutgoingMessage, state: InboundState) -> IncomingMail:
        """Wait until a mail with the message's MessageId stands in a state at the receiver."""

        async def there() -> IncomingMail | None:
            for owner in player.node.ports.policy.hosted:
                for mail in await player.engine.store.list_inbound(owner, state):
                    if mail.header.message_id == message.header.message_id:
                        return mail
            return None

        return await self.until(there, f"a mail to become {state}")

    async def arrives(self, receiver: HerId, message: OutgoingMessage) -> ReceivedDocument:
        """Wait until a document is in a party's inbox, once."""

        async def there() -> list[ReceivedDocument]:
            return await self._items(receiver, message)

        found = await self.until(there, f"a document in the inbox of {receiver}")
        if len(found) != 1:
            raise NotAsTold(f"one inbox item expected, {len(found)} found")
        return found[0]

    async def is_not_with(self, receiver: HerId, message: OutgoingMessage) -> None:
        """Make sure that a document is not in a party's inbox."""
        if await self._items(receiver, message):
            raise NotAsTold(f"the document should not be in the inbox of {receiver}")

    async def in_folder(self, receiver: HerId, msg_id: str) -> Path:
        """Wait until a message stands in its party's folder with its files, and return the folder."""
        folder = self._stage.player_of(receiver).engine.settings.inbox_dir / receiver / "in" / msg_id

        async def there() -> bool:
            return folder.exists()

        await self.until(there, f"the folder of {msg_id}")
        if not {"document.xml", "metadata.json", "attachments"} <= {path.name for path in folder.iterdir()}:
            raise NotAsTold("the folder should hold document.xml, metadata.json and attachments")
        return folder

    async def is_taken(self, receiver: HerId) -> None:
        """Wait until the engine has taken everything that a party's record system put out, and refused none of it."""
        folder = self._stage.player_of(receiver).engine.settings.inbox_dir / receiver

        async def there() -> bool:
            return not any((folder / "out").iterdir())

        await self.until(there, "the record system's files to be taken")
        if (folder / "failed").exists() and any((folder / "failed").iterdir()):
            raise NotAsTold("nothing that the record system wrote should have failed")

    # The wire.

    async def network_is_quiet(self) -> None:
        """Wait until nothing has passed the network for half a second."""
        passed = -1
        while passed != len(self.network.passed):
            passed = len(self.network.passed)
            await asyncio.sleep(QUIET_SECONDS)

    async def check_logs(self) -> list[Statement]:
        """Seal and check every engine's event log."""
        findings: list[Statement] = []
        for player in self._stage.players:
            await player.engine.log.seal_events(self.now())
            findings += await player.engine.log.verify_log()
        return findings

    async def _items(self, receiver: HerId, message: OutgoingMessage) -> list[ReceivedDocument]:
        ports = self._stage.player_of(receiver).node.ports
        owner = ports.policy.owner_of(receiver)
        items = await ports.store.list_inbox(owner, receiver) if owner else []
        return [item for item in items if item.msg_id == message.msg_id]

    async def until(self, look: Callable[[], Awaitable[T | None]], what: str) -> T:
        """Look again and again until something is seen, and return it. Raises NotAsTold when patience ends."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = await look()
            if found:
                return found
            await asyncio.sleep(LOOK_SECONDS)
        raise NotAsTold(f"waited {PATIENCE_SECONDS:.0f} seconds for {what}")


def _example() -> Deviation:
    return read_deviation(resources.files("config").joinpath("examples/avvik.xml").read_bytes())


def _same(theirs: Case, ours: Case) -> bool:
    return theirs.first_msg_id == ours.first_msg_id and theirs.id != ours.id
