"""Ports of loopback for servers that a test starts by a number."""

import secrets
import socket
from contextlib import suppress

_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """Return a port that nobody has.

    The kernel gives it to nobody by itself: Linux takes ports for connections and for port 0 from 32768 on, and what
    it had just given to a test it gave to another one before the server was there.
    """
    for _ in range(100):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        with suppress(OSError), socket.socket() as tried:
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
