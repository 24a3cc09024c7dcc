"""What a step of a person needs before it is decided: the case with its content, locked, in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.case.roles import Duty, check_may
from engine.codes.case import CaseCode
from engine.commit.actor import Person, owner_of
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.errors import OwnFault, Refused
from engine.names import HerId
from engine.ports import UnitOfWork
from engine.states.case import CaseEvent


@dataclass(frozen=True, slots=True)
class Gathered:
    """A case that a person takes a step in: the transaction, the case, and its deviation as it is stored."""

    commit: Commit
    case: Case
    content: bytes


@asynccontextmanager
async def gathered(ports: Ports, who: Person, step: CaseEvent | Duty, number: str) -> AsyncIterator[Gathered]:
    """Open the transaction of a step and read its case.

    Raises Refused for a role that may not take the step, and where the person's enterprise has no such case.
    """
    check_may(step, who.role)
    owner, now = owner_of(ports.policy, who), ports.clock.now()
    async with ports.store.begin() as uow:
        case = await case_in(uow, owner, number)
        content = await uow.case_content(owner, case.id)
        if content is None:
            raise OwnFault(CaseCode.NO_CONTENT, number=case.number)
        yield Gathered(Commit(uow, ports, now, who), case, content)


async def find_case(ports: Ports, owner: HerId, number: str) -> Case:
    """Return a party's case by its number or id. Raises Refused where there is none."""
    async with ports.store.begin() as uow:
        return await case_in(uow, owner, number)


async def case_in(uow: UnitOfWork, owner: HerId, number: str) -> Case:
    """Return a party's case by its number or id, locked. Raises Refused where there is none."""
    case = await uow.case_by_number(owner, number)
    if case is None:
        raise Refused(CaseCode.NOT_FOUND, number=number[:64])
    return case


async def next_number(commit: Commit, owner: HerId) -> str:
    """Return a readable case number that no case of this enterprise has had, such as AVVIK-2026-000042.

    Each enterprise counts its own cases, from 1 every year in Oslo, so that a number tells nothing about others.
    """
    year = oslo_date(commit.now).year
    return f"AVVIK-{year}-{await commit.uow.next_case_number(owner, year):06d}"
