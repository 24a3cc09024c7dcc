"""Commands that act on one message."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import typer

from adapters.cli.look import message_app
from adapters.cli.options import CONFIG, ConfigOption, ReasonOption
from adapters.settings import Settings, load_settings
from adapters.showing.delivery_log import find_message
from adapters.showing.speech import phrase
from adapters.wiring.engine import opened_engine
from adapters.words.case_showing import NOW
from engine.commit.actor import Person, operator
from engine.commit.ports import Ports
from engine.operations.by_hand import cancel, hold, release, resend

Act = Callable[[Ports, Person, UUID, str], Awaitable[str]]


@message_app.command("resend")
def message_resend(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Send a message that came to a halt once more: the same envelope in a new mail."""
    _act(config, id, resend, reason)


@message_app.command("release")
def message_release(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Let a held message go, or have a mail in quarantine processed again."""
    _act(config, id, release, reason)


@message_app.command("cancel")
def message_cancel(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Take back a message that has not left, or discard a mail in quarantine."""
    _act(config, id, cancel, reason)


@message_app.command("hold")
def message_hold(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Keep a message that has not left from leaving, until it is released."""
    _act(config, id, hold, reason)


def _act(config: Path, id: str, act: Act, reason: str) -> None:
    """Act on the message that `id` names, and say its new state."""
    found, state = asyncio.run(_acted(load_settings(config), id, act, reason))
    typer.echo(phrase(NOW, id=found, state=state))


async def _acted(settings: Settings, id: str, act: Act, reason: str) -> tuple[UUID, str]:
    async with opened_engine(settings) as opened:
        found = await find_message(opened.desk, id)
        return found.id, await act(opened.ports, operator(getpass.getuser()), found.id, reason)
