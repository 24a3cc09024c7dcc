"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("samvik.toml")
ConfigOption = Annotated[Path, typer.Option("--config", envvar="SAMVIK_CONFIG", help="The configuration file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON and nothing else.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept in the log.")]
