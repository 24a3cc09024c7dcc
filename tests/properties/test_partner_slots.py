"""How sending is shared out: windows that grow and shrink, dead partners, and what a bad one can never take."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from engine.outbound.partner_slots import (
    DEAD_AFTER,
    LONGEST_PAUSE,
    OTHERS_AT_ONCE,
    PROMPT,
    SHORTEST_PAUSE,
    WIDEST,
    Room,
    Sharing,
    sign_of,
)
from engine.ports import SmtpOutcome, SmtpReply
from tests.fakes.world.clock import START

TAKEN, POSTPONED, UNREACHED = SmtpOutcome.TAKEN, SmtpOutcome.POSTPONED, SmtpOutcome.UNREACHED
GOOD, BAD = ("g1", "g2", "g3"), tuple(f"b{number}" for number in range(30))
MOST, SHARE = 50, 20
BAD_ANSWERS = (POSTPONED, SmtpOutcome.UNKNOWN, None)


class Traffic:
    """Messages under way, with ids in the order that they began."""

    def __init__(self) -> None:
        self.sharing = Sharing(MOST)
        self.now = START
        self.under_way: dict[str, list[UUID]] = {}
        self._number = 0

    def begin(self, partner: str) -> None:
        """Send a message to a partner."""
        self._number += 1
        key = UUID(int=self._number)
        self.sharing.take(partner, key, self.now)
        self.under_way.setdefault(partner, []).append(key)

    def end(self, partner: str, outcome: SmtpOutcome | None) -> None:
        """Let a partner answer to what was sent first; nothing where nothing is under way."""
        if self.under_way.get(partner):
            sign = sign_of(outcome and SmtpReply(outcome, ""))
            self.sharing.hear(partner, self.under_way[partner].pop(0), sign, self.now)

    def exchange(self, partner: str, outcome: SmtpOutcome, times: int = 1, wait: timedelta = timedelta(0)) -> None:
        """Send and be answered, some times."""
        for _ in range(times):
            self.begin(partner)
            self.now += wait
            self.end(partner, outcome)

    @property
    def room(self) -> Room:
        """What may be taken now."""
        return self.sharing.room(self.now)


def test_a_new_partner_gets_one_at_a_time():
    """Nothing is known of a new partner: it may have one of the slots for those that have proven nothing."""
    traffic = Traffic()
    assert traffic.room == Room({}, SHARE, OTHERS_AT_ONCE, frozenset())
    traffic.begin("new")
    assert traffic.room == Room({}, SHARE, OTHERS_AT_ONCE, frozenset({"new"}))


def test_others_have_their_share_of_slots_and_no_more():
    """New partners are begun a few at a time, until their share is under way."""
    traffic = Traffic()
    for number in range(SHARE):
        assert traffic.room.others == min(OTHERS_AT_ONCE, SHARE - number)
        traffic.begin(f"new{number}")
    assert traffic.room.others == 0


def test_good_answers_widen_the_window_and_bad_ones_narrow_it():
    """A window grows by a part of one a good answer, up to the widest, and shrinks by one a bad one."""
    traffic = Traffic()
    traffic.exchange("p", TAKEN)
    assert traffic.room.windows == {"p": 2}
    traffic.exchange("p", TAKEN, times=200)
    assert traffic.room.windows == {"p": int(WIDEST)}
    traffic.exchange("p", POSTPONED)
    assert traffic.room.windows == {}
    traffic.exchange("p", TAKEN)
    assert traffic.room.windows == {"p": int(WIDEST) - 1}


def test_a_plain_refusal_is_a_good_answer():
    """A message that is refused for good says nothing against its partner."""
    traffic = Traffic()
    traffic.exchange("p", SmtpOutcome.REJECTED)
    assert traffic.room.windows == {"p": 2}


def test_a_slow_answer_is_no_proof():
    """A partner that takes mail, but slowly, sends one at a time beside the others."""
    traffic = Traffic()
    traffic.exchange("p", TAKEN, times=5)
    traffic.exchange("p", TAKEN, wait=PROMPT + timedelta(seconds=1))
    assert traffic.room == Room({}, SHARE, OTHERS_AT_ONCE, frozenset())


def test_what_hangs_gives_its_slots_back():
    """While a proven partner lets us wait it holds none of the proven partners' slots."""
    traffic = Traffic()
    traffic.exchange("p", TAKEN, times=200)
    for _ in range(5):
        traffic.begin("p")
    assert traffic.room.proven == SHARE - 5
    traffic.now += PROMPT + timedelta(seconds=1)
    assert traffic.room == Room({}, SHARE, OTHERS_AT_ONCE, frozenset({"p"}))


def test_no_more_are_under_way_than_may_be():
    """However many partners hang after having answered well, together they hold no more than all connections."""
    traffic = Traffic()
    partners = [f"p{number}" for number in range(30)]
    for partner in partners:
        traffic.exchange(partner, TAKEN, times=10)
    for _ in range(10):
        for partner in partners:
            for _ in range(min(traffic.room.windows.get(partner, 0), traffic.room.proven)):
                traffic.begin(partner)
        traffic.now += PROMPT + timedelta(seconds=1)
    assert sum(map(len, traffic.under_way.values())) == MOST
    assert (traffic.room.proven, traffic.room.others) == (0, 0)


def test_a_dead_partner_is_probed_by_one_message_with_longer_pauses():
    """After some bad answers nothing is sent for a minute, then one message; the pause doubles up to the longest."""
    traffic = Traffic()
    traffic.exchange("p", POSTPONED, times=DEAD_AFTER)
    pauses = []
    for _ in range(7):
        begun = traffic.now
        assert "p" in traffic.room.closed
        while "p" in traffic.room.closed:
            traffic.now += timedelta(seconds=30)
        pauses.append(traffic.now - begun)
        traffic.exchange("p", POSTPONED)
    assert pauses == [min(SHORTEST_PAUSE * 2**number, LONGEST_PAUSE) for number in range(7)]
    traffic.now += LONGEST_PAUSE
    traffic.exchange("p", TAKEN)
    assert traffic.room.windows == {"p": 2}


def test_no_way_out_blames_no_partner():
    """When our relay gives no answer partners keep their windows, and one message at a time probes it."""
    traffic = Traffic()
    traffic.exchange("p", TAKEN, times=3)
    windows = traffic.room.windows
    traffic.exchange("q", UNREACHED)
    assert (traffic.room.windows, traffic.room.others) == ({}, 1)
    traffic.begin("q")
    assert traffic.room.others == 0
    traffic.end("q", UNREACHED)
    traffic.exchange("q", UNREACHED, times=50)
    assert traffic.room.others == 0
    traffic.now += SHORTEST_PAUSE
    assert traffic.room.others == 1
    traffic.exchange("q", TAKEN)
    assert traffic.room.windows.items() >= windows.items()


def test_a_partner_is_forgotten_in_time():
    """What is kept of partners ends with their traffic."""
    traffic = Traffic()
    traffic.exchange("p", TAKEN)
    traffic.now += timedelta(hours=1)
    assert traffic.room.windows == {}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.sampled_from(GOOD + BAD)),
        st.tuples(st.just("end"), st.sampled_from(GOOD)),
        st.tuples(st.sampled_from(BAD_ANSWERS), st.sampled_from(BAD)),
        st.tuples(st.just("wait"), st.integers(1, 2_000)),
    ),
    max_size=150,
)


@given(STEPS)
def test_a_bad_partner_never_takes_what_a_good_one_may_have(steps):
    """Whatever slow, refusing and dead partners do, the good ones have the very room that they have without them."""
    alone, together = Traffic(), Traffic()
    for traffic in (alone, together):
        for partner in GOOD:
            traffic.exchange(partner, TAKEN)
    for what, whom in steps:
        _step(together, what, whom)
        if whom not in BAD:
            _step(alone, what, whom)
        assert together.room.windows == alone.room.windows
        assert together.room.proven == alone.room.proven


def _step(traffic: Traffic, what: object, whom: str | int) -> None:
    """Do one step as the queue would: nothing is begun that there is no room for; good partners answer promptly."""
    if isinstance(whom, int):
        for partner in GOOD:
            while traffic.under_way.get(partner):
                traffic.end(partner, TAKEN)
        traffic.now += timedelta(seconds=whom)
        # A good partner has traffic; what it is worth is not forgotten.
        for partner in GOOD:
            traffic.exchange(partner, TAKEN)
    elif what == "begin":
        room = traffic.room
        proven = room.windows.get(whom, 0) and room.proven
        if proven or (room.others and whom not in room.closed and whom not in room.windows):
            traffic.begin(whom)
    else:
        traffic.end(whom, TAKEN if what == "end" else what)
