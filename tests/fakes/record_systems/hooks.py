"""A record system's webhook: a real HTTP server on loopback that keeps what comes, and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOST_BYTES = 100_000


@dataclass(frozen=True)
class Came:
    """A request that came: its path, headers by their lower-case names, and body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HookServer:
    """Answers with the statuses in turn, then with the last; `hold` keeps answers back while it is clear."""

    statuses: list[int] = field(default_factory=lambda: [204])
    came: list[Came] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    location: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        self.hold.set()

    @contextmanager
    def running(self) -> Iterator["HookServer"]:
        """Serve on a free port while the context lasts."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = False
        self.url = f"http://127.0.0.1:{server.server_port}/samvik"
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield self
        finally:
            self.hold.set()
            server.shutdown()
            serving.join()
            server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers["content-length"]), MOST_BYTES))
                hooks.came.append(Came(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status = hooks.statuses.pop(0) if len(hooks.statuses) > 1 else hooks.statuses[0]
                hooks.hold.wait()
                try:
                    self.send_response(status)
                    if hooks.location:
                        self.send_header("location", hooks.location)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except OSError:
                    pass  # whoever asked has gone

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        return Handler
