"""Answers to cases that came by another channel: a PDF that goes back the same way, never by mail.

A letter is a task with an owner and a deadline until a person says on which day it was delivered.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from engine.case.calendar import add_working_days, end_of, oslo_date
from engine.case.channel import Channel
from engine.case.record import Case
from engine.case.roles import Duty, check_may
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.channel import ChannelCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE, Person
from engine.commit.commit import Commit
from engine.commit.move import NewTask
from engine.commit.ports import Ports
from engine.deviation.fields import Answer
from engine.deviation.follow_up import FollowUp, FollowUpKind, headed
from engine.errors import OwnFault, Refused
from engine.names import HerId
from engine.ports import UnitOfWork
from engine.records.channels import Letter
from engine.records.log import Action, Event, TaskCause
from engine.records.work import Work, WorkKind
from engine.states.delivery import DeliveryState
from engine.states.role import Role

DAYS_TO_SEND = 2
"""Working days in which a written answer must be sent."""


async def write_letter(commit: Commit, case: Case, given: Answer, *, final: bool) -> Letter:
    """Keep an answer as a PDF, put it into the folder that the case came by, if it did, and call a person to send it.

    Raises OwnFault for a case that came as a message.
    """
    if case.channel is None:
        raise OwnFault(CaseCode.IS_A_MESSAGE, number=case.number)
    uow, ports, now = commit.uow, commit.ports, commit.now
    kind = FollowUpKind.SVAR if final else FollowUpKind.FORELOPIG_SVAR
    contact = commit.ports.policy.registry.get(case.our_her).name
    title, sections = headed(FollowUp(kind, case.number, contact, "", given), "nb")
    came = await uow.shipment_of(case.owner, case.id)
    letter = Letter(ports.ids.new(), case.owner, case.id, case.channel, now)
    if came is not None:
        letter = replace(letter, source=came[0].source, shipment=came[0].id)
        await uow.add_work(case.owner, WorkKind.BREV, letter.id, "", now)
    await uow.add_letter(case.owner, letter, ports.pdf.render(title, sections, now))
    await replace(commit, actor=ENGINE).log(case.owner, case.id, Action.ANSWER_WRITTEN, {"letter": str(letter.id)})
    await commit.open_task(case.owner, letter.id, letter_task(case, letter, now))
    return letter


def letter_task(case: Case, letter: Letter, now: datetime) -> NewTask:
    """Return the task of the case worker who sends a letter, due in two working days."""
    if letter.source:
        said = Statement.of(
            CaseTaskCode.LETTER_IN_FOLDER,
            number=case.number,
            channel=letter.channel,
            source=letter.source,
            id=letter.id,
        )
    else:
        said = Statement.of(CaseTaskCode.LETTER_TO_FETCH, number=case.number, channel=letter.channel, id=letter.id)
    due = end_of(add_working_days(oslo_date(now), DAYS_TO_SEND))
    return NewTask(TaskCause.ANSWER_TO_SEND, said, Role.SAKSBEHANDLER, due)


@dataclass(frozen=True, slots=True)
class ToPost:
    """A letter for the folder of its channel, with the metadata of its shipment and our case number."""

    letter: Letter
    pdf: bytes
    metadata: bytes
    number: str


async def to_post(work: Work, ports: Ports) -> ToPost | None:
    """Return the letter of a piece of work, None where it was delivered already. Raises OwnFault where it is gone."""
    async with ports.store.begin() as uow:
        found = await uow.letter(work.owner, work.subject)
        shipment = await uow.shipment_of(work.owner, found[0].case_id) if found else None
        case = await uow.case(work.owner, found[0].case_id) if found else None
    if found is None or shipment is None or case is None:
        raise OwnFault(ChannelCode.LETTER_GONE, id=work.subject)
    letter, pdf = found
    return ToPost(letter, pdf, shipment[1], case.number) if letter.delivered_on is None else None


async def posted(work: Work, ports: Ports) -> None:
    """Finish the work on a letter that was put into its folder."""
    async with ports.store.begin() as uow:
        await uow.finish_work(work)
        found = await uow.letter(work.owner, work.subject)
        if found is not None:
            await uow.settle_letter(work.owner, replace(found[0], exported_at=ports.clock.now()))


async def see_off(
    uow: UnitOfWork, owner: HerId, id: UUID, channel: Channel, on: date, reason: str, now: datetime
) -> str:
    """Note that a letter was delivered, by its channel or another; return its state.

    Raises Refused for a day that cannot be, and a letter that was delivered before.
    """
    found = await uow.letter(owner, id)
    if found is None:
        raise Refused(ChannelCode.NO_SUCH_LETTER, id=id)
    letter = found[0]
    if letter.delivered_on is not None:
        raise Refused(ChannelCode.DELIVERED_ALREADY, id=id, day=letter.delivered_on)
    check_day(on, letter.made_at, now)
    await uow.settle_letter(owner, replace(letter, delivered_on=on))
    data = {"letter": str(id), "channel": channel.value, "delivered_on": on.isoformat(), "reason": reason}
    await uow.log(owner, Event(now, letter.case_id, Action.ANSWER_DELIVERED, Role.DRIFT, data))
    await uow.close_tasks_of(owner, id, now, DeliveryState.LEVERT_MANUELT)
    return DeliveryState.LEVERT_MANUELT


async def read_letter(ports: Ports, who: Person, id: UUID) -> bytes:
    """Return the PDF of a letter of the reader's enterprise; the look is committed first.

    Raises Refused for a role that may not read cases, and where there is no such letter.
    """
    check_may(Duty.READ, who.role)
    owner, now = ports.policy.owner_of(who.her_id), ports.clock.now()
    async with ports.store.begin() as uow:
        found = await uow.letter(owner, id) if owner else None
        if owner is None or found is None:
            raise Refused(ChannelCode.NO_SUCH_LETTER, id=id)
        await uow.log(owner, Event(now, found[0].case_id, Action.LOOKED_AT_ANSWER, str(who), {"letter": str(id)}))
    return found[1]


def check_day(on: date, made_at: datetime, now: datetime) -> None:
    """Raise Refused for a day in Oslo that has not come, or is before something was made."""
    if on > oslo_date(now):
        raise Refused(ChannelCode.DAY_NOT_COME, day=on)
    if on < oslo_date(made_at):
        raise Refused(ChannelCode.DAY_TOO_EARLY, day=on, made=oslo_date(made_at))
