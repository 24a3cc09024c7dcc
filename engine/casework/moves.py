"""Move cases: the one place where a case's state, deadline, timer, task and log line change together."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from engine.case.calendar import oslo_date
from engine.case.clock import clock_from
from engine.case.deadlines import deadline_of, waits_for_clock
from engine.case.record import Case
from engine.case.roles import MAY
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.errors import OwnFault, Refused
from engine.names import HerId
from engine.outbound.deliveries import call_back
from engine.ports import UnitOfWork
from engine.records.log import Event, Task
from engine.records.work import WorkKind
from engine.states.case import CASE, OPEN, PARTNER_HAS_IT, CaseEvent, CaseState
from engine.states.table import Otherwise, Step, advance

_S = CaseState

_TASK_TEXT = {
    _S.TIL_KVALITETSSIKRING: "Et avvik venter på kvalitetssikring.",
    _S.RETURNERT: "Et avvik er sendt tilbake til melder med en begrunnelse.",
    _S.GODKJENT: "Et godkjent avvik er ikke sendt.",
    _S.OVER_FRIST: "Motparten har ikke svart etter purringen. Ta kontakt, eller lukk saken.",
    _S.SVAR_IKKE_VURDERT: "Motparten har svart i fritekst. Vurder om svaret er endelig eller foreløpig.",
    _S.FEILADRESSERT: "Avviket kom til feil mottaker. Rett mottakeren og send på nytt.",
    _S.TIL_VURDERING: "En melding utenfor Samvik kan være et avvik. Registrer den som sak, eller avvis den.",
    _S.UNDER_BEHANDLING: "Et avvik er mottatt og skal besvares.",
}


_EVENT_TEXT = {
    CaseEvent.REFUSED: "Motparten har avvist avviket (AppRec 2). Les årsaken. Trekk saken, og meld på nytt rettet.",
    CaseEvent.REMINDED_EARLY: "Motparten har purret før svarfristen.",
}
_OUT_OF_PLACE = {
    CaseEvent.MISADDRESSED: "Motparten melder at avviket kom til feil adressat, men saken venter ikke på dem. "
    "Les meldingen i innboksen, og avklar med motparten.",
}
_NOT_ANSWERED = "Vi har ikke svart på et avvik, heller ikke etter purringen. Svar melderen."
_WITH_PEOPLE = frozenset(role for role, _, _ in OPEN.values()) - {"motpart", "motor"}


async def move_case(
    uow: UnitOfWork,
    ports: Ports,
    case: Case,
    event: CaseEvent,
    now: datetime,
    actor: str,
    changes: Mapping[str, Any] | None = None,
) -> Case:
    """Advance a case by one event and return it as it now is; `changes` are fields of Case that change with it.

    Where the table ignores the event, nothing changes but the log. Raises Refused, naming the state, what is allowed
    from it and who may do it; OwnFault where another node moved the case first.
    """
    step = _advanced(case, event)
    await uow.log(case.owner, Event(now, case.id, event, actor, {"state": step.state}))
    if step.task:
        texts = _OUT_OF_PLACE | _EVENT_TEXT
        text = texts.get(event, f"Uventet i saken: {event}. Se sakens tidslinje.")
        await call(uow, ports, case, now, event, text)
    if not step.moved and not changes:
        return case
    moved = replace(case, **(changes or {}), state=step.state)
    if step.moved and case.reminded_at is not None and moved.state not in PARTNER_HAS_IT:
        moved = await _without_reminder(uow, ports, case, moved, now)
    if step.moved or ("start" in (changes or {}) and waits_for_clock(moved)):
        moved = replace(moved, deadline=deadline_of(moved, now))
    if not await uow.settle_case(case.owner, moved, was=case.state):
        raise OwnFault(f"case {case.number} was moved by another node")
    await set_timer(uow, moved)
    if step.moved:
        await _call_owner(uow, ports, moved, event, now)
    return moved


async def next_number(uow: UnitOfWork, owner: HerId, now: datetime) -> str:
    """Return a readable case number that no case of this enterprise has had, such as AVVIK-2026-000042.

    Each enterprise counts its own cases, from 1 every year in Oslo: what one has had tells nobody of another's.
    """
    year = oslo_date(now).year
    return f"AVVIK-{year}-{await uow.next_case_number(owner, year):06d}"


async def call(uow: UnitOfWork, ports: Ports, case: Case, now: datetime, cause: str, text: str) -> None:
    """Open a task about a case for whoever owns its state, unless the same is open."""
    owner = OPEN[case.state][0] if case.state in OPEN else "sekretariat"
    role = owner if owner in _WITH_PEOPLE else "saksbehandler"
    due = case.deadline or now
    task = Task(ports.ids.new(), case.owner, case.id, cause, f"{case.number}: {text}", role, now, due)
    await uow.open_task(case.owner, task)


async def set_timer(uow: UnitOfWork, case: Case) -> None:
    """Let a node look at a case when its deadline comes."""
    if case.deadline is None:
        await uow.drop_work(case.owner, WorkKind.SAK, case.id)
    else:
        await uow.add_work(case.owner, WorkKind.SAK, case.id, "", case.deadline)


def clock_of(policy: Policy, case: Case, start: date, now: datetime) -> dict[str, Any]:
    """Return the fields of a clock that started; what is for information only has none (process.md 2.5)."""
    if case.for_information:
        return {}
    terms = policy.registry.terms(case.our_her, case.their_her, now)
    clock = clock_from(start, terms.answer_days, terms.holiday_rule)
    return {"start": clock.start, "due": clock.due, "reminder_at": clock.reminder_at}


def _advanced(case: Case, event: CaseEvent) -> Step[CaseState]:
    try:
        return advance(CASE, case.state, event)
    except Refused:
        ways = [
            step for step in MAY if isinstance(step, CaseEvent) and not isinstance(CASE[case.state][step], Otherwise)
        ]
        told = "; ".join(f"{step} ({', '.join(sorted(MAY[step]))})" for step in ways) or "nothing"
        raise Refused(f"Case {case.number} is {case.state}, so '{event}' is not possible. Possible: {told}.") from None


async def _without_reminder(uow: UnitOfWork, ports: Ports, case: Case, moved: Case, now: datetime) -> Case:
    """Call the reminder back; where it never left, the case was not reminded, and may be when a reply settles nothing.

    What comes back in these states is an answer or a withdrawal, or the case has ended: no try may follow it.
    """
    id = await uow.reminder_of(case.owner, case.id, case.sending_number)
    message = await uow.outbound(case.owner, id) if id else None
    reason = "Nobody is reminded any more: the case has moved on."
    if message is None or not await call_back(uow, ports, message, now, reason):
        return moved
    await uow.call_back_reminder(case.owner, case.id, case.sending_number)
    former = _S.LEVERT if moved.interrupted_state in {_S.PURRET, _S.OVER_FRIST} else moved.interrupted_state
    return replace(moved, reminded_at=None, interrupted_state=former)


async def _call_owner(uow: UnitOfWork, ports: Ports, case: Case, event: CaseEvent, now: datetime) -> None:
    """Close what the former state called for, and call the owner of the new one."""
    await uow.close_tasks_of(case.owner, case.id, now, case.state)
    text = _EVENT_TEXT.get(event) or _TASK_TEXT.get(case.state)
    if case.state is _S.OVER_FRIST and not case.reporting:
        text = _NOT_ANSWERED
    if text and not (case.state is _S.UNDER_BEHANDLING and case.reporting):
        await call(uow, ports, case, now, case.state, text)
