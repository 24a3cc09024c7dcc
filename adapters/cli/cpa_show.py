"""The command that shows what an agreement says."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.cpa_list import cpa_app
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, read_file
from adapters.settings import Settings, load_settings
from adapters.showing.cpas import cpa_data, print_cpa
from adapters.showing.tables import print_json
from adapters.wiring.desk import current_registry
from adapters.wiring.opening import open_store
from engine.agreements.cpa import Cpa
from engine.agreements.cpa_reading import read_cpa
from engine.codes.command import CommandCode
from engine.errors import Refused


@cpa_app.command("show")
def show(
    file: Annotated[str, typer.Argument(help="A CPA as XML, or the CPAId of one that is kept.")],
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show what two parties have agreed on: Services, Actions, channels and certificates."""
    cpa = read_cpa(read_file(Path(file))) if Path(file).exists() else asyncio.run(_kept(load_settings(config), file))
    if as_json:
        print_json(cpa_data(cpa))
    else:
        print_cpa(cpa)


async def _kept(settings: Settings, id: str) -> Cpa:
    async with open_store(settings) as store:
        kept = (await current_registry(store))[1].cpas()
    found = [each.cpa for each in kept if each.cpa.id.lower() == id.lower()]
    if not found:
        raise Refused(CommandCode.NO_CPA, id=id[:64])
    return found[-1]
