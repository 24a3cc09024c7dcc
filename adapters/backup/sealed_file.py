"""The file of a backup: pieces of it sealed under the key ring, each bound to its place, the last one marked.

A first line in clear names the format and the backup's id; then each piece as four bytes of length (big-endian) and
what AtRest made of one byte (MORE or LAST) and the content. What is cut off, changed, moved or of another backup does
not open.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from uuid import UUID

from adapters.keys.at_rest import AtRest
from engine.codes.backup import BackupCode
from engine.codes.disk import DiskCode
from engine.errors import OwnFault

PIECE_BYTES = 1_000_000
LONGEST_PIECE = 128_000_000
_FORMAT = b"samvik backup 1 "
_MORE, _LAST = b"+", b"."
_LENGTH = 4


class SealedWriter:
    """Writes a backup under a name of its own first; it gets the wanted one when the context ends without an error.

    Raises OwnFault, naming the file, where it cannot be written, or its name is taken. Nothing is left then.
    """

    def __init__(self, path: Path, at_rest: AtRest, id: UUID) -> None:
        self._path, self._at_rest, self._id = path, at_rest, id
        self._beside = path.with_name(f"{path.name}.{id}.part")
        self._number = 0
        self._waiting = bytearray()

    def __enter__(self) -> Self:
        self._check_free()
        try:
            handle = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise self._unwritten(error) from None
        self._file = os.fdopen(handle, "wb")
        self._file.write(_FORMAT + str(self._id).encode() + b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            with suppress(OSError):
                self._file.close()
            self._beside.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Append to the content."""
        self._waiting += data
        if len(self._waiting) >= PIECE_BYTES:
            self._seal(bytes(self._waiting), _MORE)
            self._waiting.clear()

    def _seal(self, content: bytes, mark: bytes) -> None:
        sealed = self._at_rest.seal(mark + content, "backup", f"{self._id}:{self._number}", "piece")
        try:
            self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        except OSError as error:
            raise self._unwritten(error) from None
        self._number += 1

    def _finish(self) -> None:
        self._seal(bytes(self._waiting), _LAST)
        self._check_free()
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._beside.replace(self._path)
        except OSError as error:
            raise self._unwritten(error) from None

    def _check_free(self) -> None:
        if self._path.exists():
            raise OwnFault(DiskCode.EXISTS, path=self._path)

    def _unwritten(self, error: OSError) -> OwnFault:
        return OwnFault(DiskCode.NOT_WRITTEN, path=self._path, error=error.strerror)


class SealedReader:
    """Reads a backup piece by piece. Raises OwnFault for whatever is not a whole backup of ours."""

    def __init__(self, path: Path, at_rest: AtRest) -> None:
        self._path, self._at_rest = path, at_rest
        self._rest = b""

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("rb")
        except OSError as error:
            raise OwnFault(DiskCode.NOT_READ, path=self._path, error=error.strerror) from None
        self._pieces = _pieces(self._file, self._path, self._at_rest)
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes of the content, fewer at its end."""
        while len(self._rest) < size and (piece := next(self._pieces, None)) is not None:
            self._rest += piece
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


def _pieces(file: BinaryIO, path: Path, at_rest: AtRest) -> Iterator[bytes]:
    first = file.readline(len(_FORMAT) + 40)
    if not first.startswith(_FORMAT) or not first.endswith(b"\n"):
        raise OwnFault(BackupCode.NOT_A_BACKUP, path=path)
    id, number, mark = first[len(_FORMAT) : -1].decode("ascii", "replace"), 0, _MORE
    while mark == _MORE:
        opened = at_rest.open(_next_sealed(file), "backup", f"{id}:{number}", "piece")
        mark, number = opened[:1], number + 1
        yield opened[1:]
    if file.read(1):
        raise OwnFault(BackupCode.GOES_ON)


def _next_sealed(file: BinaryIO) -> bytes:
    length = int.from_bytes(file.read(_LENGTH), "big")
    sealed = file.read(length) if 0 < length <= LONGEST_PIECE else b""
    if not sealed or len(sealed) != length:
        raise OwnFault(BackupCode.CUT_OFF)
    return sealed
