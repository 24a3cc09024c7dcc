"""Who is connected to a listener, how many connections each peer has, and who goes when there is no room left.

Nobody is sent away who is at work. When the room is full, the connection that has brought nothing for longest, of the
peer that has most, is told to come back later (421), so that a crowd of silent clients keeps nobody out.
"""

import ipaddress
from collections import Counter
from collections.abc import Collection
from typing import Protocol, TypeVar

PATIENCE_SECONDS = 10.0
"""How long a connection may bring nothing before it can lose its place to a newcomer."""

_NETWORK_BITS = 64
"""Whoever has one IPv6 address has so many bits of them (RFC 6177)."""


class Guest(Protocol):
    """An open connection. `peer` is who holds it; `idle_since` is when it last brought something, by the loop's clock.

    None is for one that must not be sent away: its mail has come and is being stored.
    """

    @property
    def peer(self) -> str:
        """See the class."""
        ...

    @property
    def idle_since(self) -> float | None:
        """See the class."""
        ...


G = TypeVar("G", bound=Guest)


def peer_of(address: str) -> str:
    """Return what counts as one peer: an IPv4 address, the network of an IPv6 address, or any other text itself."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, _NETWORK_BITS), strict=False))


def is_full(guests: Collection[Guest], newcomer: str, most: int, most_a_peer: int) -> bool:
    """Say whether there is no place for one more connection from the peer `newcomer`."""
    return len(guests) >= most or _count(guests)[newcomer] >= most_a_peer


def who_goes(guests: Collection[G], newcomer: str, most_a_peer: int, now: float) -> G | None:
    """Return the connection that loses its place to one from the peer `newcomer`, None where nobody does."""
    counts = _count(guests)
    among_own = counts[newcomer] >= most_a_peer
    idle = [
        (counts[guest.peer], now - guest.idle_since, guest)
        for guest in guests
        if guest.idle_since is not None and (guest.peer == newcomer or not among_own)
    ]
    silent = [each for each in idle if each[1] >= PATIENCE_SECONDS]
    return max(silent, key=lambda each: each[:2])[2] if silent else None


def _count(guests: Collection[Guest]) -> Counter[str]:
    return Counter(guest.peer for guest in guests)
