"""What people do with a deviation case: one function for each step. It gathers, decides and applies in one commit.

    new -> submit -> approve -> send -> (AppRec: the clock runs) -> answer from the other side -> close

What the steps lead to is decided in engine.casework.step_decisions. What comes from outside or with time is in
engine.casework.following.
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.case.record import Case
from engine.case.roles import Duty, check_may
from engine.casework.apply import apply
from engine.casework.decide import open_case, opening_state
from engine.casework.gather import find_case, gathered, next_number
from engine.casework.reminder import remind_by_hand
from engine.casework.step_decisions import (
    check_private,
    check_second_person,
    decide_answer,
    decide_approve,
    decide_confirm,
    decide_judgement,
    decide_plain_step,
    decide_send,
    decide_submit,
    decide_withdrawal,
    judgement_of,
    texts_of,
)
from engine.codes.case import CaseCode
from engine.commit.actor import Person, owner_of
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.commit.reason import need_reason
from engine.deviation.fields import Answer, Deviation
from engine.deviation.xml import read_deviation, write_deviation
from engine.errors import Refused
from engine.names import HerId
from engine.outbound.attachments import as_attachment, as_case_file, attach
from engine.outbound.compose import check_parties
from engine.records.log import Action
from engine.states.case import CaseEvent


async def new(
    ports: Ports, who: Person, deviation: Deviation, receiver: HerId, files: Sequence[tuple[str, bytes]] = ()
) -> Case:
    """Open a draft with files, by name and bytes. Its number is made here and written into the deviation.

    It goes from our deviation service to theirs, whichever department wrote it and is meant (process.md R11). Raises
    Refused for a role that may not report, for a receiver to whom nothing can go, and for a file that may not be sent.
    """
    check_may(Duty.NEW, who.role)
    owner, now = owner_of(ports.policy, who), ports.clock.now()
    registry = ports.policy.registry
    ours = registry.deviation_service(who.her_id, receiver, now)
    theirs = registry.deviation_service(receiver, who.her_id, now)
    check_parties(ports.policy, ours, theirs, now)
    attached = await attach(ports, ours, theirs, files, now)
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, now, who)
        number = await next_number(commit, owner)
        content = write_deviation(replace(deviation, case_number=number, quality_assured=False))
        state, kind = opening_state(reporting=True, judged=False), deviation.kind.value
        case = Case(ports.ids.new(), owner, number, kind, True, ours, theirs, state, now, None)
        case = replace(case, for_information=deviation.for_information, written_by=(who.name,))
        kept = tuple(as_case_file(each) for each in attached)
        return await apply(commit, open_case(case, content, Action.NEW, now, data={}, files=kept))


async def submit(ports: Ports, who: Person, number: str, corrected: Deviation | None = None) -> Case:
    """Hand a draft to the quality assurer, corrected if so given. Refused while it holds a national number."""
    async with gathered(ports, who, CaseEvent.SUBMIT, number) as at:
        return await apply(at.commit, decide_submit(at.case, at.content, corrected, who.name, at.commit.now))


async def return_(ports: Ports, who: Person, number: str, reason: str) -> Case:
    """Give a draft back to the reporter."""
    return await _plain_step(ports, who, number, CaseEvent.RETURN, need_reason(reason))


async def reject(ports: Ports, who: Person, number: str, reason: str) -> Case:
    """End a case that is no deviation to the other side: a matter of our own house, or no deviation at all."""
    return await _plain_step(ports, who, number, CaseEvent.REJECT, need_reason(reason))


async def approve(ports: Ports, who: Person, number: str) -> Case:
    """Approve a draft for sending. Refused while it holds a national number, and to who wrote it (process.md A3)."""
    async with gathered(ports, who, CaseEvent.APPROVE, number) as at:
        if ports.policy.registry.needs_second_person(at.case.our_her):
            check_second_person(at.case, who.name)
        return await apply(at.commit, decide_approve(at.case, at.content, at.commit.now))


async def send(ports: Ports, who: Person, number: str, receiver: HerId | None = None) -> Case:
    """Send an approved deviation, or one that went astray to `receiver`. The clock starts with the AppRec."""
    async with gathered(ports, who, CaseEvent.SEND, number) as at:
        files = [as_attachment(each) for each in await at.commit.uow.case_files(at.case.owner, at.case.id)]
        anew = receiver and ports.policy.registry.deviation_service(receiver, at.case.our_her, at.commit.now)
        move = decide_send(at.case, read_deviation(at.content), files, anew, at.commit.now)
        return await apply(at.commit, move)


async def register(ports: Ports, who: Person, number: str) -> Case:
    """Say that what came from outside Samvik is a deviation. Its clock has run since its AppRec."""
    return await _plain_step(ports, who, number, CaseEvent.REGISTER)


async def confirm(ports: Ports, who: Person, number: str) -> Case:
    """Confirm to the reporter that we have taken and registered a deviation: once, in its thread (process.md A12)."""
    async with gathered(ports, who, CaseEvent.CONFIRM, number) as at:
        return await apply(at.commit, decide_confirm(at.case, at.commit.now))


async def answer(
    ports: Ports, who: Person, number: str, given: Answer, *, final: bool, files: Sequence[tuple[str, bytes]] = ()
) -> Case:
    """Answer a received deviation, interim or finally, with files by name and bytes.

    The answer is a message in the case's thread, or a letter where the case came by another channel. Raises Refused
    for a national number, and for a file that may not be sent.
    """
    event = CaseEvent.ANSWER if final else CaseEvent.ANSWER_INTERIM
    check_may(event, who.role)
    check_private(texts_of(given))
    known = await find_case(ports, owner_of(ports.policy, who), number)
    if known.channel is not None and files:
        raise Refused(CaseCode.LETTER_WITHOUT_FILES, number=known.number)
    attached = await attach(ports, known.our_her, known.their_her, files, ports.clock.now()) if files else []
    async with gathered(ports, who, event, number) as at:
        return await apply(at.commit, decide_answer(at.case, given, attached, at.commit.now, final=final))


async def judge_reply(ports: Ports, who: Person, number: str, *, final: bool) -> Case:
    """Judge a plain reply: final ends the clock, interim gives the case back to the state that it was in."""
    async with gathered(ports, who, CaseEvent.ASSESS_FINAL, number) as at:
        check_may(judgement_of(at.case, final=final), who.role)
        return await apply(at.commit, decide_judgement(at.case, at.commit.now, final=final))


async def remind(ports: Ports, who: Person, number: str) -> Case:
    """Send the reminder that a restore from a backup has left in doubt. Raises Refused where none is."""
    async with gathered(ports, who, Duty.REMIND, number) as at:
        return await remind_by_hand(at.commit, at.case)


async def withdraw(ports: Ports, who: Person, number: str, reason: str) -> Case:
    """Take a deviation back. The other side is told where it has it."""
    async with gathered(ports, who, CaseEvent.WITHDRAW, number) as at:
        return await apply(at.commit, decide_withdrawal(at.case, need_reason(reason), at.commit.now))


async def close(ports: Ports, who: Person, number: str) -> Case:
    """Close an answered case."""
    return await _plain_step(ports, who, number, CaseEvent.CLOSE)


async def look(ports: Ports, who: Person, number: str) -> tuple[Case, Deviation]:
    """Return a case with what it says. Who looked is logged. Raises Refused for a role that may not read cases."""
    async with gathered(ports, who, Duty.READ, number) as at:
        await at.commit.log(at.case.owner, at.case.id, Action.LOOKED)
        return at.case, read_deviation(at.content)


async def _plain_step(ports: Ports, who: Person, number: str, event: CaseEvent, reason: str = "") -> Case:
    async with gathered(ports, who, event, number) as at:
        return await apply(at.commit, decide_plain_step(at.case, event, at.commit.now, reason))
