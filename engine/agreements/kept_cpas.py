"""The CPAs that are kept beside the register, and what one of them decides between two parties (transport.md E).

A CPA that is in force decides alone: its certificates, its endpoint, its retries, even where the register knows others.
One that has ended or been superseded is kept, and still vouches for late messages that name it.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.agreements.cpa import Binding, Channel, Cpa, CpaParty
from engine.agreements.purpose import Purpose
from engine.agreements.terms import Terms
from engine.names import CpaId, HerId

LATE = timedelta(days=30)
"""How long after its end a CPA still vouches for messages that name it: longer than anybody resends."""

SMTP = "SMTP"
_ADDRESS = re.compile(
    r"(?:mailto:)?(?://)?([A-Za-z0-9.!#$&*+/=^_`{|}~'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)", re.IGNORECASE
)
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=30)
_MOST_RESENDS = 100


Line = Collection[HerId]
"""A party and all above it."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a message does: the Service and Action that say which binding and channel of a CPA are meant."""

    service: str
    action: str


@dataclass(frozen=True, slots=True)
class KeptCpa:
    """A CPA that was added, between the parties `hers` (in its order), in force from its Start until `ends`.

    It counts for its parties and those below them, and for nobody beside or above: a service's is not its enterprise's.
    """

    cpa: Cpa
    hers: tuple[HerId, HerId]
    added_at: datetime
    ends: datetime

    def holds_at(self, at: datetime) -> bool:
        """Say whether it is in force."""
        return self.cpa.start <= at < self.ends

    def vouches_at(self, at: datetime) -> bool:
        """Say whether it counts for a message that names it: in force, or ended a short while ago."""
        return self.cpa.start < self.ends and self.cpa.start <= at and at - LATE < self.ends

    def is_between(self, one: Line, other: Line) -> bool:
        """Say whether it counts between two parties, each given with all above it."""
        first, second = self.hers
        return (first in one and second in other) or (first in other and second in one)

    def side(self, line: Line) -> CpaParty:
        """Return what it says of that one of its parties which is in the line."""
        return self.cpa.parties[0 if self.hers[0] in line else 1]

    def has(self, doing: Doing) -> bool:
        """Say whether it has an Action of a Service."""
        return (doing.service, doing.action) in _doings(self.cpa)

    def supersedes(self, older: "KeptCpa") -> bool:
        """Say whether it takes the place of another: the same two parties, and an id or an Action in common."""
        if sorted(self.hers) != sorted(older.hers):
            return False
        return older.cpa.id.lower() == self.cpa.id.lower() or bool(_doings(self.cpa) & _doings(older.cpa))


def _doings(cpa: Cpa) -> set[tuple[str, str]]:
    return {(binding.service, binding.action) for party in cpa.parties for binding in party.bindings}


def with_added(kept: Iterable[KeptCpa], new: KeptCpa) -> tuple[KeptCpa, ...]:
    """Return the kept CPAs with a new one last; those that it takes the place of end when it begins, or now."""
    ends = max(new.cpa.start, new.added_at)
    older = (replace(each, ends=min(each.ends, ends)) if new.supersedes(each) else each for each in kept)
    return (*older, new)


def in_force(
    kept: Iterable[KeptCpa], one: Line, other: Line, at: datetime, doing: Doing | None = None
) -> KeptCpa | None:
    """Return the CPA between two parties that decides: one that knows what is done first, then the newest."""
    found = [each for each in kept if each.holds_at(at) and each.is_between(one, other)]
    return max(
        found, key=lambda each: (doing is not None and each.has(doing), each.cpa.start, each.added_at), default=None
    )


def named(kept: Iterable[KeptCpa], id: CpaId, one: Line, other: Line, at: datetime) -> list[KeptCpa]:
    """Return the CPAs between two parties that a message means by this id; ids are compared without case."""
    mine = (each for each in kept if each.cpa.id.lower() == id.lower() and each.is_between(one, other))
    return [each for each in mine if each.vouches_at(at)]


def terms_of(kept: KeptCpa, receiver: Line, base: Terms, doing: Doing | None = None) -> Terms:
    """Return an agreement's terms with what the CPA's channel to the receiver says of it.

    An interval or a number of resends outside what is sensible is ignored, and the agreement's own stands.
    """
    channel = channel_to(kept.side(receiver), doing)
    if channel is None:
        return replace(base, cpa_id=kept.cpa.id)
    interval, limit = channel.resend_interval, channel.resend_limit
    return replace(
        base,
        cpa_id=kept.cpa.id,
        resend_interval=interval if interval and _SHORTEST <= interval <= _LONGEST else base.resend_interval,
        resend_limit=limit if limit is not None and limit <= _MOST_RESENDS else base.resend_limit,
        ack_requested=channel.ack_requested,
        ack_signed=channel.ack_signed,
        duplicate_elimination=channel.duplicate_elimination,
    )


def channel_to(party: CpaParty, doing: Doing | None = None) -> Channel | None:
    """Return the mail channel to a party: that of the Action, else the one for signals, else the first."""
    mail = {channel.id: channel for channel in party.channels if channel.protocol == SMTP and _mail_address(channel)}
    bound = next((each.channel for each in _bindings(party, doing, sends=False) if each.channel in mail), None)
    return mail.get(bound or party.default_channel) or next(iter(mail.values()), None)


def _bindings(party: CpaParty, doing: Doing | None, *, sends: bool) -> list[Binding]:
    exact = [each for each in party.bindings if doing and (each.service, each.action) == (doing.service, doing.action)]
    return [each for each in exact if each.sends == sends]


def address_of(party: CpaParty, doing: Doing | None = None) -> str:
    """Return the mail address of a party's channel, '' where there is none."""
    channel = channel_to(party, doing)
    return _mail_address(channel) if channel else ""


def _mail_address(channel: Channel) -> str:
    return next((address for address in map(plain_address, channel.endpoints) if address), "")


def plain_address(uri: str) -> str:
    """Return the one mail address that an endpoint is, '' where it is anything else.

    It bears `mailto:` with or without two slashes (transport.md A.3), and goes into mail headers as it is.
    """
    found = _ADDRESS.fullmatch(uri)
    return found.group(1) if found else ""


def certificates_of(party: CpaParty, purpose: Purpose, doing: Doing | None = None) -> list[bytes]:
    """Return a party's certificates (DER) for a purpose, that of the Action first."""
    if purpose is Purpose.SIGNING:
        first = channel_to(party, doing)
        names = [*([first.signing] if first else []), *(channel.signing for channel in party.channels)]
    else:
        bound = [each.encryption for each in _bindings(party, doing, sends=False)]
        names = [*bound, *(each.encryption for each in party.bindings)]
    return [party.certificates[name] for name in dict.fromkeys(names) if name in party.certificates]


def standing(kept: KeptCpa, at: datetime) -> str:
    """Return how a CPA stands at a time: 'planned', 'in force', 'late messages' or 'over'."""
    if at < kept.cpa.start:
        return "planned" if kept.cpa.start < kept.ends else "over"
    if kept.holds_at(at):
        return "in force"
    return "late messages" if kept.vouches_at(at) else "over"
