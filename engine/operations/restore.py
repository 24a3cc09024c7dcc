"""After a restore: what the backup did not see may have happened, so nothing is sent until a person says so.

What was under way may have arrived, or been acknowledged: it becomes SENDT_UKJENT, and goes out at the release with
the same id and bytes, which every receiver tells from a new one. What was acknowledged is never sent again. A reminder
that fell due between backup and restore may have left: a person decides (engine.casework.reminder). Case numbers skip
some, so that none that a partner may have seen is given again.
"""

from datetime import datetime, timedelta

from engine.case.calendar import OSLO, oslo_date
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.delivery.moving import advance_message
from engine.errors import Refused
from engine.names import OPERATOR, HerId
from engine.operations.by_hand import owners
from engine.ports import UnitOfWork
from engine.records.log import Event, Task
from engine.records.messages import Kind, OutgoingMessage
from engine.records.versions import Restoration
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryEvent, DeliveryState

SKIPPED_NUMBERS = 100
"""Case numbers of this year that no case gets after a restore, an enterprise."""

RESTORED, RELEASED, MISSING = "restored", "sending released", "missing after a restore"
HELD_TEXT = (
    "All sending holdes tilbake etter en gjenoppretting. Register, CPA-er, klienter, brukere og passord er som i "
    "sikkerhetskopien: trekk tilbake på nytt det som er trukket tilbake siden. Se med samvik restore status hva som "
    "kan være sendt, og slipp sendingen med samvik restore release."
)
_TIME_TO_ACT = timedelta(hours=4)
_UNDER_WAY = (DeliveryState.KO, DeliveryState.SENDT)
_SIGNALS = frozenset({Kind.KVITTERING, Kind.FEIL})


async def settle_restored(uow: UnitOfWork, ports: Ports, restoration: Restoration) -> int:
    """Hold all sending and bring what the backup held in line with what may have happened since.

    Returns how many messages may have been sent. All of it is one commit with the rows of the backup.
    """
    now = restoration.restored_at
    await uow.keep_restoration(restoration)
    doubtful = [message for owner in owners(ports.policy) for message in await uow.outbound_in(owner, _UNDER_WAY)]
    sent = [message for message in doubtful if message.kind not in _SIGNALS]
    for message in sent:
        await advance_message(Commit(uow, ports, now, ENGINE), message, DeliveryEvent.RESTORED)
    for owner in ports.policy.hosted:
        await uow.skip_case_numbers(owner, oslo_date(now).year, SKIPPED_NUMBERS)
    await uow.log(OPERATOR, Event(now, restoration.id, RESTORED, "drift", _told(restoration, len(sent))))
    await _call(uow, ports, OPERATOR, restoration, RESTORED, HELD_TEXT)
    for owner in ports.policy.hosted:
        await _call(uow, ports, owner, restoration, MISSING, _missing(restoration))
    return len(sent)


async def _call(uow: UnitOfWork, ports: Ports, owner: HerId, restoration: Restoration, cause: str, text: str) -> None:
    now = restoration.restored_at
    task = Task(ports.ids.new(), owner, restoration.id, cause, text, "drift", now, now + _TIME_TO_ACT)
    await uow.open_task(owner, task)


async def release_sending(ports: Ports, by: str) -> list[OutgoingMessage]:
    """Let everything go out again; return the messages that are sent once more.

    Raises Refused where nothing is held.
    """
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        held = await uow.restoration()
        if held is None:
            raise Refused("No sending is held: no restore waits for its release.")
        again = [
            each
            for owner in owners(ports.policy)
            for each in await uow.outbound_in(owner, [DeliveryState.SENDT_UKJENT])
        ]
        for message in again:
            await uow.hasten_work(message.owner, WorkKind.SEND, message.id, now)
        await uow.release_restoration(held.id, now, by)
        await uow.log(OPERATOR, Event(now, held.id, RELEASED, "drift", {"name": by, "count": str(len(again))}))
        await uow.close_tasks_of(OPERATOR, held.id, now, RELEASED)
    return again


async def what_is_held(ports: Ports) -> tuple[Restoration, list[OutgoingMessage]] | None:
    """Return the restore that holds all sending, with the messages that may have been sent; None where none does."""
    async with ports.store.begin() as uow:
        held = await uow.restoration()
        if held is None:
            return None
        doubtful = [DeliveryState.SENDT_UKJENT]
        return held, [each for owner in owners(ports.policy) for each in await uow.outbound_in(owner, doubtful)]


def _told(restoration: Restoration, sent: int) -> dict[str, str]:
    return {"name": restoration.restored_by, "backup_at": _time(restoration.backup_at), "count": str(sent)}


def _missing(restoration: Restoration) -> str:
    since, until = _time(restoration.backup_at), _time(restoration.restored_at)
    return (
        f"Databasen er gjenopprettet fra en sikkerhetskopi tatt {since}. Det som kom inn eller skjedde fra da til "
        f"{until}, er ikke med: be motpartene sende på nytt det de sendte da."
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone(OSLO):%d.%m.%Y %H:%M}"
