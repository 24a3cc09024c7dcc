"""Ports of loopback for servers that are started by a number that was chosen before."""

import secrets
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

from engine.codes.start import StartCode
from engine.errors import OwnFault

_TRIED = 12_000
_LOWEST = 1_024
_USUAL = 32_768
_KERNELS_OWN = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody has. Raises OwnFault where all are taken."""
    return free_ports(1)[0]


def free_ports(count: int) -> tuple[int, ...]:
    """Return so many different ports of 127.0.0.1 that nobody has. Raises OwnFault where there are not enough.

    The kernel gives them to nobody by itself: they lie below those that it takes for connections and for port 0. One
    that it had just given away it would give to another before the server was there.
    """
    first, last = _below_the_kernels()
    begin = secrets.randbelow(last - first)
    with ExitStack() as held:
        found: list[int] = []
        for step in range(last - first):
            if len(found) == count:
                break
            port = first + (begin + step) % (last - first)
            with suppress(OSError):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
                found.append(port)
    if len(found) < count:
        raise OwnFault(StartCode.PORT_TAKEN, host="127.0.0.1", port=f"{first}-{last - 1}", section="listen")
    return tuple(found)


def _below_the_kernels() -> tuple[int, int]:
    """Return the first port to try, and the one after the last."""
    try:
        end = int(_KERNELS_OWN.read_text("ascii").split()[0])
    except OSError:
        end = _USUAL
    # Where the kernel takes all there are, there is nothing better than those where it usually begins.
    end = end if end > _LOWEST + 1 else _USUAL
    return max(_LOWEST, end - _TRIED), end
