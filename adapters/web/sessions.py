"""Log in, stay logged in, log out. The cookie holds 256 random bits; the database holds their SHA-256 alone.

A session ends after half an hour without use, after ten hours in any case, on log-out, and when its user is removed.
"""

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from adapters.settings import Environment, Settings
from adapters.store.log_ins import LogIns, User
from adapters.web.users import PasswordCheck, local_users_allowed, normal_name
from engine.ports import Clock

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
ATTEMPTS_SPAN = timedelta(minutes=15)
ATTEMPTS_A_NAME = 10
ATTEMPTS_A_PEER = 30
_SEEN_EVERY = timedelta(minutes=1)


class TooManyAttempts(Exception):
    """Raised when a name or an address has tried too often; the password is then not checked."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What a log-in gives: the user, and the token for the cookie."""

    user: User
    token: str


class Sessions:
    """The sessions of one engine; all nodes share them through the database."""

    def __init__(self, settings: Settings, log_ins: LogIns, clock: Clock) -> None:
        self._settings = settings
        self._log_ins = log_ins
        self._clock = clock
        self._check = PasswordCheck()
        self.cookie = cookie_of(settings)

    async def log_in(self, name: str, password: str, peer: str) -> LoggedIn | None:
        """Begin a session; None for a wrong name or password, in the same time for both. Raises TooManyAttempts."""
        now, kept = self._clock.now(), normal_name(name)
        await self._count(f"peer {network_of(peer)}", ATTEMPTS_A_PEER, now)
        await self._count(f"name {kept}", ATTEMPTS_A_NAME, now)
        user = await self._log_ins.user(kept)
        if not await self._check.holds(user, password) or user is None:
            return None
        await self._log_ins.forget_attempts(_digest(f"name {kept}"))
        await self._log_ins.take_back_attempt(_digest(f"peer {network_of(peer)}"))
        token = secrets.token_urlsafe(32)
        await self._log_ins.begin(user, _digest(token), now, now + LONGEST, now - IDLE)
        return LoggedIn(user, token)

    async def user_of(self, request: Request) -> User | None:
        """Return who is logged in, None for nobody. In production nobody ever is."""
        token = request.cookies.get(self.cookie, "")
        if not token or not local_users_allowed(self._settings):
            return None
        now, digest = self._clock.now(), _digest(token)
        session = await self._log_ins.session(digest, now, now - IDLE)
        if session is None:
            return None
        if now - session.seen_at > _SEEN_EVERY:
            await self._log_ins.see(digest, now)
        return session.user

    async def log_out(self, request: Request) -> None:
        """End the session of a request, if it has one."""
        token = request.cookies.get(self.cookie, "")
        if token:
            await self._log_ins.end(_digest(token))

    def give(self, request: Request, response: Response, token: str) -> None:
        """Put the session's cookie on a response."""
        secure = request.url.scheme == "https" or self._settings.environment is Environment.PRODUCTION
        response.set_cookie(self.cookie, token, path="/", httponly=True, samesite="strict", secure=secure)

    def take_back(self, response: Response) -> None:
        """Delete the session's cookie in the browser."""
        response.delete_cookie(self.cookie, path="/", httponly=True, samesite="strict")

    async def _count(self, subject: str, most: int, now: datetime) -> None:
        if await self._log_ins.count_attempt(_digest(subject), now, now - ATTEMPTS_SPAN) > most:
            raise TooManyAttempts


def cookie_of(settings: Settings) -> str:
    """Return the name of an engine's cookie. Each has its own, since browsers send cookies to all ports of a host."""
    return f"samvik_{_digest(','.join(settings.parties)).hex()[:8]}"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def network_of(peer: str) -> str:
    """Return the network that counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
