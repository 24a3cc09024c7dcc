"""Open our side of a deviation that came: Samvik's own in treatment, anything else to be judged by a person.

A plain message becomes a draft without the patient that it may name. The original stays in the inbox, encrypted, and
who reads it is logged (engine.casework.originals).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from engine.agreements.terms import ApprecBy, Confirm
from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.casework.apply import apply
from engine.casework.decide import open_case, opening_state, task_about, with_clock
from engine.casework.gather import next_number
from engine.casework.move import Move
from engine.casework.step_decisions import decide_confirm
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.actor import partner
from engine.commit.mail import MailCommit
from engine.commit.move import NewTask
from engine.commit.policy import Policy
from engine.commit.tasks import desk_task
from engine.deviation.fields import Deviation, DeviationKind
from engine.deviation.labels import SENTENCES
from engine.deviation.xml import deviation_in, write_deviation
from engine.errors import Refused
from engine.payload.msghead import MsgHead
from engine.payload.national_numbers import as_code
from engine.records.channels import CaseFile
from engine.records.log import Action, TaskCause
from engine.states.case import CaseState
from engine.states.role import Role
from engine.verdict.kinds import DocumentTaken


async def open_case_of(commit: MailCommit, found: DocumentTaken) -> None:
    """Open a case for a document in no thread: for a deviation, and for plain text to the deviation service."""
    head = found.head
    own = deviation_in(head.attachments)
    if own is not None:
        await commit.uow.note_samvik(found.owner, head.sender_her, commit.now)
        await _open(commit, found, *own, judged=True)
    elif _is_for_service(commit.ports.policy, found) and head.dialog.text.strip():
        draft = plain_draft(head)
        try:
            content = write_deviation(draft)
        except Refused:
            task = desk_task(TaskCause.NO_CASE_MADE, Statement.of(CaseTaskCode.NO_CASE_MADE), commit.now)
            await commit.open_task(found.owner, commit.mail.id, task)
            return
        await _open(commit, found, draft, content, judged=False)


def _is_for_service(policy: Policy, found: DocumentTaken) -> bool:
    return found.destination.receiver == policy.registry.get(found.owner).deviation_service


def received_case(
    policy: Policy,
    case: Case,
    content: bytes,
    received: date,
    now: datetime,
    *,
    action: StrEnum,
    data: Mapping[str, str],
    files: tuple[CaseFile, ...] = (),
) -> Move:
    """Return the opening of a case that we received on a day in Oslo: its clock runs, and who treats it is called."""
    move = open_case(with_clock(policy, case, received, now), content, action, now, data=data, files=files)
    return move.calling(_arrival(move.case, now))


def confirms_unasked(policy: Policy, case: Case, now: datetime) -> bool:
    """True where the engine itself confirms a deviation that came with our attachment, so from a partner with Samvik.

    Where the record system gives the AppRec it may still refuse the document, so a person confirms.
    """
    if case.state is not CaseState.UNDER_BEHANDLING:
        return False
    terms = policy.registry.terms(case.our_her, case.their_her, now)
    may_be_refused = terms.apprec_by is ApprecBy.EPJ and policy.registry.get(case.our_her).has_record_system
    wanted = terms.confirm is Confirm.ALL or (terms.confirm is Confirm.INFORMATION and case.for_information)
    return wanted and not may_be_refused


def confirm_unasked(case: Case, now: datetime) -> Move:
    """Return the confirmation in the commit that opens a case. Where no message can go, a person must confirm."""

    def not_confirmed(error: Refused) -> Move:
        said = Statement.of(CaseTaskCode.NOT_CONFIRMED, number=case.number, error=error.statement)
        return Move(case=case, was=case, tasks=(task_about(case, TaskCause.NOT_CONFIRMED, said, now),))

    return replace(decide_confirm(case, now), if_refused=not_confirmed)


def plain_draft(head: MsgHead) -> Deviation:
    """Return what a plain message says as a draft: its text, and nothing of the patient it may name in its head."""
    title = " ".join(head.dialog.tema.split())[:100] or SENTENCES["plain_message"]["nb"]
    sender = head.sender.party
    contact = (sender.unit.name if sender.unit else sender.name) or f"HER-id {head.sender_her}"
    return Deviation(DeviationKind.AVVIK, str(head.msg_id), contact, False, title, head.dialog.text[:30_000])


async def _open(
    commit: MailCommit, found: DocumentTaken, deviation: Deviation, content: bytes, *, judged: bool
) -> None:
    head, now = found.head, commit.now
    case = Case(
        id=commit.ports.ids.new(),
        owner=found.owner,
        number=await next_number(commit, found.owner),
        kind=deviation.kind.value,
        reporting=False,
        our_her=found.destination.receiver,
        their_her=head.sender_her,
        state=opening_state(reporting=False, judged=judged),
        opened_at=now,
        deadline=None,
        first_msg_id=head.msg_id,
        last_msg_id=head.msg_id,
        partner_number=as_code(deviation.case_number),  # else it stands in the content alone, encrypted
        for_information=deviation.for_information,
    )
    move = received_case(commit.ports.policy, case, content, oslo_date(now), now, action=Action.RECEIVED, data={})
    opened = await apply(replace(commit, actor=partner(head.sender_her)), move)
    if confirms_unasked(commit.ports.policy, opened, now):
        await _confirm(commit, opened)


async def _confirm(commit: MailCommit, case: Case) -> None:
    after = await apply(commit, confirm_unasked(case, commit.now))
    if after.confirmed_at is not None and case.for_information:
        # The case ends with its confirmation, and with it all tasks about it: this one is about the mail, and stays.
        said = Statement.of(CaseTaskCode.FOR_INFORMATION, number=case.number)
        task = NewTask(TaskCause.FOR_INFORMATION, said, Role.SAKSBEHANDLER, case.deadline or commit.now)
        await commit.open_task(case.owner, commit.mail.id, task)


def _arrival(case: Case, now: datetime) -> NewTask:
    """Return the task of the person who treats a case that has just come, or first judges it."""
    judged = case.state is CaseState.UNDER_BEHANDLING
    if case.channel is None:
        code = CaseTaskCode.ARRIVED if judged else CaseTaskCode.MAY_BE_A_DEVIATION
    else:
        code = CaseTaskCode.ARRIVED_OTHERWISE if judged else CaseTaskCode.MAY_BE_A_DEVIATION_OTHERWISE
    return task_about(case, case.state, Statement.of(code, number=case.number, channel=case.channel), now)
