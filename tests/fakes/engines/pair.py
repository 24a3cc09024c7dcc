"""Two engines back to back in memory: every mail that one sends is handed to the other, or lost, or changed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.parser import BytesHeaderParser
from uuid import UUID

from adapters.words.partner import WordsForPartners
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.delivery.send import deliver, submit
from engine.deviation.xml import read_deviation
from engine.errors import SamvikError
from engine.inbound.receive import give_up, receive
from engine.inbound.storing import take_in
from engine.names import OPERATOR, HerId
from engine.operations.deadlines import look_at
from engine.ports import SmtpOutcome, SmtpReply
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.records.work import WorkKind
from engine.register.parties import Registry
from tests.fakes.store.memory import MemoryStore
from tests.fakes.world.clock import FakeClock, FakeIds
from tests.fakes.world.keys import MemoryKeys, WordOfMouth
from tests.fakes.world.parties import GP, GP_ADDRESS, LEVANGER, VERDAL, registry, test_keys
from tests.fakes.world.surroundings import ANCHOR, CARRIERS, DEVIATION, SCHEMAS, SERVICES, Inline, PlainPdf

Change = Callable[[bytes], bytes | None]


@dataclass
class Side:
    """One engine: its ports, and the mails that it has sent and that came to it."""

    ports: Ports
    sent: list[bytes] = field(default_factory=list)
    outcome: SmtpOutcome = SmtpOutcome.TAKEN
    tries: int = 0

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """Take a mail as a mail server would (engine.ports.Transport)."""
        self.tries += 1
        if self.outcome in {SmtpOutcome.TAKEN, SmtpOutcome.UNKNOWN}:
            self.sent.append(mail)
        return SmtpReply(self.outcome, f"250 {len(mail)} bytes for {receiver}")

    async def work(self, *kinds: WorkKind) -> int:
        """Do all due work of these kinds (all kinds by default), as a node does; return how much there was."""
        ports, done = self.ports, 0
        wanted = kinds or (WorkKind.MOTTA, WorkKind.SEND, WorkKind.FRIST, WorkKind.SAK)
        while taken := await ports.store.take_work(wanted, ports.clock.now(), 50):
            for work in taken:
                done += 1
                step = {
                    WorkKind.MOTTA: lambda work=work: receive(work, ports),
                    WorkKind.SEND: lambda work=work: deliver(work, ports, self),
                    WorkKind.FRIST: lambda work=work: look_at(work, ports),
                    WorkKind.SAK: lambda work=work: look_at(work, ports),
                }[work.kind]
                try:
                    await step()
                except SamvikError as error:
                    await give_up(work, ports, error)
        return done

    async def take(self, mail: bytes) -> IncomingMail:
        """Take one mail in, process it, and return what became of it."""
        id = await take_in(self.ports, mail, "192.0.2.1")
        await self.work(WorkKind.MOTTA)
        return await self.mail(id)

    async def mail(self, id: UUID) -> IncomingMail:
        """Return a mail that came in, as it stands now."""
        return next(row for row in await self.inbound() if row.id == id)

    async def message(self, id: UUID) -> OutgoingMessage:
        """Return a message that goes out, as it stands now."""
        return next(row for row in await self.outbound() if row.id == id)

    async def inbound(self) -> list[IncomingMail]:
        """Return all mails that came in, whoever owns them, oldest first."""
        store = self.ports.store
        rows = [row for owner in (*self.ports.policy.hosted, OPERATOR) for row in await store.list_inbound(owner)]
        return sorted(rows, key=lambda row: (row.received_at, str(row.id)))

    async def outbound(self) -> list[OutgoingMessage]:
        """Return all messages that went out or wait to, oldest first."""
        rows = [row for owner in self.ports.policy.hosted for row in await self.ports.store.list_outbound(owner)]
        return sorted(rows, key=lambda row: (row.created_at, str(row.id)))

    async def inbox(self, owner: HerId) -> list:
        """Return a party's inbox."""
        return await self.ports.store.list_inbox(owner)

    async def tasks(self, role: str = "drift") -> list:
        """Return all open tasks of a role."""
        owners = (*self.ports.policy.hosted, OPERATOR)
        tasks = [task for owner in owners for task in await self.ports.store.list_tasks(owner)]
        return [task for task in tasks if task.role == role]


class Pair:
    """The municipalities' engine and the GP's, with one clock."""

    def __init__(self, register: Registry | None = None) -> None:
        self.clock = FakeClock()
        self.revocation = WordOfMouth()
        ids = FakeIds()
        register = register or registry()
        self.municipal = Side(self._ports(ids, register, (LEVANGER, VERDAL)))
        self.gp = Side(self._ports(ids, register, (GP,)))

    def _ports(self, ids: FakeIds, register: Registry, hosted: tuple[HerId, ...]) -> Ports:
        return Ports(
            store=MemoryStore(),
            keys=MemoryKeys(test_keys(), hosted),
            revocation=self.revocation,
            ids=ids,
            clock=self.clock,
            offload=Inline(),
            pdf=PlainPdf(),
            policy=Policy(register, hosted, (ANCHOR,), CARRIERS, SERVICES, SCHEMAS, WordsForPartners()),
        )

    def use(self, register: Registry) -> None:
        """Give both engines another register."""
        for side in (self.municipal, self.gp):
            side.ports = replace(side.ports, policy=replace(side.ports.policy, registry=register))

    async def submit(self, sender: HerId, receiver: HerId) -> OutgoingMessage:
        """Queue the example deviation from one party to another."""
        side = self.gp if self.gp.ports.policy.owner_of(sender) else self.municipal
        return await submit(side.ports, read_deviation(DEVIATION), sender, receiver)

    async def carry(self, change: Change = lambda mail: mail) -> int:
        """Let both engines send what is due and hand it to the other; `change` may alter a mail, or lose it (None)."""
        moved = 0
        for here in (self.municipal, self.gp):
            await here.work()
            mails, here.sent = here.sent, []
            for mail in mails:
                moved += 1
                arriving = change(mail)
                if arriving is not None:
                    await self.hand_over(arriving)
        await self.municipal.work(WorkKind.MOTTA)
        await self.gp.work(WorkKind.MOTTA)
        return moved

    async def hand_over(self, mail: bytes) -> None:
        """Give a mail to the engine that it is addressed to."""
        ours = BytesHeaderParser().parsebytes(mail)["To"] == GP_ADDRESS
        await take_in((self.gp if ours else self.municipal).ports, mail, "192.0.2.1")

    async def settle(self, change: Change = lambda mail: mail) -> None:
        """Carry mails to and fro until nothing is left to do at this time."""
        while await self.carry(change):
            pass
