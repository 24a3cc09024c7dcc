"""Serves the pages in a node's event loop, with uvicorn. The node keeps its own signals and logs.

Several nodes of one machine share the port (SO_REUSEPORT); with port 0 each takes a free one of its own.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.settings import Web
from engine.codes.start import StartCode
from engine.errors import OwnFault

_BACKLOG = 128
_MOST_CONNECTIONS = 200
_KEEP_ALIVE_SECONDS = 5
_REQUEST_SECONDS = 10
_LEAST_BYTES = 1_000_000
"""What must have come of a request, each time that these seconds are over: a large reply has longer than a form."""
_GRACE_SECONDS = 2
_LOOK_SECONDS = 0.01


class _Protocol(H11Protocol):
    """One connection; it is closed when there are too many, or when a request comes too slowly.

    The library limits neither: strangers could use up all file descriptors, which mail and database need.
    """

    _patience: asyncio.TimerHandle | None = None
    _came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= _MOST_CONNECTIONS:
            transport.abort()
            return
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._came += len(data)
        coming = self.cycle is None or self.cycle.response_complete or self.cycle.more_body
        if not coming:
            self._be_content()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_content()
        if self in self.connections:
            super().connection_lost(exc)

    def _wait(self) -> None:
        self._came = 0
        self._patience = self.loop.call_later(_REQUEST_SECONDS, self._look)

    def _look(self) -> None:
        if self._came < _LEAST_BYTES:
            self.transport.abort()
        else:
            self._wait()

    def _be_content(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class _OneLength:
    """Refuses a request that gives its length twice: a proxy in front may have believed the other (RFC 9112 6.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        names = [name.lower() for name, _ in scope.get("headers", ())]
        lengths = names.count(b"content-length") + names.count(b"transfer-encoding")
        if lengths > 1:
            await PlainTextResponse("400", 400, {"connection": "close"})(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the node."""
        yield


class WebServer:
    """One listening socket and what serves it, until stopped."""

    def __init__(self, settings: Web, app: ASGIApp) -> None:
        self._settings = settings
        config = uvicorn.Config(
            _OneLength(app),
            lifespan="off",
            ws="none",
            http=_Protocol,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies),
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Begin to serve, and return the port. Raises OwnFault where the address cannot be listened on."""
        listening = self._listen()
        self._serving = asyncio.create_task(self._server.serve([listening]))
        while not self._server.started and not self._serving.done():  # noqa: ASYNC110 the library tells nobody
            await asyncio.sleep(_LOOK_SECONDS)
        if self._serving.done():
            await self._serving
        port: int = listening.getsockname()[1]
        return port

    async def stop(self) -> None:
        """Stop serving. Requests in progress get two seconds. May be repeated."""
        if self._serving is not None:
            self._server.should_exit = True
            await self._serving
            self._serving = None

    def _listen(self) -> socket.socket:
        host, port = self._settings.host, self._settings.port
        try:
            family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listening = socket.socket(family, kind, number)
        except OSError as error:
            raise _not_listening(host, port, error) from None
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except OSError as error:
            listening.close()
            raise _not_listening(host, port, error) from None
        listening.setblocking(False)
        return listening


def _not_listening(host: str, port: int, error: OSError) -> OwnFault:
    return OwnFault(StartCode.NOT_LISTENING, host=host, port=port, error=error.strerror, section="web")
