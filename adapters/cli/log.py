"""Commands about the event log."""

import asyncio
import getpass
from contextlib import suppress

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption, ReasonOption
from adapters.machine.system import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import print_json
from adapters.wiring.engine import opened_engine
from adapters.words import command_showing as words
from engine.codes.statement import Statement
from engine.commit.actor import need_reason, operator
from engine.errors import OwnFault
from engine.operations.anchors import note_begun

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
        # What is wrong with the anchor file is a finding: it must not keep the others from being told.
        with suppress(OwnFault):
            await opened.log.seal_events(SystemClock().now())
        return await opened.log.verify_log()


@log_app.command("anchor")
def log_anchor(reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Begin the anchor file anew where it is gone and no copy is left; --reason says why. Look at the log first."""
    seal = asyncio.run(_begin_anchor(load_settings(config), reason))
    typer.echo(phrase(words.ANCHOR_BEGUN, seal=seal))


async def _begin_anchor(settings: Settings, reason: str) -> int:
    need_reason(reason)
    async with opened_engine(settings) as opened:
        seal = await opened.log.begin_anchor(SystemClock().now())
        await note_begun(opened.ports, operator(getpass.getuser()), seal, reason)
        return seal
