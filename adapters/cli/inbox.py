"""Commands for the engine's own inboxes: what came to a party, what one message says, and sending it back."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.acting import acting, as_person
from adapters.cli.listing import LIMIT, BeforeOption, LimitOption, older_than, shown_of
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, new_private_file, new_private_folder, read_text
from adapters.settings import load_settings
from adapters.showing.lookups import item_with
from adapters.showing.speech import phrase
from adapters.showing.tables import console, inbox_table, message_row, print_json
from adapters.store.lists import ALL
from adapters.wiring.desk import opened_desk
from adapters.words.case_showing import WRITTEN
from adapters.words.command_showing import SENT_BACK
from engine.codes.command import CommandCode
from engine.commit.actor import Person, owner_of
from engine.errors import Refused

if TYPE_CHECKING:
    from engine.commit.ports import Ports
    from engine.payload.attachment import Attachment

inbox_app = typer.Typer(help="The engine's own inboxes.", no_args_is_help=True)

AsOption = Annotated[str, typer.Option("--as", help="Who reads: ROLE@HER-ID, such as saksbehandler@8090101.")]


@inbox_app.command("list")
def list_items(
    who: AsOption,
    config: ConfigOption = CONFIG,
    limit: LimitOption = LIMIT,
    before: BeforeOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show what came to a party's enterprise, newest first."""
    asyncio.run(_list(config, who, limit, before, as_json=as_json))


async def _list(config: Path, who: str, limit: int, before: str, *, as_json: bool) -> None:
    async with opened_desk(load_settings(config)) as desk:
        owner = owner_of(desk, acting(config, who))
        narrowed = await older_than(before, lambda id: item_with(desk, owner, id), ALL)
        found = await desk.store.list_inbox(owner, None, limit + 1, narrowed)
        items = shown_of(found, limit, lambda item: str(item.id))
        if as_json:
            print_json(items)
        else:
            console().print(inbox_table(items, desk.registry))


@inbox_app.command("show")
def show(
    id: str,
    who: AsOption,
    out: Annotated[Path | None, typer.Option("--out", help="A new folder for the attachments.")] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Show what one message says, by its id or the first eight signs of it, and what its attachments are.

    With --out they are written, never opened, and 00-avvik.pdf where a deviation came without one. The look is logged.
    """
    from adapters.showing.cases import print_original
    from engine.files.name import safe_names
    from engine.inbox.made_pdf import MADE_FILE, made_pdf
    from engine.inbox.reading import read_item
    from engine.payload.msghead import read_msghead

    def read() -> bytes:
        return as_person(config, who, lambda ports, by: read_item(ports, by, id))

    async def read_whole(ports: "Ports", by: Person) -> tuple[bytes, list[tuple[str, "Attachment"]]]:
        document = await read_item(ports, by, id)
        made = made_pdf(ports.pdf, read_msghead(document))
        return document, [(MADE_FILE, made)] if made else []

    if out is None:
        print_original(read())
        return
    with new_private_folder(out) as folder:
        document, made = as_person(config, who, read_whole)
        for name, attachment in [*made, *safe_names(read_msghead(document).attachments)]:
            with new_private_file(folder / name) as file:
                file.write(attachment.content)
    print_original(document)
    typer.echo(phrase(WRITTEN, path=out))


class Fault(StrEnum):
    """What is wrong with a message, in words for the command line."""

    WRONG_ADDRESSEE = "wrong-addressee"
    OTHER = "other"


@inbox_app.command("feedback")
def feedback(
    id: str,
    who: AsOption,
    code: Annotated[Fault, typer.Option("--code", help="What is wrong with the message.")],
    text: Annotated[str, typer.Option("--text", help="Why; and what was passed on, to whom, if it was.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="The text, in UTF-8, instead of --text.")] = None,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Send a message back to its sender, saying what is wrong with it (HIS 1151); once a message.

    A deviation that came to the wrong addressee is thereby no case here any more.
    """
    from engine.casework.feedback_sent import send_feedback
    from engine.payload.feedback_code import FeedbackCode

    fault, said = FeedbackCode[code.name], _words(text, file)
    sent = as_person(config, who, lambda ports, by: send_feedback(ports, by, id, fault, said))
    if as_json:
        print_json(message_row(sent))
    else:
        typer.echo(phrase(SENT_BACK, id=id, her_id=sent.receiver_her, message=sent.id))


def _words(text: str, file: Path | None) -> str:
    if text and file:
        raise Refused(CommandCode.TEXT_OR_FILE)
    return read_text(file) if file else text
