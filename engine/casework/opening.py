"""Open our side of a deviation that came: Samvik's own in treatment, a plain dialog message to be judged.

A plain message becomes a draft without the patient that it may name; the original stays in the inbox, encrypted, and
who reads it is logged (engine.casework.originals).
"""

from dataclasses import replace

from engine.agreements.terms import ApprecBy, Confirm
from engine.case.calendar import oslo_date
from engine.case.deadlines import deadline_of
from engine.case.record import Case
from engine.casework.moves import call, clock_of, next_number, set_timer
from engine.casework.thread import send_confirmation
from engine.commit.mail import MailCommit, open_task
from engine.deviation.fields import FILE_NAME, MIME_TYPE, Deviation, DeviationKind
from engine.deviation.xml import check_deviation, read_deviation, write_deviation
from engine.errors import PayloadFault, Refused
from engine.payload.msghead import MsgHead
from engine.payload.national_numbers import as_code
from engine.records.log import Event, Task
from engine.states.case import CaseState
from engine.verdict.kinds import DocumentTaken

_READER = "saksbehandler"


async def open_case(commit: MailCommit, found: DocumentTaken) -> None:
    """Open our side of a deviation that came: Samvik's own in treatment, a plain one to be judged."""
    deviation, note = _deviation(commit, found.head), found.head.dialog
    service = commit.policy.registry.get(found.owner).deviation_service
    if deviation is not None:
        await _add_case(commit, found, deviation, CaseState.UNDER_BEHANDLING)
    elif found.destination.receiver == service and note.text.strip():
        await _add_case(commit, found, _draft(found.head), CaseState.TIL_VURDERING)


def _deviation(commit: MailCommit, head: MsgHead) -> Deviation | None:
    for attachment in head.attachments:
        if attachment.name == FILE_NAME and attachment.mime_type == MIME_TYPE:
            try:
                check_deviation(attachment.content, commit.policy.deviation_schema)
                return read_deviation(attachment.content)
            except PayloadFault:
                return None
    return None


def _draft(head: MsgHead) -> Deviation:
    """Return what a plain message says as a draft: its text, and nothing of the patient it may name in its head."""
    title = " ".join(head.dialog.tema.split())[:100] or "Dialogmelding"
    sender = head.sender.party
    contact = (sender.unit.name if sender.unit else sender.name) or f"HER-id {head.sender_her}"
    text = head.dialog.text[:30_000]
    return Deviation(DeviationKind.AVVIK, str(head.msg_id), contact, False, title, text)


async def _add_case(commit: MailCommit, found: DocumentTaken, deviation: Deviation, state: CaseState) -> None:
    head, ports, now = found.head, commit.ports, commit.now
    try:
        content = write_deviation(deviation)
    except Refused:
        await open_task(commit, found.owner, "no case made", "Et mottatt avvik kunne ikke bli sak. Se innboksen.")
        return
    number = await next_number(commit.uow, found.owner, now)
    case = Case(
        id=ports.ids.new(),
        owner=found.owner,
        number=number,
        kind=deviation.kind.value,
        reporting=False,
        our_her=found.destination.receiver,
        their_her=head.sender_her,
        state=state,
        opened_at=now,
        deadline=None,
        first_msg_id=head.msg_id,
        last_msg_id=head.msg_id,
        partner_number=as_code(deviation.case_number),  # else it stands in the content alone, encrypted
        for_information=deviation.for_information,
    )
    case = replace(case, **clock_of(ports.policy, case, oslo_date(now), now))
    case = replace(case, deadline=deadline_of(case, now))
    await commit.uow.add_case(found.owner, case, content)
    data = {"number": number, "state": state}
    await commit.uow.log(found.owner, Event(now, case.id, "received", f"HER {head.sender_her}", data))
    await set_timer(commit.uow, case)
    await call(commit.uow, ports, case, now, state, "Et avvik er kommet inn og venter på behandling.")
    if state is CaseState.UNDER_BEHANDLING and _confirms_unasked(commit, case):
        await _confirm_unasked(commit, case)


def _confirms_unasked(commit: MailCommit, case: Case) -> bool:
    """Say whether the engine confirms on its own what came with our attachment, so from a partner with Samvik.

    Where the record system's word is the AppRec it may still refuse the document, so a person confirms.
    """
    terms = commit.policy.registry.terms(case.our_her, case.their_her, commit.now)
    may_be_refused = terms.apprec_by is ApprecBy.EPJ and commit.policy.registry.get(case.our_her).has_record_system
    wanted = terms.confirm is Confirm.ALL or (terms.confirm is Confirm.INFORMATION and case.for_information)
    return wanted and not may_be_refused


async def _confirm_unasked(commit: MailCommit, case: Case) -> None:
    """Confirm in the commit that opens the case; where no message can go, a person must."""
    try:
        await send_confirmation(commit.uow, commit.ports, case, commit.now, "motor")
    except Refused as error:
        await call(commit.uow, commit.ports, case, commit.now, "not confirmed", f"Mottaket er ikke bekreftet: {error}")
        return
    if case.for_information:
        # The case ends with its confirmation, and with it what was open on it: this is about the mail, and stays.
        text = f"{case.number}: En melding til orientering er registrert og bekreftet. Les den i innboksen."
        due = case.deadline or commit.now
        task = Task(
            commit.ports.ids.new(), case.owner, commit.mail.id, "for information", text, _READER, commit.now, due
        )
        await commit.uow.open_task(case.owner, task)
