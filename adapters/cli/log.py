"""Commands about the event log."""

import asyncio

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.machine.system import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import print_json
from adapters.wiring.engine import opened_engine
from adapters.words import command_showing as words
from engine.codes.statement import Statement

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
    async with opened_engine(settings) as opened:
        await opened.log.seal_events(SystemClock().now())
        return await opened.log.verify_log()
