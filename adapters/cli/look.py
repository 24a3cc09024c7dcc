"""The command that shows one message, apart from those that act: it imports much less than they do."""

import asyncio
import getpass

import typer

from adapters.cli.listing import LIMIT, LimitOption, shown_of
from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import Settings, load_settings
from adapters.showing.delivery_log import events_of, find_messages
from adapters.showing.tables import message_row, plain, print_json, print_timeline
from adapters.wiring.desk import opened_desk
from adapters.wiring.opening import log_clock
from adapters.words import command_showing as words
from engine.commit.actor import operator
from engine.operations.partner_word import partner_word

message_app = typer.Typer(help="One message: look at it, or act on it.", no_args_is_help=True)


@message_app.command("show")
def message_show(
    id: str, config: ConfigOption = CONFIG, limit: LimitOption = LIMIT, as_json: JsonOption = False
) -> None:
    """Show everything that happened to one message, found by any of its ids or the first eight signs of one."""
    asyncio.run(_show(load_settings(config), id, limit, as_json=as_json))


async def _show(settings: Settings, id: str, limit: int, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        clock, shown = await log_clock(desk.store), []
        rows = await find_messages(desk, id, limit + 1)
        for found in shown_of(rows, limit, lambda row: str(row.id), words.CUT_SHORT):
            events = await events_of(desk, found)
            word = await partner_word(desk.store, clock, operator(getpass.getuser()), found.owner, found.id)
            row = {**message_row(found), "partner_word": word}
            shown.append({**row, "events": [plain(each.event) for each in events]})
            if not as_json:
                print_timeline(found, events, desk.registry, word)
        if as_json:
            print_json(shown)
