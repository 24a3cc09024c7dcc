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
from engine.errors import Refused, SamvikError, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30
_SENTENCES = {
    404: "Her er det ingenting. Se openapi.json for adressene, og innboksen for det som ligger der.",
    405: "Adressen finnes, men ikke med denne metoden. Se openapi.json.",
    413: "Innholdet er for stort. Et svar er høyst limits.most_mail_bytes (samvik.toml), alt annet 64 kB.",
    500: "Noe gikk galt hos oss. Driften ser det i loggen. Prøv igjen senere.",
    503: "Motoren mangler noe akkurat nå. Prøv igjen om litt.",
}
_NO_JSON = "Innholdet skal være et JSON-objekt i UTF-8, med Content-Type: application/json. Se openapi.json."
_OTHERWISE = "Forespørselen kan ikke brukes. Se openapi.json."

_log = structlog.get_logger()


class Told(Exception):
    """Raised to answer with a problem."""

    def __init__(self, status: int, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(status: int, detail: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that says what is wrong."""
    said = Problem.of(status, detail or _SENTENCES.get(status, _OTHERWISE))
    return Response(said.model_dump_json(), status, headers, MEDIA_TYPE)


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
                await problem(413)(scope, receive, send)
            elif not told:
                await send(message)

        await self._app(scope, receive, said)


async def answer(request: Request, error: Exception) -> Response:
    """Return the problem that an error is; one that nobody foresaw is 500 and says nothing."""
    match error:
        case Told():
            return problem(error.status, error.detail, error.headers)
        case HTTPException():
            # The library says 400 of a body alone, where its parser raised something unforeseen.
            no_json = error.status_code == 400
            return problem(422, _NO_JSON) if no_json else problem(error.status_code, "", error.headers)
        case RequestValidationError():
            return problem(422, _what_is_wrong(error))
        case Refused():
            return problem(422, sentence(error, chosen(None, None, request.headers.get("accept-language", ""))))
        case SamvikError():
            _log.error("api_fault", reason=str(error))
            wait = {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, Unavailable) else None
            return problem(503 if wait else 500, "", wait)
    return problem(500)


def _what_is_wrong(error: RequestValidationError) -> str:
    found = error.errors()
    if any(each["type"] == "json_invalid" or tuple(each["loc"]) == ("body",) for each in found):
        return _NO_JSON
    return f"Dette mangler eller er feil: {', '.join(sorted({_place(each) for each in found}))}. Se openapi.json."


def _place(error: Mapping[str, Any]) -> str:
    """Return where an error is by the names of openapi.json; one that is not there is the asker's own, and not told."""
    known = error["loc"][:1] if error["type"] == "extra_forbidden" else error["loc"][:2]
    return ".".join(str(step) for step in known)


ANSWERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = dict.fromkeys(
    (Told, HTTPException, RequestValidationError, SamvikError, Exception), answer
)
"""What answers each kind of error, for an application."""
