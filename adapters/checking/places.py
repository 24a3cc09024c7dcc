"""Folders, ports and disks of this machine, as the settings name them. Nothing is made or changed."""

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from adapters.settings import Settings
from engine.operations.premises import Folder


def folders_of(settings: Settings) -> Iterator[Folder]:
    """Yield the folders that an engine reads and writes, and the one of its keys."""
    yield _looked_at("data_dir", settings.data_dir, writes=True)
    yield _looked_at("inbox_dir", settings.inbox_dir, writes=True)
    for each in settings.edialog:
        yield _looked_at(f"edialog {each.name}", each.directory, writes=True)
    yield _looked_at("keys.directory", settings.keys.directory, writes=False)


def _looked_at(setting: str, path: Path, *, writes: bool) -> Folder:
    try:
        mode = path.stat().st_mode & 0o7777
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except FileNotFoundError:
        error = "" if _may(_nearest(path), writes=True) else os.strerror(errno.EACCES)
        return Folder(setting, str(path), None, error)
    except OSError as error:
        return Folder(setting, str(path), None, error.strerror or "")
    return Folder(setting, str(path), mode, "" if _may(path, writes=writes) else os.strerror(errno.EACCES))


def _nearest(path: Path) -> Path:
    """Return the nearest folder above a path that is there."""
    return next(each for each in path.absolute().parents if each.exists())


def _may(path: Path, *, writes: bool) -> bool:
    return path.is_dir() and os.access(path, os.R_OK | os.X_OK | (os.W_OK if writes else 0))


def ports_of(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """Yield section, address and port of everything that a node listens on."""
    yield "listen", settings.listen.host, settings.listen.port
    if settings.web.enabled or settings.api.enabled:
        yield "web", settings.web.host, settings.web.port


def is_taken(host: str, port: int) -> bool:
    """Say whether another program listens on a port. Raises OSError where the address is none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise
    return False


def free_bytes(path: Path) -> int:
    """Return how much may still be written to the disk of a folder, or of the nearest above it that is there."""
    return shutil.disk_usage(path if path.exists() else _nearest(path)).free
