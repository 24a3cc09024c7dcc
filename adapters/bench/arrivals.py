"""`samvik bench --door`: how long a mail takes from a door (listener or mailbox) to the folder of its party's inbox.

Mails of 20 kB deviations are made beforehand, signed and encrypted, and arrive at an even rate, whether the engine
keeps up or not; each one's time counts from when it was to arrive, so that a backlog shows. Receipts are made and sent
as in service, to a mail server that takes everything.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources

from adapters.bench.counting import Bystander, compare
from adapters.bench.figures import Door, Latencies
from adapters.bench.filling import filled
from adapters.bench.fleet import Nodes
from adapters.bench.post_office import PostOffice
from adapters.bench.reading import percentile
from adapters.bench.setting import RECEIVER, SENDER, Setting, bench_setting
from adapters.bench.worker import Role
from adapters.settings import Limits, Listen, Relay
from adapters.smtp.listener import Listener
from adapters.smtp.sender import SmtpSender
from adapters.wiring.engine import Engine, engine
from engine.deviation.xml import read_deviation
from engine.msh.mime import write_mail
from engine.outbound.compose import compose_deviation
from engine.outbound.mail import mail_headers
from engine.ports import SmtpOutcome

DRAIN_SECONDS = 120.0
LOOK_SECONDS = 0.2
POLL_SECONDS = 1
WARM_UP_MAILS = 20
MOST_TRIES = 100

Say = Callable[[str], None]
Arrive = Callable[["Prepared"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail that was made beforehand, with the MsgId of its document."""

    msg_id: str
    sender: str
    receiver: str
    mail: bytes


def arrivals(door: Door, rate: float, seconds: float, processes: int, say: Say, seed: int = 1) -> Latencies:
    """Let mail arrive for `seconds`, `rate` a second; wait until all of it is in the inbox, and compare."""
    return asyncio.run(_arrivals(door, rate, seconds, processes, say, seed))


async def _arrivals(door: Door, rate: float, seconds: float, processes: int, say: Say, seed: int) -> Latencies:
    say("Setting up two engines, their keys and a durable database ...")
    async with bench_setting() as setting:
        count = round(rate * seconds)
        say(f"Making {count} mails ...")
        async with engine(setting.sending.settings, setting.sending.url) as sending:
            mails = _prepared(sending, WARM_UP_MAILS + count, random.Random(seed))  # noqa: S311 filler text
        async with _sink(setting, mails[0].sender), _open_door(door, setting) as arrive:
            nodes = Nodes([Role(setting.receiving.config, setting.receiving.url, seed) for _ in range(processes)])
            with closing(Bystander(setting.receiving.url)) as receiving:
                say("Warming up ...")
                await _let_arrive(mails[:WARM_UP_MAILS], rate, arrive)
                await _drained(receiving, WARM_UP_MAILS)
                say(f"{rate:g} mails a second for {seconds:.0f} s ...")
                due = await _let_arrive(mails[WARM_UP_MAILS:], rate, arrive)
                await _drained(receiving, len(mails))
                return _figures(door, rate, processes, due, receiving, mails, nodes.stop())


def _figures(
    door: Door,
    rate: float,
    processes: int,
    due: dict[str, datetime],
    receiving: Bystander,
    mails: list[Prepared],
    peak: float,
) -> Latencies:
    exported = receiving.exported_at()
    took = [(exported[id] - at).total_seconds() * 1000 for id, at in due.items() if id in exported]
    tally = compare([each.msg_id for each in mails], [msg_id for _, msg_id in receiving.inbox()])
    return Latencies(
        door=door,
        rate=rate,
        latency_p50_ms=percentile(took, 50),
        latency_p95_ms=percentile(took, 95),
        sent=len(mails),
        lost=tally.lost,
        duplicated=tally.duplicated,
        processes=processes,
        peak_rss_mb=round(peak, 1),
        poll_seconds=POLL_SECONDS if door is Door.POP3 else None,
    )


def _prepared(sending: Engine, count: int, chance: random.Random) -> list[Prepared]:
    ports = sending.ports
    example = read_deviation(resources.files("config").joinpath("examples/avvik.xml").read_bytes())
    found = []
    for _ in range(count):
        now = ports.clock.now()
        draft = compose_deviation(ports, filled(example, chance), SENDER, RECEIVER, now, shown=False)
        mail = write_mail(draft.mime, mail_headers(draft.message, ports.ids.new(), now))
        message = draft.message
        found.append(Prepared(str(message.msg_id), message.from_address, message.to_address, mail))
    return found


@asynccontextmanager
async def _sink(setting: Setting, address: str) -> AsyncIterator[None]:
    """Take all receipts, where the sending engine would listen."""
    taken = 0

    async def take(_mail: bytes, _peer: str) -> int:
        nonlocal taken
        taken += 1
        return taken

    place = Listen(port=setting.sending.settings.listen.port)
    listener = Listener(place, Limits(), take, lambda: {address})
    await listener.start()
    try:
        yield
    finally:
        await listener.stop()


@asynccontextmanager
async def _open_door(door: Door, setting: Setting) -> AsyncIterator[Arrive]:
    if door is Door.LISTENER:
        sender = SmtpSender(Relay(port=setting.receiving.settings.listen.port, timeout_seconds=30))

        async def by_smtp(mail: Prepared) -> None:
            for _ in range(MOST_TRIES):
                if (await sender.send(mail.sender, mail.receiver, mail.mail)).outcome is SmtpOutcome.TAKEN:
                    return
                await asyncio.sleep(LOOK_SECONDS)

        yield by_smtp
        return
    office = PostOffice()
    _add_mailbox(setting, await office.start())

    async def by_mailbox(mail: Prepared) -> None:
        office.drop(mail.mail)

    try:
        yield by_mailbox
    finally:
        await office.stop()


def _add_mailbox(setting: Setting, port: int) -> None:
    config = setting.receiving.config
    secret = config.with_name("mailbox.password")
    secret.write_text("bench", "utf-8")
    secret.chmod(0o600)
    with config.open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[mailbox]]\nname = "bench"\nprotocol = "pop3"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
            f'user = "bench"\npassword_file = "{secret}"\npoll_seconds = {POLL_SECONDS}\n'
        )


async def _let_arrive(mails: list[Prepared], rate: float, arrive: Arrive) -> dict[str, datetime]:
    """Let mails arrive at an even rate; return when each was to arrive, by its MsgId."""
    begun = datetime.now(UTC)
    due = {mail.msg_id: begun + timedelta(seconds=number / rate) for number, mail in enumerate(mails)}

    async def at_its_time(mail: Prepared) -> None:
        await asyncio.sleep((due[mail.msg_id] - datetime.now(UTC)).total_seconds())
        await arrive(mail)

    await asyncio.gather(*map(at_its_time, mails))
    return due


async def _drained(receiving: Bystander, count: int) -> None:
    """Wait until so many documents stand in the folder, or no hope is left."""
    end = asyncio.get_running_loop().time() + DRAIN_SECONDS
    while len(receiving.exported_at()) < count and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 rows tell nobody
        await asyncio.sleep(LOOK_SECONDS)
    # A second copy would come behind the first.
    await asyncio.sleep(2 * POLL_SECONDS)
