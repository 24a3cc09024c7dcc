"""The one encoder: what a command writes to standard output and standard error, whatever stands behind them."""

import errno
import io
import os
import sys
from collections.abc import Iterable
from typing import Any

from adapters.text.printable import harmless

_OF_OUTPUT = {errno.EPIPE, errno.ENOSPC, errno.EIO}


def prepare() -> None:
    """Let no sign that a terminal lacks stop a command, and none that it would obey through.

    What it lacks is shown as `?`, what it would obey is written out. A closed stream takes everything.
    """
    sys.stdout, sys.stderr = _prepared(sys.stdout), _prepared(sys.stderr)


def _prepared(stream: Any) -> Any:  # noqa: ANN401 whatever a program put there
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 open until the process ends
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream if isinstance(stream, _Harmless) else _Harmless(stream)


class _Harmless:
    """A stream that lets no sign through that a terminal would obey, unless it is a colour of ours."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 whatever a program put there
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; return its length."""
        self._stream.write(harmless(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write some texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever a stream has
        return getattr(self._stream, name)


def write_utf8(text: str) -> None:
    """Write a line to standard output in UTF-8, for a program, whatever the terminal's encoding is."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        print(text)  # noqa: T201 the output of a command
        return
    sys.stdout.flush()
    raw.write(f"{harmless(text)}\n".encode("utf-8", "backslashreplace"))


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
