"""The web application: addresses, who may see each page, and error pages.

Each page needs a log-in and a role that may see it. Record systems use another door (adapters.api).
"""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from adapters.api.door import PREFIX
from adapters.web.access import Page
from adapters.web.health import Ready, health_routes
from adapters.web.lists import Lists
from adapters.web.pages import Pages
from adapters.web.security import MOST_FORM_BYTES, Guard, is_from_us
from adapters.web.site import STATIC, Site, Viewer
from engine.errors import Unavailable

Endpoint = Callable[[Request], Awaitable[Response]]
PageEndpoint = Callable[[Request, Viewer], Awaitable[Response]]
_FOREVER = "public, max-age=31536000, immutable"
_TOLD = {400, 403, 404, 503}


async def _always() -> str:
    return ""


def make_app(site: Site | None, api: ASGIApp | None = None, ready: Ready = _always) -> ASGIApp:
    """Return the whole application: the pages of a site, the door for record systems (adapters.api), or both.

    Beside them stands whether the node is well (adapters.web.health).
    """
    # A mount serves addresses below its own, but not its own address.
    doors = [Mount(PREFIX, api), Route(PREFIX, api)] if api else []
    pages = [Mount("/", _pages(site))] if site else []
    return Guard(Starlette(routes=[*health_routes(ready), *doors, *pages]))


def _pages(site: Site) -> ASGIApp:
    lists, pages = Lists(site), Pages(site)

    def route(path: str, page: Page, method: str, serve: PageEndpoint) -> Route:
        return Route(path, _logged_in(site, page, serve), methods=[method])

    routes = [
        Route("/logg-inn", pages.log_in, methods=["GET"]),
        Route("/logg-inn", _posted(pages.logged_in), methods=["POST"]),
        Route("/logg-ut", _posted(pages.logged_out), methods=["POST"]),
        Route("/static/{name}", _static, methods=["GET"]),
        route("/", Page.ACTION, "GET", lists.action),
        route("/meldinger", Page.MESSAGES, "GET", lists.messages),
        route("/melding/{id}", Page.MESSAGES, "GET", pages.message),
        route("/saker", Page.CASES, "GET", lists.cases),
        route("/sak/{id}", Page.CASES, "GET", pages.case),
        route("/sok", Page.SEARCH, "GET", pages.search),
        route("/sok", Page.SEARCH, "POST", pages.searched),
    ]
    return Starlette(
        routes=routes,
        max_body_size=MOST_FORM_BYTES,
        exception_handlers={
            HTTPException: _answering(site),
            Unavailable: _answering(site, 503),
            Exception: _answering(site, 500),
        },
    )


def _logged_in(site: Site, page: Page, serve: PageEndpoint) -> Endpoint:
    """Return an endpoint for people who are logged in and whose role sees the page."""

    async def endpoint(request: Request) -> Response:
        _check_form(request)
        viewer = await site.viewer(request)
        if viewer is None:
            return RedirectResponse("/logg-inn", 303)
        if not viewer.sees(page):
            raise HTTPException(403)
        return await serve(request, viewer)

    return endpoint


def _posted(serve: Endpoint) -> Endpoint:
    """Return an endpoint for a form that needs no log-in but must come from our own page."""

    async def endpoint(request: Request) -> Response:
        _check_form(request)
        return await serve(request)

    return endpoint


def _check_form(request: Request) -> None:
    if request.method == "POST" and not is_from_us(request):
        raise HTTPException(403)


async def _static(request: Request) -> Response:
    found = STATIC.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found[0], headers={"content-type": found[1], "cache-control": _FOREVER})


def _answering(site: Site, otherwise: int = 400) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return a handler that answers an error with a page. It repeats nothing of the request, and gives no cause."""

    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else otherwise
        shown = status if status in _TOLD else 500 if status >= 500 else 400
        try:
            viewer = await site.viewer(request) if status < 500 else None
        except Unavailable:
            viewer, status, shown = None, 503, 503
        return site.page(request, "error.html", viewer, status, code=str(shown))

    return answer
