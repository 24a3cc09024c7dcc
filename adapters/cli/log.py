"""The command that verifies the event log, apart from the one that acts: it imports much less than that one does."""

import asyncio
from contextlib import suppress

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.machine.clocks import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import print_json
from adapters.wiring.log import opened_log
from adapters.words import command_showing as words
from engine.codes.statement import Statement
from engine.errors import OwnFault

log_app = typer.Typer(help="The tamper-evident event log.", no_args_is_help=True)


@log_app.command("verify")
def log_verify(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Check the event log against its seals; exit 1 where a row was changed, removed, inserted or cut off."""
    findings = asyncio.run(_verify_log(load_settings(config)))
    if as_json:
        print_json({"findings": [said(each) for each in findings]})
    else:
        typer.echo("\n".join(map(said, findings)) or phrase(words.LOG_WHOLE))
    raise typer.Exit(1 if findings else 0)


async def _verify_log(settings: Settings) -> list[Statement]:
    async with opened_log(settings) as log:
        # What is wrong with the anchor file is a finding: it must not keep the others from being told.
        with suppress(OwnFault):
            await log.seal_events(SystemClock().now())
        return await log.verify_log()
