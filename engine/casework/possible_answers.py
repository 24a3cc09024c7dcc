"""Which undecided mails may hold the answer to a case, so that its reminder waits for them.

Such a mail is unread, waiting, or in quarantine after a wait. One that waits is believed in this alone, and only until
it is decided: by the engine within a day, else by the person whom its quarantine calls. One that is unread is read
here: what nobody vouches for holds nothing back, however many there are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

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
from engine.verdict.kinds import Verified, Wait
from engine.verdict.mail import verdict_on
from engine.xml import BadXml, parse

LOOK_SOON = timedelta(minutes=5)
"""How soon a reminder that is held is looked at again."""

MOST_MAILS = 200
"""Where more mails than this are unread, they are read first: within minutes, and nobody needs to be called."""


class PossibleAnswer(Enum):
    """Whether the other side's answer may be among the undecided mails."""

    NONE = "none"
    NEW = "new"
    """It may, but has come so lately that no person needs to know."""
    OLD = "old"
    """It may, and has been there so long that a person must look."""


async def possible_answer(uow: UnitOfWork, ports: Ports, case: Case, now: datetime) -> PossibleAnswer:
    """Gather the undecided mails that may concern a case, and say whether its answer may be among them."""
    registry = ports.policy.registry
    ours = [party.her for party in registry.all() if registry.root(party.her) == case.owner]
    found: list[tuple[IncomingMail, Header]] = []
    for owner in (OPERATOR, case.owner):
        mails = await uow.undecided(owner, ours, case.opened_at, MOST_MAILS)
        if len(mails) == MOST_MAILS:
            return PossibleAnswer.NEW
        for mail in mails:
            header = await _claimed_header(uow, ports, mail)
            if may_answer(ports.policy, case, mail, header) and await _may_be_genuine(uow, ports, mail, now):
                found.append((mail, header))
    return judge_mails(ports.policy, case, found, now)


def judge_mails(
    policy: Policy, case: Case, mails: Sequence[tuple[IncomingMail, Header]], now: datetime
) -> PossibleAnswer:
    """Say whether the answer to a case may be among mails, by the headers that they claim."""
    came = [mail.received_at for mail, header in mails if may_answer(policy, case, mail, header)]
    if not came:
        return PossibleAnswer.NONE
    return PossibleAnswer.OLD if min(came) <= now - TIME_TO_READ else PossibleAnswer.NEW


def may_answer(policy: Policy, case: Case, mail: IncomingMail, header: Header) -> bool:
    """Say whether a mail claims to be a message from the other side to us.

    Quarantine of a known addressee does not count; that of an unknown one follows a wait, and does.
    """
    if header.from_her is None or _is_receipt(policy, header) or policy.owner_of(header.to_her) != case.owner:
        return False
    if mail.state is InboundState.KARANTENE and mail.owner != OPERATOR:
        return False
    root = policy.registry.root(header.from_her)
    same_enterprise = root is not None and root == policy.registry.root(case.their_her)
    return same_enterprise or is_party(policy, case, header.from_her)


async def _may_be_genuine(uow: UnitOfWork, ports: Ports, mail: IncomingMail, now: datetime) -> bool:
    """Say whether a mail may turn out to be from whom it names. What has waited was found to be so once."""
    if mail.state is not InboundState.MOTTATT:
        return True
    raw = await uow.raw(mail.owner, mail.id) or b""
    verdict = await ports.offload.run(len(raw), lambda: verdict_on(raw, ports, now))
    return isinstance(verdict, Verified | Wait)


async def _claimed_header(uow: UnitOfWork, ports: Ports, mail: IncomingMail) -> Header:
    """Return the header that a mail claims: as it was noted when the mail had to wait, else from its bytes."""
    if mail.header.from_her is not None:
        return mail.header
    raw = await uow.raw(mail.owner, mail.id) or b""
    return await ports.offload.run(len(raw), lambda: _header_in(raw, ports.policy))


def _header_in(raw: bytes, policy: Policy) -> Header:
    try:
        return claimed(parse(read_mail(raw, policy.limits).soap, ENVELOPE_LIMITS))
    except (Unreadable, BadXml):
        return UNKNOWN


def _is_receipt(policy: Policy, header: Header) -> bool:
    try:
        if header.service in {None, c.MSH_SERVICE}:
            return True
        return header.action == policy.services.apprec_action(header.service or "")
    except OwnFault:
        return False
