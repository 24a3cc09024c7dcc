"""The tour: one mail in, one message out and one reminder, as the functions of the engine that they pass.

`make tour` writes docs/tour.md from the traces; a test holds the page and its figures against the code.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType

from engine.records.work import WorkKind
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, report
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER_SERVICE
from tests.fakes.world.surroundings import PROJECT

PAGE = PROJECT / "docs" / "tour.md"
ENGINE = str(PROJECT / "engine") + "/"
DEEPEST = 7
"""How deep below the first function the page goes; what lies deeper is detail of a room."""


@dataclass
class Trace:
    """Functions of the engine in the order in which they were entered, with their depth.

    Comprehensions and lambdas are no functions to a reader and do not count.
    """

    calls: list[tuple[int, CodeType]] = field(default_factory=list)

    @property
    def functions(self) -> int:
        """Return how many different functions were entered."""
        return len({code for _, code in self.calls})

    @property
    def switches(self) -> int:
        """Return how often a function was entered that stands in another file than the one entered before."""
        return sum(before.co_filename != after.co_filename for (_, before), (_, after) in pairwise(self.calls))

    @property
    def depth(self) -> int:
        """Return how many functions deep it went."""
        return max(depth for depth, _ in self.calls)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Trace what is entered of the engine while this is open."""
    trace, stack = Trace(), [0]

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if not code.co_filename.startswith(ENGINE) or code.co_name.startswith("<"):
            return
        if event == "call":
            stack[0] += 1
            trace.calls.append((stack[0], code))
        elif event == "return":
            stack[0] -= 1

    sys.setprofile(note)
    try:
        yield trace
    finally:
        sys.setprofile(None)


async def _mail_in(pair: Pair) -> Trace:
    """Trace a deviation that comes in: from the stored mail to the AppRec in the queue."""
    for traced in (False, True):  # the first mail fills what is remembered
        await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        await pair.gp.work()
        for mail in pair.gp.sent:
            await pair.hand_over(mail)
        pair.gp.sent.clear()
        if traced:
            with tracing() as trace:
                await pair.municipal.work(WorkKind.MOTTA)
        else:
            await pair.municipal.work(WorkKind.MOTTA)
    return trace


async def _message_out(pair: Pair) -> Trace:
    """Trace a deviation that goes out: from its composing to the mail server."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    with tracing() as trace:
        await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        await pair.gp.work(WorkKind.SEND)
    return trace


async def _reminder(pair: Pair) -> Trace:
    """Trace the reminder of a case whose answer is overdue."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    case = await case_of(pair.gp, GP)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    with tracing() as trace:
        await pair.gp.work(WorkKind.SAK)
    return trace


def traced(journey: Callable[[Pair], Awaitable[Trace]]) -> Trace:
    """Return the trace of a journey of its own pair of engines."""

    async def run() -> Trace:
        return await journey(Pair())

    return asyncio.run(run())


JOURNEYS: tuple[tuple[str, str, Callable[[Pair], Awaitable[Trace]]], ...] = (
    ("One mail in", "A deviation comes in: from the stored mail to the AppRec in the queue.", _mail_in),
    ("One message out", "A deviation goes out: from its fields to the mail server.", _message_out),
    ("One reminder", "The answer to a deviation is overdue: the one reminder is queued.", _reminder),
)


def page() -> str:
    """Return the page as the code is now."""
    lines = [
        "# The tour",
        "",
        "What happens when one mail comes in, one message goes out, and one reminder falls due: each function of",
        "`engine/` in the order in which it is first entered, indented by depth. Read it with the code beside it; an",
        "hour is enough. `make tour` writes this page from traces of the running engine, and a test keeps it true.",
        f"Private functions, what lies more than {DEEPEST} calls deep, and what was told before are left out. Each",
        "function stands below the nearest caller that is told. The figures count all that runs: a switch is an entry",
        "into another file than the one entered before.",
    ]
    for title, lead, journey in JOURNEYS:
        trace = traced(journey)
        lines += ["", f"## {title}", "", lead, ""]
        lines += [f"Functions: {trace.functions}. Switches between files: {trace.switches}. Depth: {trace.depth}.", ""]
        lines += list(_told(trace))
    return "\n".join(lines) + "\n"


def _told(trace: Trace) -> Iterator[str]:
    seen: set[CodeType] = set()
    callers: list[tuple[int, bool]] = []  # the depth of each caller, and whether it is told here
    for depth, code in trace.calls:
        while callers and callers[-1][0] >= depth:
            callers.pop()
        path = Path(code.co_filename).relative_to(PROJECT)
        told = code not in seen and depth <= DEEPEST and not code.co_name.startswith("_") and bool(_promise(path, code))
        if told:
            seen.add(code)
            below = sum(is_told for _, is_told in callers)
            yield f"{'  ' * below}- [`{code.co_name}`](../{path}) {_promise(path, code)}"
        callers.append((depth, told))


def _promise(path: Path, code: CodeType) -> str:
    """Return the first sentence of a function's docstring."""
    found: object = import_module(".".join(path.with_suffix("").parts))
    for name in code.co_qualname.split(".") if hasattr(code, "co_qualname") else [code.co_name]:
        found = getattr(found, name, None)
    text = (getattr(found, "__doc__", None) or "").strip().split("\n\n")[0]
    return " ".join(text.split())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
