"""The one encoder: what a command writes to standard output and standard error, whatever stands behind them."""

import errno
import io
import os
import sys


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


def flushed(code: int) -> tuple[int, str]:
    """Write out what is left; return the exit code, and why standard output took nothing more, '' where it did."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
        return 1, ""
    except OSError as error:
        _give_up()
        return 1, os.strerror(error.errno or 0)
    return code, ""


def is_broken_output(error: BaseException) -> bool:
    """Say whether an error is that of a stream that nobody reads any more, or of a full disk behind it."""
    return isinstance(error, OSError) and error.filename is None and error.errno in {errno.EPIPE, errno.ENOSPC}


def _give_up() -> None:
    """Let what is still in the buffer go nowhere: Python would try once more at its end, and show a traceback."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
