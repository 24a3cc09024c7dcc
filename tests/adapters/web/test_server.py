"""The pages over a real socket: a port of their own, several servers on one port, a quick and whole end."""

import asyncio
import socket
from contextlib import suppress

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message
from structlog.testing import capture_logs

from adapters.api.problems import ANSWERS
from adapters.settings import Web
from adapters.web import server as module
from adapters.web.security import Guard
from adapters.web.server import WebServer
from engine.errors import OwnFault
from tests.fakes.engines.site import Here
from tests.fakes.waiting import PATIENCE


async def test_served_until_stopped(here: Here) -> None:
    """A page is answered over the socket; an idle connection does not hold the stop up, and the port is free after."""
    before = asyncio.all_tasks()
    server = WebServer(Web(port=0), here.app)
    port = await server.start()
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/logg-inn")
        assert answer.status_code == 200
        assert "server" not in answer.headers
        async with asyncio.timeout(PATIENCE):
            await server.stop()
            await server.stop()
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)
    assert asyncio.all_tasks() - before <= {asyncio.current_task()}


async def test_nodes_share_the_port(here: Here) -> None:
    """Two servers listen on one port, and either answers."""
    first, second = WebServer(Web(port=0), here.app), WebServer(Web(port=0), here.app)
    port = await first.start()
    second = WebServer(Web(port=port), here.app)
    assert await second.start() == port
    await first.stop()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/logg-inn")).status_code == 200
    await second.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "ingen.invalid"])
async def test_an_address_that_cannot_be_had(here: Here, host: str) -> None:
    """A port that another program holds, or a host that is none, is refused with the keys to correct."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OwnFault, match=r"start\.not_listening.*\"web\""):
            await WebServer(Web(host=host, port=other.getsockname()[1]), here.app).start()


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST /logg-inn HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"],
)
async def test_a_request_that_never_ends_is_cut_off(here: Here, monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    """Who opens a connection and sends nothing, half a head or half a form does not keep it."""
    monkeypatch.setattr(module, "_REQUEST_SECONDS", 0.05)
    server = WebServer(Web(port=0), here.app)
    port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begun)
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):
            await reader.read()
    writer.close()
    await server.stop()


async def test_a_large_request_may_take_as_long_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that keeps coming is read to its end, however often the server has looked at it meanwhile."""
    looked = asyncio.Queue[None]()
    look = module._Protocol._look

    def looks(protocol: module._Protocol) -> None:
        looked.put_nowait(None)
        look(protocol)

    async def counts(request: Request) -> Response:
        return Response(str(len(await request.body())))

    monkeypatch.setattr(module._Protocol, "_look", looks)
    monkeypatch.setattr(module, "_REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(module, "_LEAST_BYTES", 1_000)
    server = WebServer(Web(port=0), Starlette(routes=[Route("/", counts, methods=["POST"])]))
    reader, writer = await asyncio.open_connection("127.0.0.1", await server.start())
    writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4000\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        writer.write(b"x" * 1_000)
        for _ in range(3):
            await looked.get()
            writer.write(b"x" * 1_000)
        assert (await reader.read()).endswith(b"\r\n\r\n4000")
    writer.close()
    await server.stop()


@pytest.mark.parametrize("door", ["pages", "api"])
async def test_who_hangs_up_is_no_error_of_ours(door: str) -> None:
    """A body that ends in the middle is a line in the log, not a failure that operations must look at."""

    async def reads(request: Request) -> Response:
        return Response(str(len(await request.body())))

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    app: Starlette = Starlette() if door == "pages" else Starlette(exception_handlers=ANSWERS)
    app.router.add_route("/", reads, methods=["POST"])
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    with capture_logs() as lines:
        await Guard(app)(scope, gone, send)
    assert [(line["log_level"], line["event"]) for line in lines] == [("info", "asker_gone")]


async def test_too_many_connections_are_closed_at_once(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound nothing is kept open, and those within it are still served."""
    monkeypatch.setattr(module, "_MOST_CONNECTIONS", 3)
    server = WebServer(Web(port=0), here.app)
    port = await server.start()
    kept = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
    kept[0][1].write(b"GET /logg-inn HTTP/1.1\r\nHost: a\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        assert (await kept[0][0].readline()).split()[1] == b"200"
        with suppress(ConnectionError):
            extra, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await extra.read() == b""
            writer.close()
    for _, each in kept:
        each.close()
    await server.stop()


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    ],
)
async def test_a_request_with_two_lengths_is_refused(here: Here, lengths: bytes) -> None:
    """Content-Length and Transfer-Encoding together are 400, and what follows on the connection is not read."""
    server = WebServer(Web(port=0), here.app)
    port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /logg-inn HTTP/1.1\r\nHost: x\r\n" + lengths + b"\r\n0\r\n\r\nGET /logg-inn HTTP/1.1\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    await server.stop()
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1
