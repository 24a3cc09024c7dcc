"""How sending is shared out among partners, so that a slow or dead one costs nobody else anything.

A partner is *proven* while its last answer was prompt and good. Of all connections two fifths are for proven partners;
all others (new, slow, refusing, silent) share two fifths and get one each. A partner whose answer takes longer than
PROMPT stops being proven while it is waited for, and what it holds no longer counts among the proven partners' slots:
the last fifth is the room for that.
Each good answer widens a partner's window by a part of one, each bad one narrows it by one, as Postfix's scheduler
does. After DEAD_AFTER bad answers in a row a partner is dead: one message probes it when its pause is over, and the
pause doubles until something is answered.

When the way out itself (our relay) gives no answer, no partner is blamed; one message at a time probes it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from engine.ports import SmtpOutcome, SmtpReply

WIDEST = 8.0
OTHERS_AT_ONCE = 1
"""How many others are begun in one go: the work that they cost comes between that for proven partners, not before."""

PROMPT = timedelta(seconds=5)
DEAD_AFTER = 3
SHORTEST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
"""How long a partner's window is remembered without an answer; longer than the longest pause."""


class Sign(Enum):
    """What a try says of its partner: it answers, it does not, or our own way out is closed."""

    GOOD = "good"
    BAD = "bad"
    NO_WAY_OUT = "no way out"
    NOTHING = "nothing"


_SIGNS = {
    SmtpOutcome.TAKEN: Sign.GOOD,
    # A refusal is of one message, and plain: the partner's mail server is there.
    SmtpOutcome.REJECTED: Sign.GOOD,
    SmtpOutcome.POSTPONED: Sign.BAD,
    SmtpOutcome.UNKNOWN: Sign.BAD,
    SmtpOutcome.UNREACHED: Sign.NO_WAY_OUT,
}


def sign_of(reply: SmtpReply | None) -> Sign:
    """Return what a mail server's reply says of the partner; nothing where nothing was sent."""
    return _SIGNS[reply.outcome] if reply else Sign.NOTHING


@dataclass(frozen=True, slots=True)
class Room:
    """What may be taken from the queue now.

    `windows` says how many more each proven partner with room may have, `proven` how many they may have together;
    `others` is how many partners besides may have one each, none of those in `closed`.
    """

    windows: dict[str, int]
    proven: int
    others: int
    closed: frozenset[str]


@dataclass(slots=True)
class Lane:
    """What is known of one partner, and since when each of its messages has been under way."""

    window: float = 1.0
    proven: bool = False
    failures: int = 0
    dead_until: datetime | None = None
    answered_at: datetime | None = None
    longest_pause: timedelta = LONGEST_PAUSE
    under_way: dict[UUID, datetime] = field(default_factory=dict)

    def is_proven(self, now: datetime) -> bool:
        """Return whether the last answer was prompt and good, and nothing has hung since."""
        return self.proven and all(now - begun <= PROMPT for begun in self.under_way.values())

    def is_dead(self, now: datetime) -> bool:
        """Return whether nothing may be sent yet, because its pause is not over."""
        return self.dead_until is not None and now < self.dead_until

    def room(self) -> int:
        """Return how many more its window lets out."""
        return max(int(self.window) - len(self.under_way), 0)

    def hear(self, *, good: bool, begun: datetime, now: datetime) -> None:
        """Learn from an answer to what was begun then."""
        self.answered_at = now
        self.proven = good and now - begun <= PROMPT
        self.window = min(self.window + 1 / self.window, WIDEST) if self.proven else max(self.window - 1, 1.0)
        self.failures = 0 if good else self.failures + 1
        pause = min(_pause(self.failures), self.longest_pause)
        self.dead_until = now + pause if self.failures >= DEAD_AFTER else None


class Sharing:
    """Who may send how much now, by what each partner has answered. One node's; nodes learn apart.

    `most` is how many messages may be under way in all.
    """

    def __init__(self, most: int) -> None:
        self._most, self._share = most, max(most * 2 // 5, 1)
        self._lanes: dict[str, Lane] = {}
        self._way_out = Lane(longest_pause=SHORTEST_PAUSE)

    def room(self, now: datetime) -> Room:
        """Return what may be taken now."""
        self._forget(now)
        proven = {partner: lane for partner, lane in self._lanes.items() if lane.is_proven(now)}
        others = {partner: lane for partner, lane in self._lanes.items() if partner not in proven}
        closed = {partner for partner, lane in others.items() if lane.under_way or lane.is_dead(now)}
        windows = {partner: lane.room() for partner, lane in proven.items() if lane.room()}
        if self._way_out.failures:
            return Room({}, 0, self._probes(now), frozenset(closed))
        left = self._most - _held(self._lanes)
        return Room(
            windows,
            max(min(self._share - _held(proven), left), 0),
            max(min(self._share - _held(others), left, OTHERS_AT_ONCE), 0),
            frozenset(closed | proven.keys()),
        )

    def flows(self, partner: str, now: datetime) -> bool:
        """Return whether what is queued for a partner goes out among that for proven partners."""
        lane = self._lanes.get(partner)
        return lane is not None and lane.is_proven(now) and not self._way_out.failures

    def is_held_up(self, now: datetime) -> bool:
        """Return whether some partner, or all of them together, may have nothing more before something ends."""
        proven = {partner: lane for partner, lane in self._lanes.items() if lane.is_proven(now)}
        hang = any(lane.under_way for partner, lane in self._lanes.items() if partner not in proven)
        return hang or _held(proven) >= self._share or any(not lane.room() for lane in proven.values())

    def take(self, partner: str, key: UUID, now: datetime) -> None:
        """Note that a message is under way."""
        self._lanes.setdefault(partner, Lane()).under_way[key] = now

    def hear(self, partner: str, key: UUID, sign: Sign, now: datetime) -> None:
        """Learn what became of a message that was under way."""
        lane = self._lanes.setdefault(partner, Lane())
        begun = lane.under_way.pop(key, now)
        if sign is Sign.NOTHING:
            return
        reached = sign is not Sign.NO_WAY_OUT
        self._way_out.hear(good=reached, begun=now, now=now)
        if reached:
            lane.hear(good=sign is Sign.GOOD, begun=begun, now=now)

    def _probes(self, now: datetime) -> int:
        """Return 1 where a message may find out whether the way out is open again, and none is doing so."""
        failed_at = self._way_out.answered_at or now
        begun = (begun for lane in self._lanes.values() for begun in lane.under_way.values())
        return 0 if self._way_out.is_dead(now) or any(each >= failed_at for each in begun) else 1

    def _forget(self, now: datetime) -> None:
        """Forget partners that have not answered for an hour: memory then grows with the traffic of an hour."""
        self._lanes = {
            partner: lane
            for partner, lane in self._lanes.items()
            if lane.under_way or (lane.answered_at is not None and now - lane.answered_at < FORGOTTEN_AFTER)
        }


def _held(lanes: dict[str, Lane]) -> int:
    return sum(len(lane.under_way) for lane in lanes.values())


def _pause(failures: int) -> timedelta:
    return SHORTEST_PAUSE * (1 << min(max(failures - DEAD_AFTER, 0), 10))
