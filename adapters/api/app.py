"""The routes of the HTTP door, below /api/v1. openapi.json is made from them, and says what each wants and gives.

No cookies: whoever has a token acts for its party, wherever the request comes from. What a document says is in answers
alone, never in an address, a log line or an error.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.api.door import PREFIX, Door
from adapters.api.models import Apprec, Feedback, Outcome, Page, Problem, Taken, WholeItem
from adapters.api.problems import ANSWERS, MEDIA_TYPE, Told, TooLargeTold
from adapters.store.log_ins import LogIns
from engine.codes.api import ApiCode
from engine.commit.ports import Ports
from engine.record_system.http_client import MOST_ON_A_PAGE
from engine.records.inbox import Client

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

MOST_WORD_BYTES = 65_536
USUAL_PAGE = 50
_XML = {"content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}}}
_PDF = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_WHY = {
    401: "no token, a wrong or revoked one",
    404: "nothing of that id in the party's inbox",
    409: "another client of the party has taken it",
    413: "too large",
    422: "cannot be used; the detail says why, and nothing has changed",
    429: "too many wrong tokens from this address",
    500: "an error of ours",
    503: "cannot be done now; try again",
}
_BEARER = HTTPBearer(auto_error=False, description="The token that `samvik client add` printed.")


def make_api(ports: Callable[[], Ports], log_ins: LogIns, most_bytes: int) -> ASGIApp:
    """Return the application. `ports` gives the surroundings as they are now; a reply has at most `most_bytes`."""
    app = FastAPI(
        title="Samvik",
        summary="The inbox of a party's record system.",
        version="1",
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=most_bytes,
        exception_handlers=ANSWERS,
    )
    app.state.door = Door(ports, log_ins)
    app.include_router(router)
    # Problems are no answer of a route's own, so the library does not find what they look like.
    app.openapi()["components"]["schemas"][Problem.__name__] = Problem.model_json_schema()
    return HeadAsGet(TooLargeTold(app))


class HeadAsGet:
    """Answers HEAD as it would GET, without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


At = Annotated[Door, Depends(_door)]


async def _client(
    request: Request, door: At, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Client:
    return await door.client(request, shown.credentials if shown else "")


Who = Annotated[Client, Depends(_client)]


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the errors that a route may answer with, for openapi.json; each may be asked without a right token."""
    schema = {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
    return {
        status: {"description": _WHY[status], "content": {MEDIA_TYPE: schema}}
        for status in (401, *statuses, 422, 429, 500, 503)
    }


class _Utf8Route(APIRoute):
    """A route that takes JSON in UTF-8 alone (RFC 8259 8.1): Python's reader guesses at other encodings."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field is not None and not _is_utf8(await request.body()):
                raise Told(422, ApiCode.NO_JSON)
            return await answer(request)

        return checked


def _is_utf8(body: bytes) -> bool:
    """Say whether a body may be JSON in UTF-8, which has no NUL."""
    try:
        return "\x00" not in body.decode()
    except UnicodeDecodeError:
        return False


router = APIRouter(route_class=_Utf8Route)


@router.get("/inbox", responses=_problems())
async def list_waiting(
    door: At,
    client: Who,
    limit: Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE, description="documents on the page")] = USUAL_PAGE,
    after: Annotated[UUID | None, Query(description="item_id that the page follows")] = None,
) -> Page:
    """List what nobody has taken, oldest first."""
    return await door.page(client, limit, after)


@router.get("/inbox/{id}", responses=_problems(404))
async def describe(id: UUID, door: At, client: Who) -> WholeItem:
    """Describe one document and its attachments, taken or not."""
    return await door.whole(client, id)


@router.get(
    "/inbox/{id}/document",
    response_class=Response,
    responses={200: {"description": "the document as it came", **_XML}, **_problems(404)},
)
async def document(id: UUID, door: At, client: Who) -> Response:
    """Give the document as it came."""
    return await door.document(client, id)


@router.get(
    "/inbox/{id}/attachments/{number}",
    response_class=Response,
    responses={200: {"description": "the file as it came", **_BYTES}, **_problems(404)},
)
async def attachment(id: UUID, number: int, door: At, client: Who) -> Response:
    """Give one file of a document, counted from 1; its type is what it is by its bytes."""
    return await door.attachment(client, id, number)


@router.get(
    "/inbox/{id}/pdf",
    response_class=Response,
    responses={200: {"description": "the PDF", **_PDF}, **_problems(404)},
)
async def pdf(id: UUID, door: At, client: Who) -> Response:
    """Give a PDF of a deviation that came without one: what its sender's would have been."""
    return await door.pdf(client, id)


@router.post("/inbox/{id}/take", responses=_problems(404, 409))
async def take(id: UUID, door: At, client: Who) -> Taken:
    """Say that the document is safe on the client's side: once, and the same answer ever after."""
    return await door.take(client, id)


@router.post("/inbox/{id}/apprec", max_body_size=MOST_WORD_BYTES, responses=_problems(404, 413))
async def say_apprec(id: UUID, word: Apprec, door: At, client: Who) -> Outcome:
    """Say AppRec 1, 2 or 3 about a document, as an AppRec in the folder does."""
    return await door.apprec(client, id, word)


@router.post("/inbox/{id}/feedback", max_body_size=MOST_WORD_BYTES, responses=_problems(404, 413))
async def send_back(id: UUID, word: Feedback, door: At, client: Who) -> Outcome:
    """Send a document back that should not have come here (HIS 1151): once, and only after its AppRec 1."""
    return await door.feedback(client, id, word)


@router.post(
    "/inbox/{id}/reply",
    openapi_extra={"requestBody": {"required": True, **_XML}},
    responses=_problems(404, 413),
)
async def reply(id: UUID, request: Request, door: At, client: Who) -> Outcome:
    """Answer a document with one of the client's own (MsgHead), sent on as it is; once a MsgId."""
    return await door.reply(client, id, request)
