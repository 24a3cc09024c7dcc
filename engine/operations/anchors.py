"""The anchor file of the event log: people are told where it is gone, or begun while the log had seals."""

from datetime import timedelta

from engine.codes.log import LogCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE, Person
from engine.commit.commit import Commit
from engine.commit.move import NewTask
from engine.commit.ports import Ports
from engine.commit.reason import need_reason
from engine.commit.tasks import subject_of
from engine.names import OPERATOR
from engine.records.log import Action, TaskCause
from engine.states.role import Role

_TIME_TO_ACT = timedelta(hours=4)
_SUBJECT = subject_of("anchor")


async def tell_of_anchor(ports: Ports, said: Statement) -> None:
    """Call a person about the anchor file; nothing where the same call is open."""
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, ports.clock.now(), ENGINE)
        task = NewTask(TaskCause.ANCHOR, said, Role.DRIFT, commit.now + _TIME_TO_ACT)
        if await commit.open_task(OPERATOR, _SUBJECT, task):
            await commit.log(OPERATOR, _SUBJECT, Action.ANCHOR_BEGUN if _is_new(said) else TaskCause.ANCHOR)


async def note_begun(ports: Ports, who: Person, seal: int, reason: str) -> None:
    """Note that a person let an anchor file begin after a seal, and close the call about it.

    Raises Refused without a usable reason.
    """
    need_reason(reason)
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, ports.clock.now(), who)
        await commit.log(OPERATOR, _SUBJECT, Action.ANCHOR_BEGUN, {"seal": str(seal), "reason": reason})
        await uow.close_tasks_of(OPERATOR, _SUBJECT, commit.now, reason)


def _is_new(said: Statement) -> bool:
    return said.code == LogCode.ANCHOR_BEGUN
