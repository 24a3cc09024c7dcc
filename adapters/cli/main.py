"""The command `samvik`. Each command gathers, calls one use case and shows what came of it.

Diagnostics: exit 0 all well; 1 what was asked for is refused or found wanting, or nobody reads the output; 2 the call's
words or the configuration are off. Errors go to standard error as one sentence.
"""

import errno
import os
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Annotated

import typer

from adapters.cli.commands import LazyCommands
from adapters.text import streams

_OUTSIDE = {
    errno.EACCES,
    errno.EPERM,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENOSPC,
    errno.EROFS,
    errno.EDQUOT,
}
"""What the machine refuses a path for: its owner can mend that, and it is no fault of ours."""
_OURS = Path(__file__).resolve().parents[2]

app = typer.Typer(
    cls=LazyCommands,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"samvik {version('samvik')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Say which version this is.")
    ] = False,
) -> None:
    """Samvik: samhandlingsavvik som signerte og krypterte meldinger."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def main() -> None:
    """Run a command; what is refused becomes one sentence and an exit code."""
    streams.prepare()
    try:
        code = _run()
        streams.flush()
    except Exception as error:  # its text and a traceback could hold what people wrote; type and place are enough
        why = streams.given_up(error)
        text, code = _words_for(error) if why is None else (_about_output(why) if why else "", 1)
        if text:
            print(f"samvik: {text}", file=sys.stderr)  # noqa: T201 the one sentence
    sys.exit(code)


def _run() -> int:
    """Run the command that the words of the call name; return its exit code."""
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _about_output(why: str) -> str:
    from adapters.showing.speech import said
    from engine.codes.disk import DiskCode
    from engine.codes.statement import Statement

    return said(Statement.of(DiskCode.OUTPUT_NOT_WRITTEN, error=why))


def _words_for(error: Exception) -> tuple[str, int]:
    """Return the sentence about an error, and the exit code."""
    from adapters.showing.speech import said
    from engine.codes.command import CommandCode
    from engine.codes.disk import DiskCode
    from engine.codes.statement import Statement
    from engine.errors import OwnFault, SamvikError

    if isinstance(error, SamvikError):
        return said(error), 2 if isinstance(error, OwnFault) else 1
    if isinstance(error, OSError) and error.errno in _OUTSIDE and os.path.isabs(error.filename or ""):
        return said(Statement.of(DiskCode.NOT_USED, path=error.filename, error=error.strerror)), 2
    return said(Statement.of(CommandCode.OUR_FAULT, kind=type(error).__name__, place=_place(error))), 1


def _place(error: BaseException) -> str:
    """Return where in our own code an error came from: a line of a library tells nobody what to look at."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename and str(_OURS) in frame.filename]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
