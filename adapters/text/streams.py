"""The one encoder: what a command writes to standard output and standard error, whatever stands behind them."""

import errno
import io
import os
import sys

_OF_OUTPUT = {errno.EPIPE, errno.ENOSPC, errno.EIO}


def prepare() -> None:
    """Let no sign that a terminal lacks stop a command: it is shown as `?`. A closed stream takes everything."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 open until the process ends
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def write_utf8(text: str) -> None:
    """Write a line to standard output in UTF-8, for a program, whatever the terminal's encoding is."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        print(text)  # noqa: T201 the output of a command
        return
    sys.stdout.flush()
    raw.write(f"{text}\n".encode("utf-8", "backslashreplace"))


def flush() -> None:
    """Write out what is left. Raises OSError where standard output takes nothing more."""
    sys.stdout.flush()


def given_up(error: BaseException) -> str | None:
    """Return why standard output takes nothing more, '' where nobody reads it; None for an error of another kind.

    What is still to be written then goes nowhere: Python would try once more at its end, and show a traceback.
    """
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _OF_OUTPUT:
        return None
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return "" if error.errno == errno.EPIPE else os.strerror(error.errno)
