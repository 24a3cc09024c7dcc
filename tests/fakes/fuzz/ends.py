"""The oracle: whatever a verified message holds has an end (promises 4 and 5).

It ends in an Acknowledgment and an AppRec, or in a MessageError; a receipt in what it moves, or with a reason. What is
kept for a person has a task and one of a few reasons. Nothing waits for a fault of ours.
"""

from collections.abc import Sequence

from engine.codes.inbound import InboundCode
from engine.codes.statement import read_statement
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.states.inbound import InboundState as S
from engine.verdict.kinds import ApprecReceived, ApprecUnreadable, Verified
from tests.fakes.engines.pair import Side

KEPT = {
    InboundCode.TOO_OLD,
    InboundCode.ID_USED_BEFORE,
    InboundCode.ACKNOWLEDGED_BEFORE,
    InboundCode.SIGNAL_WITHOUT_BLOCK,
    InboundCode.REFUSED_ENOUGH,
}
"""Why a verified message may be kept in quarantine without an answer."""
TAKEN = {S.LEVERT_INTERNT, S.RUTET, S.AVVIST_APP, S.RETURNERT}
AGAIN = {S.DUPLIKAT, S.DUPLIKAT_FAG}


async def no_end(side: Side, row: IncomingMail, verdict: Verified, before: int) -> str:
    """Return why a verified mail has no end, '' where it has one. `before` is how many messages there were to send."""
    sent = (await side.outbound())[before:]
    if row.state is S.KARANTENE:
        return await _kept(side, row)
    if row.state is S.AVVIST_TRANSPORT:
        return "" if _answered(sent, row, Kind.FEIL) or _said(row) else f"refused without a MessageError: {row.reason}"
    if row.state in TAKEN:
        return _receipts(sent, row, verdict, apprec=True)
    if row.state in {S.KORRELERT, S.UKORRELERT}:
        applied = isinstance(verdict, ApprecReceived | ApprecUnreadable)
        return _receipts(sent, row, verdict, apprec=False) if applied else ("" if row.kind else "a receipt of no kind")
    if row.state in AGAIN | {S.PING_BESVART}:
        return ""
    return f"{row.state}: {row.reason}"


def _receipts(sent: Sequence[OutgoingMessage], row: IncomingMail, verdict: Verified, *, apprec: bool) -> str:
    if verdict.envelope.ack_requested and not _answered(sent, row, Kind.KVITTERING):
        return "no Acknowledgment"
    if apprec and not any(each.kind is Kind.APPREC and each.answers == row.id for each in sent):
        return "no AppRec"
    return ""


def _answered(sent: Sequence[OutgoingMessage], row: IncomingMail, kind: Kind) -> bool:
    return any(each.kind is kind and each.header.ref_to == row.header.message_id for each in sent)


def _said(row: IncomingMail) -> bool:
    """Say whether it was refused in silence for one of the reasons that there are."""
    said = read_statement(row.reason)
    return said is not None and said.code in KEPT


async def _kept(side: Side, row: IncomingMail) -> str:
    tasks = await side.ports.store.list_tasks(row.owner)
    if not any(row.id in {task.subject, task.latest} for task in tasks):
        return "in quarantine without a task"
    return "" if _said(row) else f"in quarantine: {row.reason}"
