"""The list of agreements that are kept, apart from the commands that read or judge one, or add it."""

import asyncio

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.machine.clocks import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.cpas import cpas_table, kept_row
from adapters.showing.tables import console, print_json
from adapters.wiring.desk import current_registry
from adapters.wiring.opening import open_store

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
