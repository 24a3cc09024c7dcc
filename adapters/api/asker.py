"""Who asks: a client by its bearer token.

A right token is always let in. Wrong ones are counted by address as wrong passwords are, so that somebody who guesses
is slowed down; a neighbour's guessing shuts nobody out.
"""

import hashlib
from datetime import timedelta

from starlette.requests import Request

from adapters.api.problems import Told
from adapters.api.tokens import LONGEST_TOKEN, digest_of
from adapters.store.log_ins import LogIns
from adapters.web.sessions import ATTEMPTS_A_PEER, ATTEMPTS_SPAN, network_of
from engine.codes.api import ApiCode
from engine.commit.ports import Ports
from engine.record_system.http_client import client_of
from engine.records.inbox import Client

_WHO = {"WWW-Authenticate": "Bearer"}


async def client_behind(request: Request, token: str, ports: Ports, log_ins: LogIns) -> Client:
    """Return who shows a token, '' for none. Raises Told: 401 for nobody, 429 where that has happened too often."""
    client = await client_of(ports, digest_of(token)) if 0 < len(token) <= LONGEST_TOKEN else None
    if client is not None:
        return client
    if token:
        await _count(request, ports, log_ins)
    raise Told(401, ApiCode.NOBODY, headers=_WHO)


async def _count(request: Request, ports: Ports, log_ins: LogIns) -> None:
    peer = request.client.host if request.client else ""
    now = ports.clock.now()
    subject = hashlib.sha256(f"token {network_of(peer)}".encode()).digest()
    if await log_ins.count_attempt(subject, now, now - ATTEMPTS_SPAN) > ATTEMPTS_A_PEER:
        raise Told(429, ApiCode.TOO_MANY, headers={"Retry-After": str(ATTEMPTS_SPAN // timedelta(seconds=1))})
