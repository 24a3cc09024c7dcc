"""Commands about one message: look at it, or act on it."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import typer

from adapters.cli.listing import LIMIT, LimitOption, shown_of
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, ReasonOption
from adapters.settings import Settings, load_settings
from adapters.showing.delivery_log import events_of, find_message, find_messages
from adapters.showing.speech import phrase
from adapters.showing.tables import message_row, plain, print_json, print_timeline
from adapters.wiring.engine import opened_engine
from adapters.words import command_showing as words
from adapters.words.case_showing import NOW
from engine.commit.actor import Person, operator
from engine.commit.ports import Ports
from engine.operations.by_hand import cancel, hold, partner_word, release, resend

Act = Callable[[Ports, Person, UUID, str], Awaitable[str]]

message_app = typer.Typer(help="One message: look at it, or act on it.", no_args_is_help=True)


@message_app.command("show")
def message_show(
    id: str, config: ConfigOption = CONFIG, limit: LimitOption = LIMIT, as_json: JsonOption = False
) -> None:
    """Show everything that happened to one message, found by any of its ids or the first eight signs of one."""
    asyncio.run(_show(load_settings(config), id, limit, as_json=as_json))


async def _show(settings: Settings, id: str, limit: int, *, as_json: bool) -> None:
    async with opened_engine(settings) as opened:
        shown = []
        rows = await find_messages(opened.desk, id, limit + 1)
        for found in shown_of(rows, limit, lambda row: str(row.id), words.CUT_SHORT):
            events = await events_of(opened.desk, found)
            word = await partner_word(opened.ports, operator(getpass.getuser()), found.owner, found.id)
            row = {**message_row(found), "partner_word": word}
            shown.append({**row, "events": [plain(each.event) for each in events]})
            if not as_json:
                print_timeline(found, events, opened.ports.policy.registry, word)
        if as_json:
            print_json(shown)


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
