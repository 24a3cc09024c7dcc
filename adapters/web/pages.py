"""The pages about one thing: a message, a case, a search, and logging in and out."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.store.lists import MOST_FOUND, newest_first
from adapters.store.session import uuid_in
from adapters.web.access import Page
from adapters.web.sessions import TooManyAttempts
from adapters.web.site import Site, Viewer
from adapters.web.timelines import case_story, message_story
from adapters.web.users import local_users_allowed
from engine.case.record import Case
from engine.names import HerId
from engine.operations.overview import note_look
from engine.payload.national_numbers import holds_national_number
from engine.records.messages import IncomingMail, Kind, OutgoingMessage

SHORTEST_PREFIX = 8
LONGEST_SEARCH = 300
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Pages:
    """The pages of a site about one thing."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def message(self, request: Request, viewer: Viewer) -> Response:
        """Show everything that happened to one message; the look is logged."""
        id = uuid_in(request.path_params["id"])
        story = await message_story(self._site.store, viewer.owners, id) if id else None
        if story is None:
            raise HTTPException(404)
        await self._note(viewer, story.row.owner, story.row.id)
        views = self._site.views(request)
        related = {row.id: views.message(row) for row in story.related}
        return self._site.page(
            request,
            "message.html",
            viewer,
            row=story.row,
            shown=views.message(story.row),
            related=list(related.values()),
            entries=[
                views.entry(each.event, related[each.about.id] if each.about else None) for each in story.happened
            ],
            looks=[views.entry(event) for event in story.looks],
            tasks=[views.task(task, "", None) for task in story.tasks],
            word=story.word,
            cases=story.cases,
        )

    async def case(self, request: Request, viewer: Viewer) -> Response:
        """Show everything that happened to one case, its messages included; the look is logged."""
        story = await case_story(self._site.store, viewer.user.owner, request.path_params["id"])
        if story is None:
            raise HTTPException(404)
        await self._note(viewer, story.case.owner, story.case.id)
        views = self._site.views(request)
        messages = {row.id: views.message(row) for row in story.messages}
        return self._site.page(
            request,
            "case.html",
            viewer,
            case=story.case,
            shown=views.case(story.case),
            messages=list(messages.values()),
            entries=[
                views.entry(each.event, messages[each.about.id] if each.about else None) for each in story.happened
            ],
            looks=[views.entry(event) for event in story.looks],
            tasks=[views.task(task, "", None) for task in story.tasks],
        )

    async def search(self, request: Request, viewer: Viewer) -> Response:
        """Show the search form. A search is posted, so that no address holds what people type."""
        return self._site.page(request, "search.html", viewer, asked="", outcome="", rows=[], cases=[])

    async def searched(self, request: Request, viewer: Viewer) -> Response:
        """Redirect to the only message or case that was found, or show all that were found."""
        text = (await _form(request)).get("q", "").strip()[:LONGEST_SEARCH]
        t = self._site.voice(request)
        if not _UUID.fullmatch(text) and holds_national_number(text):
            return self._found(request, viewer, 400, "", t("search.private"), [], [])
        rows, cases = await self._find(viewer, text) if text else ([], [])
        meant = _meant(rows, text)
        if meant is not None and not cases:
            return RedirectResponse(f"/melding/{meant}", 303)
        if len(cases) == 1 and not rows:
            return RedirectResponse(f"/sak/{cases[0].number}", 303)
        outcome = t(_outcome(rows, cases), min(len(rows), MOST_FOUND) + len(cases))
        return self._found(request, viewer, 200, text, outcome, rows[:MOST_FOUND], cases)

    async def log_in(self, request: Request) -> Response:
        """Show the form for logging in."""
        return self._log_in_page(request, 200, "")

    async def logged_in(self, request: Request) -> Response:
        """Log in and go to the front page. The answer to a wrong name is the same as to a wrong password."""
        t = self._site.voice(request)
        if not local_users_allowed(self._site.settings):
            return self._log_in_page(request, 403, "")
        form = await _form(request)
        peer = request.client.host if request.client else ""
        try:
            found = await self._site.sessions.log_in(form.get("name", ""), form.get("password", ""), peer)
        except TooManyAttempts:
            return self._log_in_page(request, 429, t("log_in.many"))
        if found is None:
            return self._log_in_page(request, 401, t("log_in.wrong"))
        await self._site.sessions.log_out(request)
        response = RedirectResponse("/", 303)
        self._site.sessions.give(request, response, found.token)
        return response

    async def logged_out(self, request: Request) -> Response:
        """End the session."""
        await self._site.sessions.log_out(request)
        response = RedirectResponse("/logg-inn", 303)
        self._site.sessions.take_back(response)
        return response

    def _log_in_page(self, request: Request, status: int, trouble: str) -> Response:
        allowed = local_users_allowed(self._site.settings)
        return self._site.page(request, "log_in.html", None, status, trouble=trouble, allowed=allowed)

    async def _find(self, viewer: Viewer, text: str) -> tuple[list[IncomingMail | OutgoingMessage], list[Case]]:
        rows: list[IncomingMail | OutgoingMessage] = []
        for owner in viewer.owners if viewer.sees(Page.MESSAGES) else ():
            async with self._site.store.reading_as(owner) as looking:
                found = await looking.find(owner, text, MOST_FOUND + 1)
                if not found and len(text) >= SHORTEST_PREFIX:
                    found = await looking.find_beginning(owner, text, MOST_FOUND + 1)
                rows += found
        async with self._site.store.reading_as(viewer.user.owner) as looking:
            cases = await looking.find_cases(viewer.user.owner, text, SHORTEST_PREFIX)
        return newest_first(rows), cases

    def _found(
        self,
        request: Request,
        viewer: Viewer,
        status: int,
        asked: str,
        outcome: str,
        rows: Sequence[IncomingMail | OutgoingMessage],
        cases: Sequence[Case],
    ) -> Response:
        views = self._site.views(request)
        shown = {"rows": [views.message(row) for row in rows], "cases": [views.case(case) for case in cases]}
        return self._site.page(request, "search.html", viewer, status, asked=asked, outcome=outcome, **shown)

    async def _note(self, viewer: Viewer, owner: HerId, subject: UUID) -> None:
        """Log who looks, before anything is shown."""
        await note_look(self._site.ports, owner, subject, viewer.user.who, viewer.user.name)


def _outcome(rows: Sequence[IncomingMail | OutgoingMessage], cases: Sequence[Case]) -> str:
    """Return the name of what is said about a search: that something was found, that there is more, or nothing."""
    if len(rows) > MOST_FOUND or len(cases) >= MOST_FOUND:
        return "search.cut"
    return "search.many" if rows or cases else "search.none"


def _meant(rows: Sequence[IncomingMail | OutgoingMessage], text: str) -> UUID | None:
    """Return the message whose own id this is, where others only refer to it; None when several match."""
    if len(rows) == 1:
        return rows[0].id
    own = [row.id for row in rows if text in {str(row.id), row.header.message_id}]
    bearing = [row.id for row in rows if row.msg_id == text and row.kind is Kind.MELDING]
    for named in (own, bearing):
        if len(named) == 1:
            return named[0]
    return None


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form; Starlette limits its size. Raises HTTPException when the body is not a form."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(400)
    try:
        text = (await request.body()).decode("ascii")
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[-1] for name, values in fields.items()}
