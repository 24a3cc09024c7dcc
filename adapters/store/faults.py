"""What a failure of the database becomes for the engine."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolClosed, PoolTimeout

from engine.codes.database import DatabaseCode, WhyNot
from engine.codes.statement import Statement
from engine.errors import OwnFault, Unavailable

_PASSING = {
    WhyNot.NOBODY_THERE: r"connection refused|no such file or directory|no route to host|network is unreachable",
    WhyNot.TOO_SLOW: r"timeout expired|timed out",
    WhyNot.FULL: r"too many clients|remaining connection slots|too many connections",
    WhyNot.NOT_NOW: r"is starting up|is shutting down|in recovery mode|closed the connection unexpectedly",
}
_LASTING = {
    WhyNot.PASSWORD: r"password authentication failed|no password supplied|authentication failed",
    WhyNot.NO_DATABASE: r"database \"[^\"]*\" does not exist|no such database",
    WhyNot.NO_ROLE: r"role \"[^\"]*\" does not exist|no such user",
    WhyNot.NOT_ADMITTED: r"no pg_hba.conf entry|pg_hba.conf rejects",
    WhyNot.NO_HOST: r"could not translate host name|name or service not known|failed to resolve host",
    WhyNot.NO_TLS: r"server does not support ssl",
    WhyNot.TLS: r"certificate|ssl error|root\.crt",
}


class Place(NamedTuple):
    """Where a database is, by its URL and the environment; never who logs in, and with what."""

    host: str
    port: str
    name: str


def place_of(url: str) -> Place:
    """Return where a database is. Raises OwnFault where the URL cannot be read; it is not repeated."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise OwnFault(DatabaseCode.BAD_URL) from None
    usual = {each.keyword.decode(): (each.val or each.compiled or b"").decode() for each in pq.Conninfo.get_defaults()}
    host = given.get("host") or given.get("hostaddr") or usual.get("host") or "localhost"
    name = given.get("dbname") or usual.get("dbname") or given.get("user") or ""
    return Place(str(host), str(given.get("port") or usual.get("port")), str(name))


@contextmanager
def database_faults(url: str = "") -> Iterator[None]:
    """Turn the driver's errors into ours, without the server's text: it may quote stored values.

    Raises Unavailable for whatever may pass: no connection, a time limit, a deadlock, a full disk. Raises OwnFault
    for what the server refuses whenever it is asked. With a `url`, what keeps us from connecting is told by its place,
    reason and remedy.
    """
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolClosed) as error:
        raise _not_there(error, url) from None
    except psycopg.Error as error:
        if url:
            place_of(url)  # where the driver could not read the URL, that is what is wrong
        raise OwnFault(DatabaseCode.REFUSED, error=_name(error)) from None


def _not_there(error: Exception, url: str) -> OwnFault | Unavailable:
    why, lasting = why_not(error)
    if not url:
        return Unavailable(DatabaseCode.SILENT, error=_name(error))
    said = Statement.of(why) if why else Statement.of(WhyNot.OTHER, error=_name(error))
    kind = OwnFault if lasting else Unavailable
    return kind(DatabaseCode.UNREACHABLE, **place_of(url)._asdict(), why=said)


def why_not(error: Exception) -> tuple[WhyNot | None, bool]:
    """Return why there is no connection, None where that is not known, and whether it will be so next time too."""
    if isinstance(error, PoolTimeout):
        return WhyNot.TOO_SLOW, False
    text = str(error).lower()
    for kinds, lasting in ((_LASTING, True), (_PASSING, False)):
        for why, pattern in kinds.items():
            if re.search(pattern, text):
                return why, lasting
    return None, False


def _name(error: Exception) -> str:
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
