"""Security around every page: headers, the check of a form's origin, the log line, and error pages without details.

Log lines name the route, never the requested address: people type all sorts of things into it.
"""

from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_FORM_BYTES = 16_384
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

_ASKED_OFTEN = {"/livez", "/readyz"}
"""What a watcher asks every few seconds: a line each would fill the log."""

_log = structlog.get_logger()


class Guard:
    """Wraps the whole application, its error pages included. An error of ours is logged by its type alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            return
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except ClientDisconnect:
            _log.info("asker_gone", method=scope["method"], route=route_of(scope))
            return
        except Exception as error:  # a traceback could hold what people wrote
            _log.error("page_failed", error=type(error).__name__, route=route_of(scope))
            if not status:
                await PlainTextResponse("500", 500)(scope, receive, guarded)
            return
        if route_of(scope) in _ASKED_OFTEN:
            return
        _log.info("page_served", method=scope["method"], route=route_of(scope), status=status)


def route_of(scope: Scope) -> str:
    """Return the path of the matching route, with the names of its parameters; '' when no route matches."""
    return str(getattr(scope.get("route"), "path", "") or scope.get("samvik.route", ""))


def is_from_us(request: Request) -> bool:
    """True when a form was sent from our own page.

    Browsers send the page's origin. Our Referrer-Policy must let them: with `no-referrer` they send `null`, and over
    plain http by name, or in an older Safari, no Sec-Fetch-Site that says more. Programs that send neither are refused.
    """
    headers: Headers = request.headers
    origin = headers.get("origin", "null")
    if origin == "null":
        return headers.get("sec-fetch-site") == "same-origin"
    try:
        named = urlsplit(origin)
    except ValueError:
        return False
    return named.scheme in {"http", "https"} and bool(named.netloc) and named.netloc == headers.get("host")
