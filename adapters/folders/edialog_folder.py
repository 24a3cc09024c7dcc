"""One folder of shipments on disk: in/NAME/ with what came, failed/ for what cannot be used.

Everything is opened by descriptors, and symbolic links are never followed. A shipment that has been taken is renamed to
a hidden name before it is deleted, so that one that is half deleted is never read. The next look deletes what a crash
left.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from adapters.folders.inbox import make_folder
from adapters.folders.out_folder import alone, forget_reason, reserved
from adapters.folders.overlooked import is_left_by_system
from engine.channels.edialog import MOST_FILES
from engine.codes.channel import ChannelCode
from engine.errors import Refused
from engine.files.name import clean_name

READY, METADATA = ".ready", "metadata.json"
MOST_LISTED = 10_000
MOST_METADATA = 1_000_000
FOLDER_MODE = 0o2770
_TAKEN = ".taken-"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class OpenToAll(OSError):
    """Raised for a folder that anybody may write in: its content could come from anybody."""


@dataclass(frozen=True, slots=True)
class Item:
    """A shipment that is ready, or a link, which may not be one. `id` is the same each time this one is looked at."""

    name: str
    id: str
    inode: int
    is_link: bool = False


class ShipmentFolder:
    """The folder in/ of shipments below a directory; close after use. Raises OSError where it cannot be used."""

    def __init__(self, directory: Path) -> None:
        self._home = os.open(directory, _FOLDER)
        try:
            self._in = os.open("in", _FOLDER, dir_fd=self._home)
        except OSError:
            os.close(self._home)
            raise
        if os.fstat(self._in).st_mode & stat.S_IWOTH or os.fstat(self._home).st_mode & stat.S_IWOTH:
            self.close()
            raise OpenToAll

    def close(self) -> None:
        """Give the descriptors back."""
        os.close(self._in)
        os.close(self._home)

    def items(self) -> list[Item]:
        """Return what is ready, in order of names, of the first ten thousand entries at most."""
        with os.scandir(self._in) as entries:
            names = sorted(islice((entry.name for entry in entries), MOST_LISTED))
        found = (self._item(name) for name in names if not name.startswith("."))
        return [item for item in found if item is not None]

    def others(self, most: int) -> dict[str, str]:
        """Return the first names, in order, of what is there and is no shipment that is ready, each with an id."""
        with os.scandir(self._in) as entries:
            names = sorted(islice((entry.name for entry in entries), MOST_LISTED))
        rest = (name for name in names if not is_left_by_system(name) and self._is_no_shipment(name))
        marked = ((name, self._mark(name)) for name in islice(rest, most))
        return {name: mark for name, mark in marked if mark}

    def _is_no_shipment(self, name: str) -> bool:
        return name.startswith(".") or self._item(name) is None

    def clear(self) -> None:
        """Delete shipments that were taken and are still there after a crash."""
        with os.scandir(self._in) as entries:
            left = [entry.name for entry in islice(entries, MOST_LISTED) if entry.name.startswith(_TAKEN)]
        for name in left:
            self._delete(name)

    def read(self, item: Item, most_bytes: int) -> tuple[bytes, list[tuple[str, bytes]]]:
        """Return the metadata of a shipment and its files by name, together at most `most_bytes`.

        Raises Refused for what no shipment may have, FileNotFoundError where it has gone meanwhile: another node may
        then be deleting it, and a new one with its name may not be complete yet.
        """
        try:
            return self._read(item, most_bytes)
        finally:
            if not self._is_there(item):
                raise FileNotFoundError(item.name)

    def _read(self, item: Item, most_bytes: int) -> tuple[bytes, list[tuple[str, bytes]]]:
        if item.is_link:
            raise Refused(ChannelCode.A_LINK)
        folder = os.open(item.name, _FOLDER, dir_fd=self._in)
        try:
            if os.fstat(folder).st_mode & stat.S_IWOTH:
                raise Refused(ChannelCode.OPEN_TO_ALL)
            return _content(folder, most_bytes)
        finally:
            os.close(folder)

    def remove(self, item: Item) -> None:
        """Delete a shipment that has been taken. Another that has its name by now is left where it is."""
        # Short, whatever the shipment is called: a name may have 255 bytes, and this is one.
        hidden = f"{_TAKEN}{item.inode}"
        if self._moved(item, hidden, self._in):
            os.fsync(self._in)
            self._delete(hidden)

    def fail(self, item: Item, reason: str) -> None:
        """Move a shipment to failed/ under a safe name that nothing has there, with the reason beside it.

        Another that has its name by now is left where it is.
        """
        with suppress(FileExistsError):
            os.mkdir("failed", 0o750, dir_fd=self._home)
        failed = os.open("failed", _FOLDER, dir_fd=self._home)
        try:
            target = reserved(failed, _names(item.name), reason)
            if not self._moved(item, target, failed):
                forget_reason(failed, target)
            os.fsync(failed)
        finally:
            os.close(failed)

    def _moved(self, item: Item, name: str, folder: int) -> bool:
        """Rename a shipment into a folder; False where its name does not stand for it any more."""
        with alone(self._in), suppress(FileNotFoundError):
            if self._is_there(item):
                os.rename(item.name, name, src_dir_fd=self._in, dst_dir_fd=folder)
                return True
        return False

    def _delete(self, name: str) -> None:
        """Delete an entry by its name. Another node may be doing the same."""
        with suppress(FileNotFoundError):
            if stat.S_ISDIR(os.stat(name, dir_fd=self._in, follow_symlinks=False).st_mode):
                shutil.rmtree(name, dir_fd=self._in)
            else:
                os.unlink(name, dir_fd=self._in)

    def _mark(self, name: str) -> str:
        """Return an id that changes when something is put into an entry or taken out; '' where it is gone."""
        try:
            found = os.stat(name, dir_fd=self._in, follow_symlinks=False)
        except OSError:
            return ""
        return f"{name}/{found.st_ino}/{found.st_size}/{found.st_mtime_ns}"

    def _is_there(self, item: Item) -> bool:
        """True where a name still stands for the same shipment that was looked at.

        Its inode alone does not tell: the next folder of the name often gets it.
        """
        return self._item(item.name) == item

    def _item(self, name: str) -> Item | None:
        try:
            own = os.stat(name, dir_fd=self._in, follow_symlinks=False)
            if stat.S_ISLNK(own.st_mode):
                return Item(name, f"{name}/{own.st_ino}", own.st_ino, is_link=True)
            folder = os.open(name, _FOLDER, dir_fd=self._in)
        except OSError:
            return None  # a file, or gone: neither is a shipment
        try:
            ready = os.stat(READY, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return None
        finally:
            os.close(folder)
        return Item(name, f"{name}/{own.st_ino}/{ready.st_ino}/{ready.st_mtime_ns}", own.st_ino)


def make_shipment_folders(directory: Path) -> None:
    """Make in/ and out/ below a directory, for owner and group; leave what is there as it is."""
    for name in ("in", "out"):
        folder = directory / name
        if not folder.is_dir():
            make_folder(directory)
            make_folder(folder)
            folder.chmod(FOLDER_MODE)


def _content(folder: int, most_bytes: int) -> tuple[bytes, list[tuple[str, bytes]]]:
    with os.scandir(folder) as entries:
        listed = [entry.name for entry in islice(entries, MOST_LISTED + 1)]
    names = sorted(name for name in listed if not name.startswith(".") and not is_left_by_system(name))
    if len(listed) > MOST_LISTED:
        raise Refused(ChannelCode.TOO_MANY_ENTRIES)
    if METADATA not in names:
        raise Refused(ChannelCode.NO_METADATA)
    if len(names) > MOST_FILES + 1:
        raise Refused(ChannelCode.TOO_MANY_FILES, most=MOST_FILES)
    metadata = _read(folder, METADATA, MOST_METADATA)
    files: list[tuple[str, bytes]] = []
    for name in names:
        if name != METADATA:
            files.append((name, _read(folder, name, most_bytes)))
            most_bytes -= len(files[-1][1])
    return metadata, files


def _read(folder: int, name: str, most_bytes: int) -> bytes:
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError:
        raise Refused(ChannelCode.CANNOT_OPEN) from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise Refused(ChannelCode.NO_PLAIN_FILE)
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(most_bytes + 1) if found.st_size <= most_bytes else b""
    if found.st_size > most_bytes:
        raise Refused(ChannelCode.TOO_LARGE)
    if len(data) > most_bytes:
        raise Refused(ChannelCode.TOO_LARGE)
    return data


def _names(name: str) -> Iterator[str]:
    plain = clean_name(name)
    yield plain
    yield from (f"{plain}~{number}" for number in count(2))
