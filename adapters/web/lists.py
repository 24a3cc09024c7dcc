"""The pages with many rows: what needs action, the delivery log, and the cases."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from adapters.store.lists import Narrowed, made_at, newest_first
from adapters.store.looking import Looking
from adapters.web.access import Page
from adapters.web.site import Site, Viewer
from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.names import HerId
from engine.operations import overview
from engine.operations.overview import COUNTED, Figure
from engine.records.log import Alarm, Task
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.states.alarm import TOLD
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

ROWS_A_PAGE = 50
NEWEST = 8
MOST_TASKS = 100
_FETCHED = 2 * ROWS_A_PAGE

Row = IncomingMail | OutgoingMessage
S = TypeVar("S", bound=StrEnum)


class Lists:
    """The list pages of a site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def action(self, request: Request, viewer: Viewer) -> Response:
        """Show figures, then what needs action, then the newest messages and cases."""
        site, views, now = self._site, self._site.views(request), self._site.now()
        figures = dict.fromkeys(Figure, 0)
        tasks: list[tuple[Task, str, Row | None]] = []
        pressing: list[Row] = []
        newest: list[Row] = []
        late: list[Case] = []
        cases: list[Case] = []
        alarms: list[Alarm] = []
        for owner in viewer.owners:
            async with site.store.reading_as(owner) as looking:
                figures = _added(figures, await _figures(looking, owner, now))
                tasks += await _tasks(looking, owner, viewer)
                if viewer.sees(Page.MESSAGES):
                    alarms += [each for each in await looking.list_alarms(owner) if each.state in TOLD]
                    pressing += await _pressing(looking, owner, now)
                    newest += await looking.list_inbound(owner, most=NEWEST)
                    newest += await looking.list_outbound(owner, most=NEWEST)
                late += await looking.late_cases(owner, overview.OWES_ANSWER, now, oslo_date(now))
                cases += await looking.list_cases(owner, most=NEWEST)
        if not viewer.sees(Page.MESSAGES):
            figures[Figure.OPEN_TASKS] = len(tasks)
        shown_tasks = [
            views.task(task, number, views.message(row) if row else None)
            for task, number, row in sorted(tasks, key=lambda each: each[0].due)
        ]
        return site.page(
            request,
            "action.html",
            viewer,
            figures=figures,
            alarms=[views.alarm(each) for each in alarms],
            tasks=shown_tasks,
            more=max(figures[Figure.OPEN_TASKS] - MOST_TASKS, 0),
            pressing=[views.message(row) for row in pressing],
            newest=[views.message(row) for row in newest_first(newest)[:NEWEST]],
            late=[views.case(case) for case in late],
            cases=[views.case(case) for case in cases],
        )

    async def messages(self, request: Request, viewer: Viewer) -> Response:
        """Show the delivery log, filtered by state, direction and kind, a page at a time."""
        asked = request.query_params
        states_in, states_out = _chosen_states(asked.get("tilstand", ""))
        way, kind = asked.get("vei", ""), _member(Kind, asked.get("type", ""))
        before = _time(asked.get("for", ""))
        rows: list[Row] = []
        for owner in viewer.owners:
            async with self._site.store.reading_as(owner) as looking:
                if way != "ut" and states_in != ():
                    narrowed = Narrowed(states_in, kind, before)
                    rows += await looking.list_inbound(owner, most=_FETCHED, narrowed=narrowed)
                if way != "inn" and states_out != ():
                    narrowed = Narrowed(states_out, kind, before)
                    rows += await looking.list_outbound(owner, most=_FETCHED, narrowed=narrowed)
        page, older = _cut(newest_first(rows))
        views = self._site.views(request)
        return self._site.page(
            request,
            "messages.html",
            viewer,
            rows=[views.message(row) for row in page],
            chosen={"tilstand": asked.get("tilstand", ""), "vei": way, "type": kind.value if kind else ""},
            figures=[figure.value for figure in COUNTED],
            states={"out": list(DeliveryState), "in": list(InboundState)},
            kinds=list(Kind),
            older=_older(request, older),
            first=before is None,
        )

    async def cases(self, request: Request, viewer: Viewer) -> Response:
        """Show cases, filtered by state, a page at a time: codes, ids, states and times, but no text of a case."""
        state, before = (
            _member(CaseState, request.query_params.get("tilstand", "")),
            _time(request.query_params.get("for", "")),
        )
        owner, views = viewer.user.owner, self._site.views(request)
        async with self._site.store.reading_as(owner) as looking:
            narrowed = Narrowed(before=before)
            found = await looking.list_cases(owner, state, ROWS_A_PAGE + 1, narrowed)
        page = found[:ROWS_A_PAGE]
        older = page[-1].opened_at if len(found) > ROWS_A_PAGE else None
        return self._site.page(
            request,
            "cases.html",
            viewer,
            rows=[views.case(case) for case in page],
            chosen=state.value if state else "",
            states=list(CaseState),
            older=_older(request, older),
            first=before is None,
        )


async def _figures(looking: Looking, owner: HerId, now: datetime) -> dict[Figure, int]:
    counts = await looking.counts(owner, overview.COUNTED_STATES)
    late = await looking.past_due(owner, overview.OWES_ANSWER, oslo_date(now))
    return overview.figures(counts, await looking.open_tasks(owner), late)


def _added(one: dict[Figure, int], other: dict[Figure, int]) -> dict[Figure, int]:
    return {figure: one[figure] + other[figure] for figure in Figure}


async def _tasks(looking: Looking, owner: HerId, viewer: Viewer) -> list[tuple[Task, str, Row | None]]:
    """Return open tasks, each with the message or case number that it is about, when the viewer may see that."""
    tasks = await looking.list_tasks(owner, most=MOST_TASKS)
    numbers = await looking.cases_among(owner, {task.subject for task in tasks})
    rows = await looking.messages_among(owner, {task.latest or task.subject for task in tasks})
    sees_all = viewer.sees(Page.MESSAGES)
    told = [(task, numbers.get(task.subject, ""), rows.get(task.latest or task.subject)) for task in tasks]
    return [each for each in told if each[1] or sees_all]


async def _pressing(looking: Looking, owner: HerId, now: datetime) -> list[Row]:
    since = overview.overdue_since(now)
    came: Sequence[Row] = await looking.pressing_inbound(owner, overview.WAITING_IN, overview.ALARMING_IN, since)
    goes: Sequence[Row] = await looking.pressing_outbound(owner, overview.WAITING_OUT, overview.ALARMING_OUT, since)
    return sorted([*came, *goes], key=lambda row: row.deadline or now)


def _chosen_states(text: str) -> tuple[Sequence[StrEnum] | None, Sequence[StrEnum] | None]:
    """Return the states that a choice selects, of mails and of messages. None selects all, () selects none."""
    figure = _member(Figure, text)
    if figure in COUNTED:
        states = COUNTED[figure]
        kinds = (InboundState, DeliveryState)
        came, goes = (tuple(sorted(each for each in states if isinstance(each, kind))) for kind in kinds)
        return came, goes
    came_in, goes_out = _member(InboundState, text), _member(DeliveryState, text)
    if came_in is None and goes_out is None:
        return None, None
    return ((came_in,) if came_in else ()), ((goes_out,) if goes_out else ())


def _member(kind: type[S], text: str) -> S | None:
    return kind(text) if text in set(kind) else None


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _cut(rows: Sequence[Row]) -> tuple[Sequence[Row], datetime | None]:
    """Return one page of rows, and where the next begins. Rows of one commit have one time, and stay together."""
    if len(rows) <= ROWS_A_PAGE:
        return rows, None
    end = ROWS_A_PAGE
    while end < len(rows) and made_at(rows[end]) == made_at(rows[end - 1]):
        end += 1
    return rows[:end], made_at(rows[end - 1])


def _older(request: Request, before: datetime | None) -> str:
    """Return the address of the next page, '' where there is none."""
    if before is None:
        return ""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in {"for", "lang"}]
    return f"{request.url.path}?{urlencode([*kept, ('for', before.isoformat())])}"
