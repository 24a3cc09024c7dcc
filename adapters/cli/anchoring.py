"""The command that begins the anchor file of the event log anew."""

import asyncio
import getpass

import typer

from adapters.cli.log import log_app
from adapters.cli.options import CONFIG, ConfigOption, ReasonOption
from adapters.machine.clocks import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase
from adapters.wiring.engine import opened_engine
from adapters.words import command_showing as words
from engine.commit.actor import operator
from engine.commit.reason import need_reason
from engine.operations.anchors import note_begun


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
