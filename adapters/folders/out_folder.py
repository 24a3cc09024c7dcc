"""One party's out folder on disk: listing, reading, deleting and setting aside files that somebody else put there.

Everything goes by descriptors of the folders and never follows a symbolic link, so that nobody who may write in out/
leads us elsewhere. A file is deleted or moved only while it is the one that was read.
"""

import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from adapters.folders.inbox import make_folder
from adapters.folders.overlooked import is_left_by_system
from engine.codes.record_system import RecordSystemCode
from engine.errors import SamvikError

MOST_LISTED = 10_000
LONGEST_NAME = 100
REASON = ".reason.txt"
_ENDING = ".xml"
OUT_MODE = 0o2770
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe that nobody writes to would hold an ordinary open for ever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_UNSAFE = re.compile(r"[^A-Za-z0-9ÆØÅæøå._-]+")


class Unusable(SamvikError):
    """Raised when what stands in out/ is no file that can be read."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a file from another of the same name, and from itself before it changed."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int
    mode: int

    def told(self, name: str) -> str:
        """Return a text that is the same each time this very file is looked at, wherever from."""
        return f"{name}/{self.inode}/{self.size}/{self.modified}"


class OutFolder:
    """The out folder of one party below a root; close after use. Raises OSError where it cannot be opened."""

    def __init__(self, root: Path, her_id: str) -> None:
        self._home = os.open(root / her_id, _FOLDER)
        try:
            self._out = os.open("out", _FOLDER, dir_fd=self._home)
        except OSError:
            os.close(self._home)
            raise

    def close(self) -> None:
        """Give the descriptors back."""
        os.close(self._out)
        os.close(self._home)

    def names(self) -> list[str]:
        """Return the names of what is there to take, in order, of the first ten thousand entries at most."""
        with os.scandir(self._out) as entries:
            seen = (entry.name for entry in entries)
            return sorted(islice(filter(_is_wanted, seen), MOST_LISTED))

    def others(self, most: int) -> dict[str, Mark]:
        """Return the first names, in order, of what is there and is not to take, each with what it is known by."""
        with os.scandir(self._out) as entries:
            rest = (name for name in (entry.name for entry in entries) if not _is_wanted(name))
            names = sorted(islice((name for name in rest if not is_left_by_system(name)), MOST_LISTED))
        marked = ((name, self.mark(name)) for name in names[:most])
        return {name: mark for name, mark in marked if mark is not None}

    def mark(self, name: str) -> Mark | None:
        """Return what a file is known by, None where it is gone."""
        try:
            return _mark(os.stat(name, dir_fd=self._out, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def read(self, name: str, mark: Mark, most_bytes: int) -> bytes:
        """Return the content of a file that is still the one that was marked.

        Raises Unusable for what is no ordinary file, empty, larger than `most_bytes` or closed to us; then nothing
        was read. Raises FileNotFoundError where it has gone or changed meanwhile: the next look sees it anew.
        """
        if not stat.S_ISREG(mark.mode):
            raise Unusable(RecordSystemCode.NO_ORDINARY_FILE)
        if mark.size > most_bytes:
            raise Unusable(RecordSystemCode.FILE_TOO_LARGE, size=mark.size, most=most_bytes)
        if mark.size == 0:
            raise Unusable(RecordSystemCode.FILE_EMPTY)
        try:
            descriptor = os.open(name, _FILE, dir_fd=self._out)
        except PermissionError:
            raise Unusable(RecordSystemCode.FILE_CLOSED) from None
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO}:
                raise FileNotFoundError(name) from None
            raise
        with os.fdopen(descriptor, "rb") as file:
            if _mark(os.fstat(descriptor)) != mark:
                raise FileNotFoundError(name)
            data = file.read(mark.size + 1)
        if len(data) != mark.size:
            raise FileNotFoundError(name)
        return data

    def remove(self, name: str, mark: Mark) -> None:
        """Delete a file, if it is still the one that was marked."""
        with alone(self._out):
            if self.mark(name) != mark:
                return
            os.unlink(name, dir_fd=self._out)
        os.fsync(self._out)

    def fail(self, name: str, mark: Mark, reason: str) -> None:
        """Move a file to failed/ under a safe name that nothing has there, with the reason beside it.

        The reason is written first: a file in failed/ always has one. Moving again after a crash finds it.
        """
        with suppress(FileExistsError):
            os.mkdir("failed", 0o750, dir_fd=self._home)
        failed = os.open("failed", _FOLDER, dir_fd=self._home)
        try:
            target = reserved(failed, safe_names(name), reason)
            self._move(name, mark, failed, target)
        finally:
            os.fsync(failed)
            os.close(failed)

    def _move(self, name: str, mark: Mark, failed: int, target: str) -> None:
        try:
            with alone(self._out):
                if self.mark(name) != mark:
                    raise FileNotFoundError(name)
                os.rename(name, target, src_dir_fd=self._out, dst_dir_fd=failed)
        except FileNotFoundError:
            forget_reason(failed, target)


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(_ENDING) and not name.startswith(".")


@contextmanager
def alone(folder: int) -> Iterator[None]:
    """Let no other node delete or move anything in a folder, where its file system has locks for folders.

    Else a name that another node frees between a look and a step may be given to something new, which is lost then.
    """
    with suppress(OSError):
        fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_UN)


def make_folders(root: Path, her_id: str) -> None:
    """Make a party's in/, where the group may read, and out/, where it may write; leave what is there as it is.

    Files in out/ take its group, so that the engine may read those of a record system whose own group is another.
    """
    for name in ("in", "out"):
        folder = root / her_id / name
        if not folder.is_dir():
            make_folder(root / her_id)
            make_folder(folder)
            if name == "out":
                folder.chmod(OUT_MODE)


def safe_names(name: str) -> Iterator[str]:
    """Yield names that no reader or shell can misread, the plainest first."""
    stem = name[: -len(_ENDING)] if name.lower().endswith(_ENDING) else name
    plain = _UNSAFE.sub("_", stem).lstrip(".-")[:LONGEST_NAME] or "fil"
    yield f"{plain}.xml"
    yield from (f"{plain}~{number}.xml" for number in count(2))


def _mark(found: os.stat_result) -> Mark:
    return Mark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)


def reserved(failed: int, names: Iterator[str], reason: str) -> str:
    """Take a free name in failed/ by writing the reason there; one with this very reason was taken before a crash."""
    for target in names:
        if _exists(failed, target):
            continue
        if _write(failed, target + REASON, reason) or _content(failed, target + REASON) == reason:
            return target
    raise AssertionError("names never run out")


def forget_reason(failed: int, target: str) -> None:
    """Take a reason away that stands alone: another node moved what it is about first, or its owner took it back."""
    if not _exists(failed, target):
        with suppress(FileNotFoundError):
            os.unlink(target + REASON, dir_fd=failed)


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _write(folder: int, name: str, text: str) -> bool:
    """Write a new file durably; False where there is one of that name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(name, flags, 0o640, dir_fd=folder)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    return True


def _content(folder: int, name: str) -> str:
    try:
        with os.fdopen(os.open(name, _FILE, dir_fd=folder), "rb") as file:
            return file.read(10_000).decode("utf-8", "replace")
    except OSError:
        return ""
