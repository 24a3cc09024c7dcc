"""Random histories of one case over two engines, and what must hold after every step of any of them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from engine.case.record import Case
from engine.casework import steps
from engine.casework.feedback_sent import send_feedback
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.deviation.xml import read_deviation
from engine.errors import Refused, Unavailable
from engine.msh import reading
from engine.msh.reading import Reading
from engine.operations import by_hand
from engine.outbound.compose import compose
from engine.outbound.deliveries import queue
from engine.payload.dialog import Notat
from engine.payload.feedback_code import FeedbackCode
from engine.ports import SmtpOutcome
from engine.records.messages import Kind
from engine.states.case import FINAL_STATES, OPEN, CaseEvent
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.mail_watch import is_answered, our_case, watch
from tests.fakes.engines.pair import Pair
from tests.fakes.world.clock import FakeIds
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE, registry
from tests.fakes.world.surroundings import DEVIATION

REPORTER = Person(Role.MELDER, GP_SERVICE, "Mette Moe")
ASSURER = Person(Role.KVALITETSSIKRER, GP, "Kjell Krog")
GP_HANDLER = Person(Role.SAKSBEHANDLER, GP, "Siri Berg")
HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER, "Siri Berg")

PEOPLE = ("answer", "interim", "confirm", "plain", "assess final", "assess interim", "withdraw", "close")
ASTRAY = ("misaddressed", "send anew")
NETWORK = ("carry", "lose", "settle", "relay down", "relay up", "list silent", "list back", "resend")

BEGINNINGS = (
    [],
    ["settle", "relay down", "to the reminder"],
    ["settle", "plain", "list silent", "carry", "to the reminder"],
    ["at the reminder", "lose"],
    ["at the reminder", "relay down", "carry", "list silent", "plain", "carry", "relay up"],
)
"""Nothing; a reminder that cannot leave; an answer that waits; a reminder that is lost; a queued one, and an answer."""

BEGINNINGS_ASTRAY = (
    *BEGINNINGS,
    ["at the reminder", "relay down", "carry", "misaddressed", "carry", "relay up"],
    ["to the reminder", "misaddressed", "carry", "send anew"],
)
"""The same; a case that is sent back with its reminder queued; a case on its second leg."""


def _steps(*people: str) -> st.SearchStrategy[list[str]]:
    return st.lists(
        st.one_of(
            st.just("to the reminder"),
            st.sampled_from(people),
            st.just("plain"),
            st.just("assess interim"),
            st.just("relay down"),
            st.just("list silent"),
            st.sampled_from(NETWORK),
            st.integers(min_value=1, max_value=40).map(lambda days: f"wait {days * 24} h"),
            st.integers(min_value=1, max_value=23).map(lambda hours: f"wait {hours} h"),
            st.integers(min_value=1, max_value=40).map(lambda days: f"down {days * 24} h"),
        ),
        min_size=1,
        max_size=8,
    )


def _histories(beginnings: tuple[list[str], ...], *people: str) -> st.SearchStrategy[list[str]]:
    return st.builds(lambda begun, steps: [*begun, *steps], st.sampled_from(beginnings), _steps(*people))


histories = _histories(BEGINNINGS, *PEOPLE)
"""Steps of one case: people's, the network's, and time's with nodes running (wait) or not (down)."""

MERGERS = {"merge theirs": (LEVANGER_SERVICE, LEVANGER), "merge ours": (GP_SERVICE, GP)}
"""A party that ends on the day before, and its successor."""


@st.composite
def _with_mergers(draw: st.DrawFn) -> list[str]:
    history, merged = draw(histories), draw(st.lists(st.sampled_from(list(MERGERS)), min_size=1, unique=True))
    for step in merged:
        history = [*history]
        history.insert(draw(st.integers(min_value=0, max_value=len(history))), step)
    return history


histories_merged = _with_mergers()
"""The same, of cases in which one side or both give way to a successor, at any moment."""

histories_astray = _histories(BEGINNINGS_ASTRAY, *PEOPLE, *ASTRAY)
"""The same, of cases that may also be sent back as wrongly addressed and sent anew to somebody else."""


async def begin(pair: Pair) -> Case:
    """Bring a case to the other side."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, read_deviation(DEVIATION), LEVANGER_SERVICE)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    return await steps.send(ports, ASSURER, case.number)


async def play(pair: Pair, history: list[str]) -> None:
    """Play a history, checking what must hold after every step; what is not possible at a time is refused.

    In the end the mail server and the revocation list are back, and what waits is tried again.
    """
    watch(pair)
    with _reading_once():
        for step in history:
            with suppress(Refused, Unavailable):
                await _one(pair, step)
            await check(pair)
        pair.gp.outcome, pair.revocation.silent = SmtpOutcome.TAKEN, False
        for hours in (0, 1, 13, 13):
            pair.clock.advance(hours=hours)
            await pair.settle()
    await check(pair)


async def check(pair: Pair) -> None:
    """Hold a case against its promises: one reminder a leg, none after an answer, and nobody waits for nobody."""
    for side, owner in ((pair.gp, GP), (pair.municipal, LEVANGER)):
        for case in await side.ports.store.list_cases(owner):
            assert case.state in FINAL_STATES or (case.state in OPEN and case.deadline is not None), case
    leg = (await our_case(pair)).sending_number
    events = [each.event for each in await pair.gp.ports.store.timeline(GP, (await our_case(pair)).id)]
    assert len([event for event in events if event.action == CaseEvent.REMINDER_DUE]) <= leg + _second_looks(events)
    ours = {GP_SERVICE, GP}
    rows = [row for row in await pair.gp.outbound() if row.kind is Kind.MELDING and row.sender_her in ours]
    sent = [row for row in rows if row.state is not DeliveryState.KANSELLERT]
    withdrawn = len([event for event in events if event.action == CaseEvent.WITHDRAW])
    assert len(sent) <= 2 * leg + withdrawn, "more than the deviation, one reminder a leg and a withdrawal was sent"
    _no_reminder_after_answer(events)
    for case in await pair.municipal.ports.store.list_cases(LEVANGER):
        theirs = [each.event.action for each in await pair.municipal.ports.store.timeline(LEVANGER, case.id)]
        assert theirs.count(CaseEvent.CONFIRM) <= 1, "a case was confirmed twice"


def _second_looks(events: list) -> int:
    """Count how often a judgement gave a reminded case back to a state from which it is escalated, not reminded."""
    return len([event for event in events if event.action.startswith("assess interim")])


def _no_reminder_after_answer(events: list) -> None:
    reminded = False
    for number, event in enumerate(events):
        reminded = reminded and event.action != CaseEvent.SEND
        if event.action == CaseEvent.REMINDER_DUE and not reminded:
            assert not is_answered(events[:number]), "a reminder was made after an answer was stored, or sent back"
            reminded = True


async def _one(pair: Pair, step: str) -> None:
    if step in {"to the reminder", "at the reminder"}:
        await pair.settle()
        case = await our_case(pair)
        pair.clock.set(max(case.reminder_at or pair.clock.now(), pair.clock.now()))
        if step == "to the reminder":
            await pair.settle()
    elif step.startswith(("wait", "down")):
        await _pass_time(pair, int(step.split()[1]), working=step.startswith("wait"))
    elif step in {"answer", "interim", "confirm"}:
        await _treat(pair, step)
    elif step == "plain":
        await reply_plainly(pair)
    elif step in ASTRAY:
        await _astray(pair, step)
    elif step.startswith("assess"):
        await steps.judge_reply(pair.gp.ports, GP_HANDLER, (await our_case(pair)).number, final=step == "assess final")
    elif step == "withdraw":
        await steps.withdraw(pair.gp.ports, REPORTER, (await our_case(pair)).number, "Meldt feil")
    elif step == "close":
        await steps.close(pair.gp.ports, GP_HANDLER, (await our_case(pair)).number)
    else:
        await _network(pair, step)


def _merge(pair: Pair, step: str) -> None:
    """Let a party end yesterday, beside those that have ended before."""
    ended, successor = MERGERS[step]
    row = {"valid_to": (pair.clock.now() - timedelta(days=1)).date().isoformat(), "successor": successor}
    known = pair.gp.ports.policy.registry
    before = {her: heir for her, heir in MERGERS.values() if known.get(her).successor == heir}
    days = {her: known.get(her).valid_to.isoformat() for her in before}
    kept = {f"her_{her}": {"valid_to": days[her], "successor": heir} for her, heir in before.items()}
    pair.use(registry(**{f"her_{ended}": row} | kept))


async def _network(pair: Pair, step: str) -> None:
    """Do what the network does: mails go over, are lost, or wait; or what operations does about it."""
    if step.startswith("relay"):
        pair.gp.outcome = SmtpOutcome.POSTPONED if step == "relay down" else SmtpOutcome.TAKEN
    elif step.startswith("list"):
        pair.revocation.silent = step == "list silent"
    elif step in MERGERS:
        _merge(pair, step)
    elif step == "resend":
        for row in await pair.gp.outbound():
            with suppress(Refused):
                await by_hand.resend(pair.gp.ports, KARI, row.id, "Prøv igjen")
    elif step == "lose":
        await pair.carry(lambda _mail: None)
    elif step == "carry":
        await pair.carry()
    else:
        await pair.settle()


async def _pass_time(pair: Pair, hours: int, *, working: bool) -> None:
    while hours > 0:
        part = min(hours, 24) if working else hours
        pair.clock.advance(hours=part)
        hours -= part
        if working:
            await pair.settle()


async def _treat(pair: Pair, step: str) -> None:
    ports, given = pair.municipal.ports, Answer("Vi har sett på det.")
    for case in await ports.store.list_cases(LEVANGER, most=1):
        if step == "confirm":
            await steps.confirm(ports, HANDLER, case.number)
        else:
            await steps.answer(ports, HANDLER, case.number, given, final=step == "answer")


async def _astray(pair: Pair, step: str) -> None:
    """Let the municipality send the deviation back as wrongly addressed (HIS 1151), or the GP send it on to Verdal."""
    case = await our_case(pair)
    if step == "send anew":
        await steps.send(pair.gp.ports, ASSURER, case.number, VERDAL_SERVICE)
    else:
        wrong = FeedbackCode.WRONG_ADDRESSEE
        await send_feedback(pair.municipal.ports, HANDLER, str(case.first_msg_id), wrong, "Feil kommune.")


async def reply_plainly(pair: Pair) -> None:
    """Let the municipality's record system answer in the thread, knowing nothing of Samvik."""
    ports, case = pair.municipal.ports, await our_case(pair)
    if not await ports.store.list_cases(LEVANGER) or case.first_msg_id is None:
        return
    thread = (case.first_msg_id, case.first_msg_id)
    notat = Notat("Svar", "Vi viser til meldingen.", "", None)
    now = ports.clock.now()
    theirs, ours = (ports.policy.registry.speaker(her, now) for her in (LEVANGER_SERVICE, GP_SERVICE))
    draft = compose(ports, theirs, ours, notat, [], thread, now, shown=False)
    async with ports.store.begin() as uow:
        await queue(uow, ports.policy, draft, now)


async def begun() -> Pair:
    """Return a fresh pair in memory whose case has been brought to the other side, which is done once a process."""
    if not _kept:
        pair = Pair()
        await begin(pair)
        _kept.append(pair)
    return _copy_of(_kept[0])


_kept: list[Pair] = []


def _copy_of(pair: Pair) -> Pair:
    """Return a fresh pair that stands where `pair` stands, so that every history begins alike."""
    fresh, ids = Pair(), FakeIds(first=1_000)
    for new, old in ((fresh.gp, pair.gp), (fresh.municipal, pair.municipal)):
        new.ports.store.tables = old.ports.store.tables.copy()
        new.ports = replace(new.ports, ids=ids)
    fresh.clock.set(pair.clock.now())
    return fresh


@contextmanager
def _reading_once() -> Iterator[None]:
    """Read the bytes of each mail once: one that waits is tried again and again, and the same bytes read alike.

    Nobody here agrees on SHA-1, the one thing beside its bytes that reading a mail asks for.
    """
    known: dict[bytes, Reading] = {}

    def read(raw: bytes, *others: Any) -> Reading:
        if raw not in known:
            known[raw] = reading.read(raw, *others)
        return known[raw]

    with patch("engine.verdict.mail.read", read):
        yield
