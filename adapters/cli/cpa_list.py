"""The list of agreements that are kept, and what one says, apart from the commands that judge and add."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption, read_file
from adapters.machine.clocks import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.cpas import cpa_data, cpas_table, kept_row, print_cpa
from adapters.showing.tables import console, print_json
from adapters.wiring.desk import current_registry
from adapters.wiring.opening import open_store
from engine.agreements.cpa import Cpa
from engine.agreements.cpa_reading import read_cpa
from engine.codes.command import CommandCode
from engine.errors import Refused

cpa_app = typer.Typer(help="Agreements between two parties (CPA 2.0).", no_args_is_help=True)


@cpa_app.command("list")
def list_all(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """List the agreements that are kept, the newest last, and how each stands now."""
    asyncio.run(_list(load_settings(config), as_json=as_json))


async def _list(settings: Settings, *, as_json: bool) -> None:
    async with open_store(settings) as store:
        kept = (await current_registry(store))[1].cpas()
    now = SystemClock().now()
    if as_json:
        print_json([kept_row(each, now) for each in kept])
        return
    console().print(cpas_table(kept, now))


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
