"""Hold the reminder while mail that may be the answer is not decided: unread, waiting, or quarantined after its wait.

Nobody has vouched for such mail, so it is believed in this alone, and no longer than until it is decided: by the
engine within a day, else by the person whom its quarantine calls. The reminder is looked at every few minutes.
"""

from datetime import datetime, timedelta

from engine.case.record import Case
from engine.casework.correlation import is_party
from engine.commit.mail import TIME_TO_READ
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.errors import OwnFault, Unreadable
from engine.msh import constants as c
from engine.msh.envelope import claimed
from engine.msh.mime import read_mail
from engine.msh.reading import ENVELOPE_LIMITS, UNKNOWN
from engine.names import OPERATOR
from engine.ports import UnitOfWork
from engine.records.messages import Header, IncomingMail
from engine.states.inbound import InboundState
from engine.xml import BadXml, parse

LOOK_SOON = timedelta(minutes=5)
"""How soon a reminder that is held is looked at again."""

MOST_MAILS = 200
"""Where more mails than this are undecided, any may be the answer."""

HELD = "reminder held"
HELD_TEXT = (
    "Purringen holdes tilbake: en melding som kan være svaret, er ikke avgjort. Se i loggen hva som venter eller er i "
    "karantene. Purringen går når meldingen er avgjort uten å være et svar."
)


async def answer_may_be_here(uow: UnitOfWork, ports: Ports, case: Case, now: datetime) -> bool | None:
    """Say whether the other side's answer may be among the mails that are not decided.

    None where it may, but so lately that no person needs to know.
    """
    oldest: datetime | None = None
    for owner in (OPERATOR, case.owner):
        mails = await uow.undecided(owner, MOST_MAILS)
        if len(mails) == MOST_MAILS:
            return True
        for mail in mails:
            if mail.received_at >= case.opened_at and _may_answer(
                ports.policy, case, mail, await _said(uow, ports, mail)
            ):
                oldest = min(oldest or mail.received_at, mail.received_at)
    if oldest is None:
        return False
    return True if oldest <= now - TIME_TO_READ else None


async def _said(uow: UnitOfWork, ports: Ports, mail: IncomingMail) -> Header:
    """Return what a mail says of itself: as it was noted when it had to wait, else from its bytes."""
    if mail.header.from_her is not None:
        return mail.header
    raw = await uow.raw(mail.owner, mail.id) or b""
    return await ports.offload.run(len(raw), lambda: _claimed_in(raw, ports.policy))


def _claimed_in(raw: bytes, policy: Policy) -> Header:
    try:
        return claimed(parse(read_mail(raw, policy.limits).soap, ENVELOPE_LIMITS))
    except (Unreadable, BadXml):
        return UNKNOWN


def _may_answer(policy: Policy, case: Case, mail: IncomingMail, said: Header) -> bool:
    """Say whether a mail claims to be a message from the other side to us; quarantine counts only after a wait."""
    if said.from_her is None or _is_receipt(policy, said) or policy.owner_of(said.to_her) != case.owner:
        return False
    if mail.state is InboundState.KARANTENE and mail.owner != OPERATOR:
        return False
    root = policy.registry.root(said.from_her)
    return (root is not None and root == policy.registry.root(case.their_her)) or is_party(policy, case, said.from_her)


def _is_receipt(policy: Policy, said: Header) -> bool:
    try:
        return said.service in {None, c.MSH_SERVICE} or said.action == policy.services.apprec_action(said.service or "")
    except OwnFault:
        return False
