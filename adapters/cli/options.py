"""Options that many commands share."""

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from adapters.text.decoding import text_of
from engine.codes.disk import DiskCode
from engine.errors import Refused

CONFIG = Path("samvik.toml")
ConfigOption = Annotated[Path, typer.Option("--config", envvar="SAMVIK_CONFIG", help="The configuration file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON and nothing else.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept in the log.")]


AttachOption = Annotated[
    list[Path] | None, typer.Option("--attach", help="A file that goes along: PDF or picture. Again for more files.")
]


def sizes_of(files: Sequence[Path]) -> list[tuple[str, int]]:
    """Return name and bytes of files without reading them. Raises Refused where one is none that can be read."""
    found: list[tuple[str, int]] = []
    for file in files:
        try:
            status = file.stat()
        except OSError as error:
            raise Refused(DiskCode.NOT_READ, path=file, error=error.strerror) from None
        if not stat.S_ISREG(status.st_mode):
            raise Refused(DiskCode.NO_FILE, path=file)
        found.append((file.name, status.st_size))
    return found


def read_text(file: Path) -> str:
    """Return the text of a file that was named on the command line. Raises Refused where it is not UTF-8."""
    return text_of(read_file(file), file)


def read_files(files: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Return name and content of files. Raises Refused where one cannot be read."""
    return [(file.name, read_file(file)) for file in files]


def read_file(file: Path) -> bytes:
    """Return the bytes of a file that was named on the command line. Raises Refused where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(DiskCode.NOT_READ, path=file, error=error.strerror) from None


@contextmanager
def new_private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that did not exist, for its owner alone; where what follows fails, it is gone again.

    Raises Refused where it exists, be it as a link, or cannot be made.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise Refused(DiskCode.EXISTS, path=path) from None
    except OSError as error:
        raise Refused(DiskCode.NOT_WRITTEN, path=path, error=error.strerror) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def new_private_folder(path: Path) -> Iterator[Path]:
    """Make a folder that did not exist, for its owner alone; where what follows fails, it is gone with what is in it.

    Raises Refused where something is there already, or it cannot be made.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        raise Refused(DiskCode.EXISTS, path=path) from None
    except OSError as error:
        raise Refused(DiskCode.NOT_WRITTEN, path=path, error=error.strerror) from None
    try:
        yield path
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
