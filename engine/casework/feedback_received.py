"""What partners say is wrong with a message of ours (HIS 1151, `DIALOG_AVVIK`): tied to the message and its case.

It counts by the rule for AppRecs: from the receiver of the message, its parent, child or successor. Wrong addressee
moves the case whose deviation or reminder it is about, by the case's table; anything else calls a person, moves nothing
and leaves the clock running (payload.md B, process.md A18 and B18). It never opens a case, and its patient stays in the
stored document.
"""

from engine.case.record import Case
from engine.casework.correlation import case_between, is_party, related_cases
from engine.casework.moves import move_case
from engine.commit.mail import MailCommit, open_task
from engine.outbound.deliveries import keep_word, log
from engine.payload.feedback import CODE_NAMES, FeedbackCode, code_of, messages_named
from engine.records.log import Event
from engine.records.messages import OutgoingMessage
from engine.states.case import CaseEvent
from engine.trust.speakers import apprec_counts
from engine.verdict.kinds import DocumentTaken

RECEIVED = "feedback on a message"
"""The action of the event on our message, and on its case."""

_LOOSE = "feedback on no message of ours"
_STRANGER = "feedback from a stranger"
_READ_IT = "Les den i innboksen, og kontakt avsenderen. Ingenting er flyttet."


async def on_feedback(commit: MailCommit, found: DocumentTaken) -> None:
    """Let a feedback that was just put into an inbox do what it does to our message, its case, or a person's list."""
    named = await _named(commit, found)
    sender, registry = found.head.sender_her, commit.policy.registry
    message = next((each for each in named if apprec_counts(sender, each, registry)), None)
    if message is not None:
        await _on_message(commit, found, message)
    elif named:
        text = f"En tilbakemelding om feil kom fra HER-id {sender}, som ikke fikk meldingen den gjelder. {_READ_IT}"
        await open_task(commit, found.owner, _STRANGER, text)
    else:
        text = f"En tilbakemelding om feil gjelder ingen melding som er sendt herfra. {_READ_IT}"
        await open_task(commit, found.owner, _LOOSE, text)


async def _named(commit: MailCommit, found: DocumentTaken) -> list[OutgoingMessage]:
    """Return our messages that it is about: those of its first reference that names any."""
    for msg_id in messages_named(found.head):
        sent = await commit.uow.outbound_by_msg_id(found.owner, msg_id)
        if sent:
            return sent
    return []


async def _on_message(commit: MailCommit, found: DocumentTaken, message: OutgoingMessage) -> None:
    code, dialog = code_of(found.head.dialog), found.head.dialog
    actor = f"HER {found.head.sender_her}"
    await keep_word(commit.uow, message, [dialog.tema, dialog.text])
    data = {"code": code, "reason": CODE_NAMES[code], "mail": str(commit.mail.id)}
    await log(commit.uow, message, commit.now, RECEIVED, actor, data)
    case, is_its_way = await _case_of(commit, found, message)
    if case is not None:
        about = {**data, "message": str(message.id)}
        await commit.uow.log(case.owner, Event(commit.now, case.id, RECEIVED, actor, about))
    if case is not None and is_its_way and code is FeedbackCode.WRONG_ADDRESSEE:
        await move_case(commit.uow, commit.ports, case, CaseEvent.MISADDRESSED, commit.now, actor)
    else:
        await _call(commit, found, code, case)


async def _case_of(commit: MailCommit, found: DocumentTaken, message: OutgoingMessage) -> tuple[Case | None, bool]:
    """Return the case that a message of ours belongs to, and whether the case goes where that message went.

    So it does for the deviation that we sent last, and for its reminder; not for an answer of ours.
    """
    uow, owner, sender = commit.uow, found.owner, found.head.sender_her
    case = await uow.case_by_delivery(owner, message.id)
    if case is not None:
        return case, True
    case = await uow.case_of_reminder(owner, message.id)
    if case is not None:
        return case, is_party(commit.policy, case, sender)
    async for cases in related_cases(uow, owner, [message.msg_id]):
        return case_between(commit.policy, cases, sender, message.sender_her or found.owner), False
    return None, False


async def _call(commit: MailCommit, found: DocumentTaken, code: FeedbackCode, case: Case | None) -> None:
    """Call a person about the mail, not the case: what the case does next must not close it."""
    what = f"Motparten melder om feil i en melding fra oss ({CODE_NAMES[code]})."
    todo = "Les den i innboksen, og følg opp. Ingen frist er endret."
    number = f"{case.number}: " if case else ""
    role = ("kvalitetssikrer" if case.reporting else "saksbehandler") if case else "drift"
    await open_task(commit, found.owner, RECEIVED, f"{number}{what} {todo}", role)
