"""Users of the pages, their sessions, and how often somebody has tried to log in."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.store.queries import statement
from adapters.store.rows import Row
from adapters.store.session import Connection, fetch_all, storable
from engine.commit.actor import Person
from engine.names import HerId
from engine.states.role import Role


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in, with a role at a party. They see the rows of `owner`. `password` is an argon2id hash."""

    name: str
    owner: HerId
    who: Person
    password: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is logged in, and when they last asked for a page."""

    user: User
    seen_at: datetime


class LogIns:
    """Users, sessions and attempts to log in. Tokens are given as digests. Raises what PostgresStore raises."""

    def __init__(self, connection: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._connection = connection

    async def add(self, user: User) -> bool:
        """Keep a user; False where the name is taken."""
        values = {"name": user.name, "owner": user.owner, "her": user.who.her_id, "role": user.who.role.value}
        return bool(await self._run("add_user", **values, password=user.password, at=user.created_at))

    async def user(self, name: str) -> User | None:
        """Return the user with this name."""
        rows = await self._run("user", name=name)
        return _user_of(rows[0]) if rows else None

    async def users(self) -> list[User]:
        """Return every user, by name."""
        return [_user_of(row) for row in await self._run("list_users")]

    async def remove(self, name: str) -> bool:
        """Remove a user and end all their sessions; False when there is no such user."""
        return await self._change("remove_user", name=name) == 1

    async def begin(self, user: User, token: bytes, now: datetime, expires_at: datetime, idle_since: datetime) -> None:
        """Begin a session, and delete those that are over."""
        await self._change("end_old_sessions", now=now, idle_since=idle_since)
        values = {"token": token, "owner": user.owner, "name": user.name}
        await self._change("add_session", **values, at=now, expires_at=expires_at)

    async def session(self, token: bytes, now: datetime, idle_since: datetime) -> Session | None:
        """Return the session of a token that is not over."""
        rows = await self._run("session", token=token, now=now, idle_since=idle_since)
        return Session(_user_of(rows[0]), rows[0]["seen_at"].astimezone(UTC)) if rows else None

    async def see(self, token: bytes, now: datetime) -> None:
        """Note that a session is in use."""
        await self._change("see_session", token=token, now=now)

    async def end(self, token: bytes) -> None:
        """End a session, if there is one."""
        await self._change("end_session", token=token)

    async def count_attempt(self, subject: bytes, now: datetime, since: datetime) -> int:
        """Count one more attempt of a subject and return how many it has made since then, this one included."""
        await self._change("forget_old_attempts", since=since)
        (row,) = await self._run("count_attempt", subject=subject, now=now, since=since)
        return int(row["number"])

    async def take_back_attempt(self, subject: bytes) -> None:
        """Take back one counted attempt of a subject, since the person then logged in."""
        await self._change("take_back_attempt", subject=subject)

    async def forget_attempts(self, subject: bytes) -> None:
        """Forget what a subject has tried."""
        await self._change("forget_attempt", subject=subject)

    async def _run(self, name: str, /, **values: object) -> list[Row]:
        async with self._connection() as connection:
            return list(await fetch_all(connection, name, values))

    async def _change(self, name: str, /, **values: object) -> int:
        async with self._connection() as connection:
            return (await connection.execute(statement(name), storable(values))).rowcount


def _user_of(row: Row) -> User:
    who = Person(Role(row["role"]), HerId(row["her"]))
    return User(row["name"], HerId(row["owner"]), who, row["password"], row["created_at"].astimezone(UTC))
