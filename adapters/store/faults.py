"""What a failure of the database becomes for the engine."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolClosed

from engine.codes.database import DatabaseCode
from engine.errors import OwnFault, Unavailable


@contextmanager
def database_faults() -> Iterator[None]:
    """Turn the driver's errors into ours, without the server's text: it may quote stored values.

    Raises Unavailable for whatever may pass: no connection, a time limit, a deadlock, a full disk. Raises OwnFault
    for what the server refuses whenever it is asked.
    """
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolClosed) as error:
        raise Unavailable(DatabaseCode.SILENT, error=_name(error)) from None
    except psycopg.Error as error:
        raise OwnFault(DatabaseCode.REFUSED, error=_name(error)) from None


def _name(error: Exception) -> str:
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
