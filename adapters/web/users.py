"""Local users of the pages, for demo and test: names, argon2id hashes, and the checks on both.

In production nobody logs in by a local password: people come through the organisation's own log-in (a later issue).
"""

import asyncio
import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from adapters.settings import Environment, Settings
from adapters.store.log_ins import LogIns, User
from engine.codes.user import UserCode
from engine.commit.actor import Person, owner_of
from engine.commit.ports import Ports
from engine.errors import Refused
from engine.payload.national_numbers import holds_national_number

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
_NAME = re.compile(r"[^\W_][\w.\-]{1,62}")
_HASHER = PasswordHasher()
# Each check takes 64 MB: strangers can make a node do only two at a time.
_CHECKS_AT_ONCE = 2


def local_users_allowed(settings: Settings) -> bool:
    """True when local users may be added and log in here."""
    return settings.environment is not Environment.PRODUCTION


def normal_name(text: str) -> str:
    """Return a user name as it is kept: NFKC, lower case, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def new_password() -> str:
    """Return a new random password of 120 bits, for a log-in that is printed."""
    return secrets.token_urlsafe(15)


async def add_user(settings: Settings, ports: Ports, log_ins: LogIns, name: str, who: Person, password: str) -> User:
    """Make a user that logs in with a password. The password itself is kept nowhere.

    Raises Refused in production, for a name or password that breaks our rules, for a name that is taken, and for a
    HER-id that is not served here.
    """
    if not local_users_allowed(settings):
        raise Refused(UserCode.NOT_IN_PRODUCTION)
    owner = owner_of(ports.policy, who)
    kept = _checked_name(name)
    _check_password(password, kept)
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    user = User(kept, owner, who, hashed, ports.clock.now())
    if not await log_ins.add(user):
        raise Refused(UserCode.NAME_TAKEN, name=kept)
    return user


class PasswordCheck:
    """Checks passwords. An unknown name costs the same work as a known one, so that nobody can tell them apart."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_CHECKS_AT_ONCE)

    async def holds(self, user: User | None, password: str) -> bool:
        """True when this is the user's password; False for None."""
        async with self._slots:
            right = await asyncio.to_thread(_verify, user.password if user else _nobodys_hash(), password)
        return right and user is not None


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _checked_name(name: str) -> str:
    kept = normal_name(name)
    if not _NAME.fullmatch(kept):
        raise Refused(UserCode.BAD_NAME)
    if holds_national_number(kept):
        raise Refused(UserCode.NUMBER_AS_NAME)
    return kept


def _check_password(password: str, name: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(UserCode.PASSWORD_LENGTH, least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    if name in password.casefold():
        raise Refused(UserCode.NAME_IN_PASSWORD)
