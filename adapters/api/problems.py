"""What an error looks like to a record system (RFC 9457). It repeats nothing of what was asked or said."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.api.models import Problem
from adapters.web.texts import chosen
from adapters.words.speaking import sentence
from engine.codes.api import ApiCode
from engine.codes.statement import Statement
from engine.errors import Refused, SamvikError, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30
_BY_STATUS = {
    404: ApiCode.NOT_HERE,
    405: ApiCode.OTHER_METHOD,
    413: ApiCode.TOO_LARGE,
    500: ApiCode.OUR_FAULT,
    503: ApiCode.NOT_NOW,
}
"""What is said where nothing but the status is known."""

_log = structlog.get_logger()


class Told(Exception):
    """Raised to answer with a problem: an HTTP status and what is said about it."""

    def __init__(
        self, status: int, code: ApiCode, *, headers: Mapping[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(status)
        self.status = status
        self.said = Statement.of(code, **params)
        self.headers = headers


class TooLargeTold:
    """Wraps an application, so that what its library refuses as too large becomes a problem, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        told = False

        async def said(message: Message) -> None:
            nonlocal told
            if message["type"] == "http.response.start" and message["status"] == 413 and not told:
                told = True
                await _problem(Request(scope), 413)(scope, receive, send)
            elif not told:
                await send(message)

        await self._app(scope, receive, said)


async def answer(request: Request, error: Exception) -> Response:
    """Return the problem that an error is, in the language of Accept-Language; bokmål where that names none of ours.

    An error that nobody foresaw is 500 and says nothing.
    """
    match error:
        case Told():
            return _problem(request, error.status, error.said, error.headers)
        case HTTPException(status_code=400):
            # The library says 400 of a body alone, where its parser raised something unforeseen.
            return _problem(request, 422, Statement.of(ApiCode.NO_JSON))
        case HTTPException():
            return _problem(request, error.status_code, headers=error.headers)
        case RequestValidationError() | Refused():
            wrong = error.statement if isinstance(error, Refused) else _what_is_wrong(error)
            return _problem(request, 422, wrong)
        case SamvikError():
            _log.error("api_fault", reason=str(error))
            wait = {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, Unavailable) else None
            return _problem(request, 503 if wait else 500, headers=wait)
    return _problem(request, 500)


def _problem(
    request: Request, status: int, said: Statement | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer that says what is wrong; without `said` it says what the status means."""
    language = chosen(None, None, request.headers.get("accept-language", ""))
    what = said or Statement.of(_BY_STATUS.get(status, ApiCode.NOT_USABLE))
    body = Problem.of(status, sentence(what, language)).model_dump_json()
    return Response(body, status, {"Content-Language": language, **(headers or {})}, MEDIA_TYPE)


def _what_is_wrong(error: RequestValidationError) -> Statement:
    found = error.errors()
    if any(each["type"] == "json_invalid" or tuple(each["loc"]) == ("body",) for each in found):
        return Statement.of(ApiCode.NO_JSON)
    return Statement.of(ApiCode.WRONG_AT, places=sorted({_place(each) for each in found}))


def _place(error: Mapping[str, Any]) -> str:
    """Return where an error is by the names of openapi.json; one that is not there is the asker's own, and not told."""
    known = error["loc"][:1] if error["type"] == "extra_forbidden" else error["loc"][:2]
    return ".".join(str(step) for step in known)


ANSWERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = dict.fromkeys(
    (Told, HTTPException, RequestValidationError, SamvikError, Exception), answer
)
"""What answers each kind of error, for an application."""
