"""What the store knows that a decision on a mail needs. A MessageId is claimed here, by the ledger's unique key."""

from datetime import timedelta

from engine.commit.mail import MailCommit
from engine.inbound.decision import Facts
from engine.records.messages import Claim, ClaimKind, ClaimOutcome
from engine.verdict.kinds import Claimable, DocumentTaken, RuleBroken, Unverified, Verdict, Verified

SAME_MAIL = timedelta(minutes=10)
"""How long the same bytes under the same Message-ID count as one mail that was delivered twice."""


async def gather(commit: MailCommit, verdict: Verdict) -> Facts:
    """Return the facts for a decision; what is new has then claimed its ids, in this transaction (promise 2)."""
    match verdict:
        case Unverified():
            return await _on_unverified(commit, verdict)
        case RuleBroken():
            return Facts(claim=await _known(commit, verdict))
        case Verified():
            return await _on_claimable(commit, verdict)
    return Facts()


async def _on_unverified(commit: MailCommit, verdict: Unverified) -> Facts:
    """Nobody has vouched for this sender, so that it claims nothing; whether it is answered is counted."""
    header, uow = verdict.header, commit.uow
    if header.from_her is None or header.message_id is None or header.to_her is None:
        return Facts()
    claim = await uow.look_up_claim(verdict.owner, ClaimKind.EBXML, header.from_her, header.message_id)
    if claim is not None:
        return Facts(claim=claim)
    most = commit.ports.policy.refusals_an_hour
    return Facts(may_refuse=await uow.may_refuse(header.from_her, header.message_id, commit.now, most))


async def _on_claimable(commit: MailCommit, verdict: Claimable) -> Facts:
    envelope, owner, uow = verdict.envelope, verdict.owner, commit.uow
    digest = verdict.signed.digest
    claim = await uow.claim(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, digest, None, commit.now)
    if claim.outcome is ClaimOutcome.SAME:
        return Facts(claim=claim, just_answered=await _just_answered(commit, verdict))
    if claim.outcome is ClaimOutcome.NEW and isinstance(verdict, DocumentTaken):
        return Facts(claim=claim, document=await _claim_document(commit, verdict))
    return Facts(claim=claim)


async def _just_answered(commit: MailCommit, verdict: Verified) -> bool:
    mail, since = commit.mail, commit.now - SAME_MAIL
    return bool(mail.mail_id) and await commit.uow.saw_mail(verdict.owner, mail, verdict.envelope.message_id, since)


async def _claim_document(commit: MailCommit, verdict: DocumentTaken) -> Claim:
    head = verdict.head
    return await commit.uow.claim(
        verdict.owner, ClaimKind.MSGID, head.sender_her, head.msg_id, verdict.digest, None, commit.now
    )


async def _known(commit: MailCommit, verdict: Verified) -> Claim | None:
    envelope = verdict.envelope
    return await commit.uow.look_up_claim(verdict.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id)
