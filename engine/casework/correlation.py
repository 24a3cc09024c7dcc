"""Which case a message belongs to: RefToConversation, then RefToParent (process.md 2.1).

Record systems keep conversations of their own, and may answer any message of ours. So each reference is looked up as
the first message of a case. If it is not one, it is looked up as the MsgId of any message, ours or theirs, and the
references of that message are followed in turn.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial

from engine.case.record import Case
from engine.commit.forms import by_any_form
from engine.commit.policy import Policy
from engine.errors import PayloadFault
from engine.names import HerId, MsgId, same_id
from engine.payload.msghead import read_msghead
from engine.ports import UnitOfWork

MOST_STEPS = 20
"""How many references are followed before a message is taken to belong to no case."""


async def related_cases(uow: UnitOfWork, owner: HerId, references: Iterable[MsgId | None]) -> AsyncIterator[list[Case]]:
    """Yield a party's cases that the references of a message lead to, those of the nearest conversation first."""
    waiting = [each for each in references if each is not None]
    steps = 0
    while steps < min(len(waiting), MOST_STEPS):
        reference = waiting[steps]
        steps += 1
        cases = await by_any_form(partial(uow.cases_by_conversation, owner), reference)
        if cases:
            yield cases
        else:
            waiting += [each for each in await _references_of(uow, owner, reference) if each not in waiting]


async def _references_of(uow: UnitOfWork, owner: HerId, msg_id: MsgId) -> list[MsgId]:
    """Return what the messages with this MsgId refer to: ours first, then those in our inboxes."""
    found = []
    for sent in await by_any_form(partial(uow.outbound_by_msg_id, owner), msg_id):
        found += _written_in(await uow.document(owner, sent.id))
    for item in await by_any_form(partial(uow.inbox_thread, owner), msg_id):
        if same_id(item.msg_id, msg_id):
            found += [each for each in (item.conversation, item.parent) if each]
    return found


def _written_in(document: bytes | None) -> list[MsgId]:
    try:
        head = read_msghead(document) if document else None
    except PayloadFault:
        return []
    return [each for each in (head.conversation, head.parent) if each] if head else []


def case_between(policy: Policy, cases: Sequence[Case], sender: HerId, receiver: HerId) -> Case | None:
    """Return the case between two parties. An exact match comes first, since both may belong to one enterprise."""
    for case in cases:
        if (case.their_her, case.our_her) == (sender, receiver):
            return case
    return next((case for case in cases if is_party(policy, case, sender)), None)


def is_party(policy: Policy, case: Case, sender: HerId) -> bool:
    """True for the other side of a case, a party of the same enterprise as it, and its successor."""
    root = policy.registry.root(sender)
    return (
        sender == case.their_her
        or (root is not None and root == policy.registry.root(case.their_her) != policy.registry.root(case.our_her))
        or (policy.registry.is_successor(sender, of=case.their_her))
    )
