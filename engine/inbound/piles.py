"""Piles: mails that nobody vouches for, together by the sender that they name and by what is wrong with them.

Whoever can reach our mail server can send any number of such mails. A person gets one task for each pile, with a count.
"""

from dataclasses import replace

from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement, read_statement
from engine.commit.mail import Outcome, Pile
from engine.commit.tasks import subject_of
from engine.register.parties import Registry

_NESTED = ("what", "why", "reason", "first")


def piled(outcome: Outcome, registry: Registry | None) -> Outcome:
    """Return an outcome with its pile. All senders that the register does not know share one: anybody can name any."""
    named = outcome.header.from_her
    claimed = named if named is not None and registry is not None and named in registry else None
    cause = _cause(read_statement(outcome.reason))
    name = f"pile {outcome.owner} {claimed or ''} {cause.code if cause else ''}"
    code = InboundCode.PILE_OF_NOBODY if claimed is None else InboundCode.PILE
    said = Statement.of(code, her_id=claimed, why=cause)
    return replace(outcome, header=replace(outcome.header, vouched=False), pile=Pile(subject_of(name), said))


def _cause(said: Statement | None) -> Statement | None:
    """Return the innermost of the statements that a reason consists of: what is wrong, without where and for whom."""
    while said is not None:
        inner = next((said.params[name] for name in _NESTED if isinstance(said.params.get(name), Statement)), None)
        if not isinstance(inner, Statement):
            return said
        said = inner
    return None
