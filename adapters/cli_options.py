"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

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
