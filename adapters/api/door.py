"""What each route of the HTTP door answers. Another party's ids are nothing here."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from adapters.api.asker import client_behind
from adapters.api.models import Apprec, Feedback, File, Item, Outcome, Page, Taken, WholeItem
from adapters.api.problems import Told
from adapters.folders.inbox import described
from adapters.store.log_ins import LogIns
from engine.codes.api import ApiCode
from engine.codes.operations import OperationsCode
from engine.commit.ports import Ports
from engine.errors import OwnFault
from engine.files.kind import shown_type
from engine.files.name import safe_name
from engine.inbox.made_pdf import made_pdf, without_pdf
from engine.inbox.repeats import Repeat
from engine.payload.attachment import Attachment
from engine.payload.feedback_code import FeedbackCode
from engine.payload.msghead import MsgHead, read_msghead
from engine.record_system.http_client import Stored, reply, say_apprec, send_back_item, stored, take, waiting
from engine.record_system.word import WordResult
from engine.records.inbox import Client, ReceivedDocument

PREFIX = "/api/v1"
_REPLIES_READ_AT_ONCE = 4
"""A reply is held in memory several times over while it is read."""

REPLIES_COMING = 16
REPLIES_COMING_A_CLIENT = 2
"""A reply that comes is held in memory whole, however slowly it comes: so many at once, and so many of one client."""

_RETRY_SECONDS = 10


class _Places:
    """How many replies are under way, and whose they are."""

    def __init__(self) -> None:
        self._held: Counter[UUID] = Counter()

    @contextmanager
    def place(self, client: UUID) -> Iterator[None]:
        """Hold a place for a reply. Raises Told: 503 where the client, or all together, have as many as they may."""
        if self._held[client] >= REPLIES_COMING_A_CLIENT or self._held.total() >= REPLIES_COMING:
            raise Told(503, ApiCode.NOT_NOW, headers={"Retry-After": str(_RETRY_SECONDS)})
        self._held[client] += 1
        try:
            yield
        finally:
            self._held[client] -= 1
            self._held = +self._held


class Door:
    """The use cases of engine.record_system.http_client, in the words of HTTP."""

    def __init__(self, ports: Callable[[], Ports], log_ins: LogIns) -> None:
        self._ports = ports
        self._log_ins = log_ins
        self._places = _Places()
        self._reading = asyncio.Semaphore(_REPLIES_READ_AT_ONCE)

    async def client(self, request: Request, token: str) -> Client:
        """Return who asks. Raises Told for nobody."""
        return await client_behind(request, token, self._ports(), self._log_ins)

    async def page(self, client: Client, limit: int, after: UUID | None) -> Page:
        """Return some of what waits."""
        items = await waiting(self._ports(), client, after, limit)
        more = f"{PREFIX}/inbox?limit={limit}&after={items[-1][0].id}" if len(items) == limit else None
        return Page(items=[Item(**_item(*each)) for each in items], next=more)

    async def whole(self, client: Client, id: UUID) -> WholeItem:
        """Return one document's metadata with its attachments."""
        found = await self._found(client, id)
        said, head = _item(found.item, found.repeat), await self._head(found)
        url = said["url"]
        attachments = [_file(url, number, each) for number, each in enumerate(head.attachments, 1)]
        pdf_url = f"{url}/pdf" if without_pdf(head) else None
        return WholeItem(**said, document_url=f"{url}/document", attachments=attachments, pdf_url=pdf_url)

    async def document(self, client: Client, id: UUID) -> Response:
        """Return one document."""
        return Response((await self._found(client, id)).document, media_type="application/xml")

    async def attachment(self, client: Client, id: UUID, number: int) -> Response:
        """Return one file of a document."""
        files = (await self._head(await self._found(client, id))).attachments
        if not 1 <= number <= len(files) or files[number - 1].file_reference:
            raise Told(404, ApiCode.NOT_HERE)
        return _content(files[number - 1])

    async def pdf(self, client: Client, id: UUID) -> Response:
        """Make the PDF that a deviation came without."""
        ports, found = self._ports(), await self._found(client, id)
        head = await self._head(found)
        made = await ports.offload.run(len(found.document), lambda: made_pdf(ports.pdf, head))
        if made is None:
            raise Told(404, ApiCode.NOT_HERE)
        return _content(made)

    async def take(self, client: Client, id: UUID) -> Taken:
        """Note that a document has been taken."""
        item = await take(self._ports(), client, id)
        if item is None:
            raise Told(404, ApiCode.NOT_HERE)
        if item.taken_at is None:
            raise OwnFault(OperationsCode.OUR_ERROR, kind="taken_at")
        if item.taken_by != client.name:
            raise Told(409, ApiCode.TAKEN, by=item.taken_by, at=f"{item.taken_at:%Y-%m-%dT%H:%M:%SZ}")
        return Taken(item_id=item.id, taken_at=item.taken_at, taken_by=item.taken_by)

    async def apprec(self, client: Client, id: UUID, word: Apprec) -> Outcome:
        """Hear an AppRec."""
        found, errors = await self._found(client, id), [(each.code, each.detail) for each in word.errors]
        return Outcome(outcome=await say_apprec(self._ports(), client, found, word.status, errors))

    async def feedback(self, client: Client, id: UUID, word: Feedback) -> Outcome:
        """Send a document back."""
        code = FeedbackCode.WRONG_ADDRESSEE if word.code == "wrong-addressee" else FeedbackCode.OTHER
        await send_back_item(self._ports(), client, await self._found(client, id), code, word.text)
        return Outcome(outcome=WordResult.SENT)

    async def reply(self, client: Client, id: UUID, request: Request) -> Outcome:
        """Hear a document of the client's own. All of it has come before it waits for anything else."""
        found = await self._found(client, id)
        with self._places.place(client.id):
            body = await request.body()
            async with self._reading:
                return Outcome(outcome=await reply(self._ports(), client, found, body))

    async def _found(self, client: Client, id: UUID) -> Stored:
        found = await stored(self._ports(), client, id)
        if found is None:
            raise Told(404, ApiCode.NOT_HERE)
        return found

    async def _head(self, found: Stored) -> MsgHead:
        return await self._ports().offload.run(len(found.document), lambda: read_msghead(found.document))


def _item(item: ReceivedDocument, repeat: Repeat) -> dict[str, Any]:
    taken = {"taken_at": item.taken_at, "taken_by": item.taken_by or None}
    return {**described(item, repeat), **taken, "url": f"{PREFIX}/inbox/{item.id}"}


def _content(file: Attachment) -> Response:
    name = {"content-disposition": f"attachment; filename*=UTF-8''{quote(safe_name(file))}"}
    return Response(file.content, headers=name, media_type=shown_type(file))


def _file(url: str, number: int, file: Attachment) -> File:
    told = {"name": file.name, "mime_type": file.mime_type, "type": shown_type(file)}
    if file.file_reference:
        return File(**told, size=0, url=None)
    return File(**told, size=len(file.content), url=f"{url}/attachments/{number}")
