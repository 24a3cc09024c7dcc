"""Options that many commands share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from engine.errors import Refused

CONFIG = Path("samvik.toml")
ConfigOption = Annotated[Path, typer.Option("--config", envvar="SAMVIK_CONFIG", help="The configuration file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON and nothing else.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept in the log.")]


def read_file(file: Path) -> bytes:
    """Return the bytes of a file that was named on the command line. Raises Refused where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from None


@contextmanager
def new_private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that did not exist, for its owner alone; where what follows fails, it is gone again.

    Raises Refused where it exists, be it as a link, or cannot be made.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise Refused(f"{path} exists already. Name a new file.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
