"""A MessageError that nobody signed, as some systems send them: it moves nothing, and people see what it says.

It is shown as unverified with the mail, and on the timeline of the message of ours that it names.
"""

from functools import partial

from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.forms import by_any_form
from engine.commit.mail import MailCommit
from engine.errors import EbxmlCode
from engine.names import HerId
from engine.outbound.deliveries import keep_word
from engine.records.log import Action
from engine.records.messages import OutgoingMessage
from engine.verdict.kinds import Quarantine


def why_kept(verdict: Quarantine) -> str:
    """Return why a mail is kept, with the codes that an unverified MessageError lists."""
    if not verdict.told:
        return verdict.reason
    return str(Statement.of(InboundCode.UNVERIFIED_ERROR, errors=_codes(verdict), why=verdict.reason))


def _codes(verdict: Quarantine) -> list[str]:
    """Return the codes of the standard that are listed. Others are anybody's text, which no log may hold."""
    known = {code.value for code in EbxmlCode}
    return sorted({each.code if each.code in known else EbxmlCode.UNKNOWN.value for each in verdict.told})


async def note_unverified(commit: MailCommit, verdict: Quarantine) -> None:
    """Note on our message what an unverified MessageError says of it, once a message, if it names whom we sent to."""
    header, owner = verdict.header, verdict.owner
    if owner is None or header.ref_to is None:
        return
    message = await by_any_form(partial(commit.uow.outbound_by_message_id, owner), header.ref_to)
    if message is None or not _names_both(message, header.from_her, header.to_her):
        return
    if await commit.uow.partner_word(owner, message.id) is None:
        await keep_word(
            commit.uow, message, [f"{each.code} {each.location}: {each.description}" for each in verdict.told]
        )
        data = {"mail": str(commit.mail.id), "code": ", ".join(_codes(verdict))}
        await commit.log(owner, message.id, Action.UNVERIFIED_ERROR, data)


def _names_both(message: OutgoingMessage, sender: HerId | None, receiver: HerId | None) -> bool:
    return (message.header.to_her, message.header.from_her) == (sender, receiver)
