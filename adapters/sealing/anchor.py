"""The anchor file `seals.log`: one line a seal, kept outside the database, so that a cut-off end of the log is seen.

A line is the seal's number, the ids of its events as ranges (`7-9,11`), and its hash in hex, with one blank between.
The first line says after which seal the file begins (`begun 0 2026-03-02T08:00:00+00:00`), with a mark in hex: of what
was cut off before that seal it knows nothing.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from engine.codes.log import LogCode
from engine.errors import OwnFault

_TAIL_BYTES = 4096
_LONGEST_LINE = 400_000
_BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Anchored:
    """A seal as the anchor file knows it; `ranges` are first and last event id of each unbroken run."""

    seal: int
    ranges: tuple[tuple[int, int], ...]
    hash: bytes

    def events(self) -> Iterator[int]:
        """Yield the ids of the events that the seal was made over."""
        for first, last in self.ranges:
            yield from range(first, last + 1)


@dataclass(frozen=True, slots=True)
class Begun:
    """The first line: the file knows the seals after `after` alone. `mark` is made with the log key."""

    after: int
    at: datetime
    mark: bytes


def begin(path: Path, begun: Begun) -> None:
    """Make an anchor file that is not there, or is empty, and flush it to disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(f"{_BEGUN} {begun.after} {begun.at.isoformat()} {begun.mark.hex()}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def is_there(path: Path) -> bool:
    """Say whether there is an anchor file with anything whole in it."""
    return _whole_length(path) > 0


def anchored(seal: int, events: Sequence[int], hash: bytes) -> Anchored:
    """Return the anchor of a seal over these event ids, which are in order."""
    breaks = [index for index, (one, other) in enumerate(pairwise(events), 1) if other != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(events)]
    ranges = tuple((events[start], events[end - 1]) for start, end in zip(starts, ends, strict=True))
    return Anchored(seal, ranges, hash)


def append(path: Path, seals: Iterable[Anchored]) -> None:
    """Append lines and flush them to disk; a line that a crash left half written is taken away first."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        end = _whole_length(path)
        file.truncate(end)
        file.seek(end)
        file.writelines(_line(seal) for seal in seals)
        file.flush()
        os.fsync(file.fileno())


def last_seal(path: Path) -> int:
    """Return the number of the last anchored seal, 0 when there is none. Raises OwnFault when it cannot be read."""
    end = _whole_length(path)
    if end == 0:
        return 0
    start = _line_end_before(path, end - 1)
    with path.open("rb") as file:
        file.seek(start)
        last = _parsed(file.read(min(end - start, _LONGEST_LINE)))
    if last is None:
        raise OwnFault(LogCode.LAST_LINE, path=path)
    return last.after if isinstance(last, Begun) else last.seal


def whole_length(path: Path) -> int | None:
    """Return how many bytes of whole lines the file has now, None when it is missing."""
    return _whole_length(path) if path.exists() else None


def read(path: Path, length: int) -> Iterator[Anchored | Begun | int]:
    """Yield what stands in the first `length` bytes: its lines, or the number of a line that cannot be read."""
    if length == 0:
        return
    with path.open("rb") as file:
        number, left = 0, length
        while left > 0 and (line := file.readline(min(left, _LONGEST_LINE))):
            number, left = number + 1, left - len(line)
            yield _parsed(line) or number


def _line(seal: Anchored) -> bytes:
    ranges = ",".join(f"{first}-{last}" for first, last in seal.ranges)
    return f"{seal.seal} {ranges} {seal.hash.hex()}\n".encode()


def _parsed(line: bytes) -> Anchored | Begun | None:
    try:
        words = line.decode("ascii").split()
        if words[:1] == [_BEGUN]:
            _, after, at, mark = words
            return Begun(int(after), datetime.fromisoformat(at), bytes.fromhex(mark))
        number, ranges, digest = words
        pairs = (part.split("-") for part in ranges.split(","))
        return Anchored(int(number), tuple((int(first), int(last)) for first, last in pairs), bytes.fromhex(digest))
    except ValueError:
        return None


def _whole_length(path: Path) -> int:
    return _line_end_before(path, path.stat().st_size) if path.exists() else 0


def _line_end_before(path: Path, position: int) -> int:
    """Return the place just after the last line end in the first `position` bytes, 0 when there is none."""
    with path.open("rb") as file:
        while position > 0:
            start = max(0, position - _TAIL_BYTES)
            file.seek(start)
            found = file.read(position - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            position = start
    return 0
