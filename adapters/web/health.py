"""Whether a node lives and may be given work, for those who watch it: /livez and /readyz. They need no log-in.

They tell one word each, and nothing of what the engine holds.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Ready = Callable[[], Awaitable[str]]
"""Returns why a node cannot work now, in one word; '' where it can."""


def health_routes(ready: Ready) -> list[Route]:
    """Return the two addresses."""

    async def livez(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        missing = await ready()
        return JSONResponse({"status": missing or "ready"}, 503 if missing else 200)

    return [Route(path, serve, methods=["GET"]) for path, serve in (("/livez", livez), ("/readyz", readyz))]
