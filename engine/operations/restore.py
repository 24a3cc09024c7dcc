"""After a restore: what the backup did not see may have happened, so nothing is sent until a person says so.

What was under way may have arrived, or been acknowledged: it becomes SENDT_UKJENT, and goes out at the release with
the same id and bytes, which every receiver tells from a new one. What was acknowledged is never sent again. A reminder
that fell due between backup and restore may have left: a person decides (engine.casework.reminder). Case numbers skip
some, so that none that a partner may have seen is given again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from engine.case.calendar import oslo_date
from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE, Person, operator
from engine.commit.commit import Commit
from engine.commit.move import LogLine, NewTask
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.delivery.moving import advance_message
from engine.errors import Refused
from engine.names import OPERATOR, HerId
from engine.operations.by_hand import owners
from engine.ports import UnitOfWork
from engine.records.log import Action, TaskCause
from engine.records.messages import Kind, OutgoingMessage
from engine.records.versions import Restoration
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.states.role import Role

SKIPPED_NUMBERS = 100
"""Case numbers of this year that no case gets after a restore, an enterprise."""

_TIME_TO_ACT = timedelta(hours=4)
_UNDER_WAY = (DeliveryState.KO, DeliveryState.SENDT)
_SIGNALS = frozenset({Kind.KVITTERING, Kind.FEIL})


@dataclass(frozen=True, slots=True)
class RestoreMove:
    """What follows from a restore: messages that may have been sent, a log line, and tasks with their owners."""

    in_doubt: tuple[OutgoingMessage, ...]
    line: LogLine
    tasks: tuple[tuple[HerId, NewTask], ...]


def decide_restored(policy: Policy, restoration: Restoration, under_way: Sequence[OutgoingMessage]) -> RestoreMove:
    """Return what follows from a restore, where `under_way` is what the backup held in the queue or as sent.

    A signal is sent again whenever its partner asks, so it is never in doubt.
    """
    in_doubt = tuple(message for message in under_way if message.kind not in _SIGNALS)
    since, until, due = restoration.backup_at, restoration.restored_at, restoration.restored_at + _TIME_TO_ACT
    held = NewTask(TaskCause.RESTORED, Statement.of(OperationsCode.SENDING_HELD), Role.DRIFT, due)
    missing = NewTask(
        TaskCause.MISSING_AFTER_RESTORE,
        Statement.of(OperationsCode.MISSING_SINCE, since=since, until=until),
        Role.DRIFT,
        due,
    )
    return RestoreMove(
        in_doubt,
        LogLine(Action.RESTORED, {"backup_at": since.isoformat(), "count": str(len(in_doubt))}),
        ((OPERATOR, held), *((owner, missing) for owner in policy.hosted)),
    )


async def settle_restored(uow: UnitOfWork, ports: Ports, restoration: Restoration) -> int:
    """Hold all sending and bring what the backup held in line with what may have happened since.

    Returns how many messages may have been sent. All of it is one commit with the rows of the backup.
    """
    commit = Commit(uow, ports, restoration.restored_at, ENGINE)
    await uow.keep_restoration(restoration)
    under_way = [message for owner in owners(ports.policy) for message in await uow.outbound_in(owner, _UNDER_WAY)]
    move = decide_restored(ports.policy, restoration, under_way)
    for message in move.in_doubt:
        await advance_message(commit, message, DeliveryEvent.RESTORED)
    for owner in ports.policy.hosted:
        await uow.skip_case_numbers(owner, oslo_date(commit.now).year, SKIPPED_NUMBERS)
    by_person = replace(commit, actor=operator(restoration.restored_by))
    await by_person.log_lines(OPERATOR, restoration.id, [move.line])
    for owner, task in move.tasks:
        await commit.open_task(owner, restoration.id, task)
    return len(move.in_doubt)


async def release_sending(ports: Ports, who: Person) -> list[OutgoingMessage]:
    """Let everything go out again; return the messages that are sent once more.

    Raises Refused where nothing is held.
    """
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, ports.clock.now(), who)
        held = await uow.restoration()
        if held is None:
            raise Refused(OperationsCode.NOTHING_HELD)
        again = await _in_doubt(uow, ports.policy)
        for message in again:
            await uow.hasten_work(message.owner, WorkKind.SEND, message.id, commit.now)
        await uow.release_restoration(held.id, commit.now, who.name)
        await commit.log(OPERATOR, held.id, Action.RELEASED, {"count": str(len(again))})
        await uow.close_tasks_of(OPERATOR, held.id, commit.now, Action.RELEASED)
    return again


async def what_is_held(ports: Ports) -> tuple[Restoration, list[OutgoingMessage]] | None:
    """Return the restore that holds all sending, with the messages that may have been sent; None where none does."""
    async with ports.store.begin() as uow:
        held = await uow.restoration()
        return None if held is None else (held, await _in_doubt(uow, ports.policy))


async def _in_doubt(uow: UnitOfWork, policy: Policy) -> list[OutgoingMessage]:
    doubtful = [DeliveryState.SENDT_UKJENT]
    return [message for owner in owners(policy) for message in await uow.outbound_in(owner, doubtful)]
