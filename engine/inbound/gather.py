"""What the store knows that a decision on a mail needs. A MessageId is claimed here, by the ledger's unique key.

Whatever somebody could make us answer again and again, with mails that were once overheard, is counted here.
"""

from dataclasses import replace
from datetime import timedelta

from engine.commit.mail import MailCommit
from engine.inbound.decision import Facts
from engine.records.messages import Answering, AnswerKind, Claim, ClaimKind, ClaimOutcome
from engine.verdict.kinds import Claimable, DocumentTaken, Ping, RuleBroken, Unverified, Verdict, Verified

SAME_MAIL = timedelta(minutes=10)
"""How long the same bytes under the same Message-ID count as one mail that was delivered twice."""

COPIES_WITHIN = timedelta(hours=1)
"""Within this time no more than a number of copies of one message are answered."""


async def gather(commit: MailCommit, verdict: Verdict) -> Facts:
    """Return the facts for a decision; what is new has then claimed its ids, in this transaction (promise 2)."""
    match verdict:
        case Unverified():
            return await _on_unverified(commit, verdict)
        case RuleBroken():
            return await _on_rule_broken(commit, verdict)
        case Ping():
            return await _on_ping(commit, verdict)
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
    most, kind = commit.ports.policy.refusals_an_hour, AnswerKind.UNVERIFIED
    return Facts(answering=await uow.may_answer(kind, header.from_her, header.message_id, b"", commit.now, most))


async def _on_rule_broken(commit: MailCommit, verdict: RuleBroken) -> Facts:
    """What is not for us may have been written to anybody, and be sent to us by anybody: it is answered more rarely."""
    envelope, policy = verdict.envelope, commit.ports.policy
    claim = await commit.uow.look_up_claim(verdict.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id)
    if claim is not None:
        return Facts(claim=claim)
    if policy.owner_of(envelope.to_her) is None:
        return Facts(answering=await _may_answer(commit, verdict, AnswerKind.NOT_OURS, policy.refusals_an_hour))
    return Facts(answering=await _may_answer(commit, verdict, AnswerKind.BROKEN, policy.errors_an_hour))


async def _on_ping(commit: MailCommit, verdict: Ping) -> Facts:
    """Claim nothing for a Ping that is not answered."""
    answering = await _may_answer(commit, verdict, AnswerKind.PING, commit.ports.policy.errors_an_hour)
    if answering is Answering.ENOUGH:
        return Facts(answering=answering)
    return replace(await _on_claimable(commit, verdict), answering=answering)


async def _may_answer(commit: MailCommit, verdict: Verified, kind: AnswerKind, most: int) -> Answering:
    envelope, digest = verdict.envelope, verdict.signed.digest
    return await commit.uow.may_answer(kind, envelope.from_her, envelope.message_id, digest, commit.now, most)


async def _on_claimable(commit: MailCommit, verdict: Claimable) -> Facts:
    envelope, owner, uow = verdict.envelope, verdict.owner, commit.uow
    digest = verdict.signed.digest
    claim = await uow.claim(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, digest, None, commit.now)
    if claim.outcome is ClaimOutcome.SAME:
        just, enough = await _just_answered(commit, verdict), await _copies_answered(commit, verdict)
        return Facts(claim=claim, just_answered=just, copies_answered=enough)
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


async def _copies_answered(commit: MailCommit, verdict: Verified) -> bool:
    since, most = commit.now - COPIES_WITHIN, commit.ports.policy.refusals_an_hour
    return await commit.uow.copies(verdict.owner, verdict.envelope.message_id, since, most) >= most
