"""The command that shows certificates."""

import asyncio

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import Settings, load_settings
from adapters.showing.certificates import certificate_row, certificates_table
from adapters.showing.tables import console, print_json
from adapters.wiring.desk import opened_desk
from adapters.wiring.opening import database_clock
from adapters.wiring.trust import known_at_sight
from engine.operations.certificates import standings

certificates_app = typer.Typer()


@certificates_app.command("certificates")
def certificates(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the certificates of the register and of our issuers, those first that run out first."""
    asyncio.run(_certificates(load_settings(config), as_json=as_json))


async def _certificates(settings: Settings, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        now = (await database_clock(desk.store)).now()
        rows = standings(known_at_sight(settings, desk.registry), now)
    if as_json:
        print_json([certificate_row(row, now) for row in rows])
    else:
        console().print(certificates_table(rows, now))
