"""What people do with a deviation case: one function a step, each in one commit with what follows from it.

    new -> submit -> approve -> send -> (AppRec: the clock runs) -> answer from the other side -> close

What comes from outside or with time is in engine.casework.following.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.case.deadlines import deadline_of
from engine.case.record import Case
from engine.case.roles import Duty, check_may
from engine.casework.letters import write_letter
from engine.casework.moves import call, move_case, next_number, set_timer
from engine.casework.reminder import remind_by_hand
from engine.casework.thread import log_message, send_confirmation, send_follow_up
from engine.commit.actor import Person, need_reason, owner_of
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.deviation.fields import Answer, Deviation, free_texts
from engine.deviation.follow_up import FollowUpKind
from engine.deviation.xml import read_deviation, write_deviation
from engine.errors import OwnFault, Refused
from engine.names import HerId
from engine.outbound.attachments import as_attachment, as_case_file, attach
from engine.outbound.compose import compose_deviation
from engine.outbound.deliveries import queue
from engine.payload.national_numbers import fields_with_numbers
from engine.ports import UnitOfWork
from engine.records.log import Event
from engine.states.case import CaseEvent, CaseState

_INTERIM = {
    CaseState.LEVERT: CaseEvent.ASSESS_INTERIM_LEVERT,
    CaseState.UNDER_BEHANDLING: CaseEvent.ASSESS_INTERIM_UNDER_BEHANDLING,
    CaseState.PURRET: CaseEvent.ASSESS_INTERIM_PURRET,
    CaseState.OVER_FRIST: CaseEvent.ASSESS_INTERIM_OVER_FRIST,
    CaseState.FEILADRESSERT: CaseEvent.ASSESS_INTERIM_FEILADRESSERT,
}

_OF_A_LEG = ("start", "due", "reminder_at", "reminded_at", "answered_at", "interrupted_state")
"""What the case knows of its way with one receiver, and begins anew with the next."""


async def new(
    ports: Ports, who: Person, deviation: Deviation, receiver: HerId, files: Sequence[tuple[str, bytes]] = ()
) -> Case:
    """Open a draft with files, by name and bytes; its number is made here and written into the deviation.

    Raises Refused, also for a file that may not be sent.
    """
    owner = owner_of(ports.policy, who)
    now = ports.clock.now()
    attached = await attach(ports, who.her_id, receiver, files, now)
    async with ports.store.begin() as uow:
        number = await next_number(uow, owner, now)
        content = write_deviation(replace(deviation, case_number=number, quality_assured=False))
        kind = deviation.kind.value
        case = Case(ports.ids.new(), owner, number, kind, True, who.her_id, receiver, CaseState.KLADD, now, None)
        case = replace(case, for_information=deviation.for_information, deadline=deadline_of(case, now))
        await uow.add_case(owner, case, content)
        await uow.add_case_files(owner, case.id, [as_case_file(each) for each in attached])
        await uow.log(owner, Event(now, case.id, "new", str(who), {"number": number, "state": case.state}))
        await set_timer(uow, case)
        return case


async def submit(ports: Ports, who: Person, number: str, corrected: Deviation | None = None) -> Case:
    """Hand a draft to the quality assurer, corrected if so given; refused while it holds a national number."""
    changes = {"for_information": corrected.for_information} if corrected else None
    return await _step(ports, who, number, CaseEvent.SUBMIT, _prepare(corrected), changes=changes)


async def return_(ports: Ports, who: Person, number: str, reason: str) -> Case:
    """Give a draft back to the reporter."""
    return await _step(ports, who, number, CaseEvent.RETURN, reason=need_reason(reason))


async def reject(ports: Ports, who: Person, number: str, reason: str) -> Case:
    """End a case that is none: it belongs in the own house, or is no deviation."""
    return await _step(ports, who, number, CaseEvent.REJECT, reason=need_reason(reason))


async def approve(ports: Ports, who: Person, number: str) -> Case:
    """Approve a draft for sending; refused while it holds a national number."""
    return await _step(ports, who, number, CaseEvent.APPROVE, _prepare(None, approved=True))


async def send(ports: Ports, who: Person, number: str, receiver: HerId | None = None) -> Case:
    """Send an approved deviation, or one that went astray to `receiver`; the clock starts with the AppRec."""
    check_may(CaseEvent.SEND, who.role)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case, content = await _find(uow, ports.policy, who, number)
        again = case.state is CaseState.FEILADRESSERT
        if again and receiver is None:
            raise Refused(f"Case {case.number} went to the wrong addressee. Name the right one with --to.")
        to = receiver or case.their_her
        files = [as_attachment(each) for each in await uow.case_files(case.owner, case.id)]
        draft = compose_deviation(ports, read_deviation(content), case.our_her, to, now, files)
        sent = await queue(uow, ports.policy, draft, now)
        await log_message(uow, case, sent, now)
        leg = {
            "their_her": to,
            "sending_number": case.sending_number + again,
            "first_msg_id": sent.msg_id,
            "last_msg_id": sent.msg_id,
        }
        fresh = {"delivery": sent.id, **dict.fromkeys(_OF_A_LEG)}
        return await move_case(uow, ports, case, CaseEvent.SEND, now, str(who), leg | fresh)


async def register(ports: Ports, who: Person, number: str) -> Case:
    """Confirm that what came from outside Samvik is a deviation; its clock has run since its AppRec."""
    return await _step(ports, who, number, CaseEvent.REGISTER)


async def confirm(ports: Ports, who: Person, number: str) -> Case:
    """Confirm to the reporter that we have taken and registered a deviation: once, in its thread (process.md A12)."""
    check_may(CaseEvent.CONFIRM, who.role)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case, _ = await _find(uow, ports.policy, who, number)
        return await send_confirmation(uow, ports, case, now, str(who))


async def answer(
    ports: Ports, who: Person, number: str, given: Answer, *, final: bool, files: Sequence[tuple[str, bytes]] = ()
) -> Case:
    """Answer a received deviation, interim or finally, as a message in its thread with files, by name and bytes.

    Raises Refused for a national number, and for a file that may not be sent.
    """
    event = CaseEvent.ANSWER if final else CaseEvent.ANSWER_INTERIM
    check_may(event, who.role)
    _check_private(_texts_of(given))
    now = ports.clock.now()
    known = await find_case(ports, owner_of(ports.policy, who), number)
    if known.channel is not None:
        return await _answer_by_letter(ports, who, number, given, final=final, files=files)
    attached = await attach(ports, known.our_her, known.their_her, files, now)
    async with ports.store.begin() as uow:
        case, _ = await _find(uow, ports.policy, who, number)
        if case.reporting:
            raise Refused(f"Case {case.number} is one that we reported: the other side answers it.")
        kind = FollowUpKind.SVAR if final else FollowUpKind.FORELOPIG_SVAR
        sent = await send_follow_up(uow, ports, case, kind, now, answer=given, files=attached)
        answered = {"last_msg_id": sent.msg_id, "answered_at": now if final else case.answered_at}
        return await move_case(uow, ports, case, event, now, str(who), answered)


async def _answer_by_letter(
    ports: Ports, who: Person, number: str, given: Answer, *, final: bool, files: Sequence[tuple[str, bytes]]
) -> Case:
    """Answer what came by another channel the same way: as a letter that a person sees off, never as a message."""
    if files:
        raise Refused(f"Case {number[:64]} is answered by a letter, which takes no files. Send them beside it.")
    event, now = CaseEvent.ANSWER if final else CaseEvent.ANSWER_INTERIM, ports.clock.now()
    async with ports.store.begin() as uow:
        case, _ = await _find(uow, ports.policy, who, number)
        answered = {"answered_at": now if final else case.answered_at}
        moved = await move_case(uow, ports, case, event, now, str(who), answered)
        await write_letter(uow, ports, moved, given, now, final=final)
        return moved


async def assess(ports: Ports, who: Person, number: str, *, final: bool) -> Case:
    """Judge a plain reply: final ends the clock, interim gives the case back to the state it was in."""
    case = await find_case(ports, owner_of(ports.policy, who), number)
    former = case.interrupted_state or CaseState.LEVERT
    event = CaseEvent.ASSESS_FINAL if final else _INTERIM[former]
    return await _step(
        ports, who, number, event, changes={} if final else {"interrupted_state": None, "answered_at": None}
    )


async def remind(ports: Ports, who: Person, number: str) -> Case:
    """Send the reminder that a restore from a backup has left in doubt. Raises Refused where none is."""
    check_may(Duty.REMIND, who.role)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case, _ = await _find(uow, ports.policy, who, number)
        await remind_by_hand(uow, ports, case, now, str(who))
        return await case_in(uow, case.owner, number)


async def withdraw(ports: Ports, who: Person, number: str, reason: str) -> Case:
    """Take a deviation back; the other side is told where it has it."""
    check_may(CaseEvent.WITHDRAW, who.role)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case, _ = await _find(uow, ports.policy, who, number)
        if not case.reporting:
            raise Refused(f"Case {case.number} was reported by the other side: only they can withdraw it.")
        told = {"reason": need_reason(reason)}
        moved = await move_case(uow, ports, case, CaseEvent.WITHDRAW, now, str(who), told)
        if case.first_msg_id is not None:
            await _tell_withdrawn(uow, ports, case, now)
        return moved


async def _tell_withdrawn(uow: UnitOfWork, ports: Ports, case: Case, now: datetime) -> None:
    """Tell the other side; where no message can go, the case ends all the same and a person must call them."""
    try:
        await send_follow_up(uow, ports, case, FollowUpKind.TRUKKET, now)
    except Refused as error:
        await call(uow, ports, case, now, "not told", f"Motparten er ikke varslet om at saken er trukket: {error}")


async def close(ports: Ports, who: Person, number: str) -> Case:
    """Close an answered case."""
    case = await find_case(ports, owner_of(ports.policy, who), number)
    if case.state is CaseState.OVER_FRIST and not case.reporting and case.answered_at is None:
        raise Refused(f"Case {case.number} was received and is not answered. Answer it; then it can be closed.")
    return await _step(ports, who, number, CaseEvent.CLOSE)


async def look(ports: Ports, who: Person, number: str) -> tuple[Case, Deviation]:
    """Return a case with what it says; who looked is logged."""
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case, content = await _find(uow, ports.policy, who, number)
        await uow.log(case.owner, Event(now, case.id, "looked at", str(who)))
        return case, read_deviation(content)


async def find_case(ports: Ports, owner: HerId, number: str) -> Case:
    """Return a party's case by its number or id. Raises Refused where there is none."""
    async with ports.store.begin() as uow:
        return await case_in(uow, owner, number)


async def case_in(uow: UnitOfWork, owner: HerId, number: str) -> Case:
    """Return a party's case by its number or id, locked. Raises Refused where there is none."""
    case = await uow.case_by_number(owner, number)
    if case is None:
        raise Refused(f"There is no case {number[:64]} here. `samvik case list` shows them.")
    return case


Prepare = Callable[[bytes], bytes | None]


async def _step(
    ports: Ports,
    who: Person,
    number: str,
    event: CaseEvent,
    prepare: Prepare = lambda _: None,
    *,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> Case:
    check_may(event, who.role)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case, content = await _find(uow, ports.policy, who, number)
        moved = await move_case(uow, ports, case, event, now, str(who), {"reason": reason, **(changes or {})})
        made = prepare(content)
        if made is not None:
            await uow.keep_case_content(case.owner, case.id, made)
        return moved


def _prepare(corrected: Deviation | None, *, approved: bool = False) -> Prepare:
    """Return what turns a draft into the next one, refusing national numbers in any of its texts."""

    def prepare(content: bytes) -> bytes:
        known = read_deviation(content)
        draft = replace(corrected, case_number=known.case_number) if corrected else known
        _check_private(free_texts(draft))
        return write_deviation(replace(draft, quality_assured=approved))

    return prepare


def _texts_of(given: Answer) -> list[tuple[str, str]]:
    return [
        ("Svar", given.assessment),
        ("Årsak", given.cause),
        ("Tiltak", given.measures),
        ("Ansvarlig", given.responsible),
    ]


def _check_private(texts: list[tuple[str, str]]) -> None:
    fields = fields_with_numbers(texts)
    if fields:
        raise Refused(f"A national identity number stands in: {', '.join(fields)}. Take it out; it may not be sent.")


async def _find(uow: UnitOfWork, policy: Policy, who: Person, number: str) -> tuple[Case, bytes]:
    owner = owner_of(policy, who)
    case = await case_in(uow, owner, number)
    content = await uow.case_content(owner, case.id)
    if content is None:
        raise OwnFault(f"case {case.number} has no content")
    return case, content
