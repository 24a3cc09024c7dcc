"""Commands for what goes by other channels than messages: post, phone, a form, eDialog."""

import asyncio
import getpass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from adapters.cli.acting import as_person
from adapters.cli.case import take_step
from adapters.cli.case_list import AsOption, case_app
from adapters.cli.look import message_app
from adapters.cli.options import (
    CONFIG,
    AttachOption,
    ConfigOption,
    JsonOption,
    ReasonOption,
    her_id_of,
    new_private_file,
    new_private_folder,
    read_files,
    read_text,
    sizes_of,
)
from adapters.settings import load_settings
from adapters.showing.delivery_log import find_message
from adapters.showing.speech import phrase
from adapters.store.session import uuid_in
from adapters.text.decoding import standard_input
from adapters.wiring.engine import Engine, opened_engine
from adapters.words import case_showing as words
from engine.case.channel import Channel
from engine.case.record import Case
from engine.casework import steps
from engine.casework.letters import read_letter
from engine.casework.originals import files_that_came
from engine.channels.registering import register_received
from engine.codes.command import CommandCode
from engine.commit.actor import Person, operator
from engine.commit.ports import Ports
from engine.errors import Refused
from engine.names import OUTSIDE
from engine.operations.by_hand import deliver_otherwise
from engine.outbound.attachments import check_sizes

MOST_TEXT = 200_000
_DAY = ["%Y-%m-%d"]

ChannelOption = Annotated[Channel | None, typer.Option("--channel", help="How it came, when not as a message.")]


@case_app.command("register")
def register(
    who: AsOption,
    number: Annotated[str, typer.Argument(help="A case that waits to be judged; none with --channel.")] = "",
    channel: ChannelOption = None,
    received: Annotated[
        datetime | None, typer.Option("--received", formats=_DAY, help="The day that it came; the clock starts then.")
    ] = None,
    sender: Annotated[str, typer.Option("--from", help="HER-id of who sent it; - for one without.")] = "",
    title: Annotated[str, typer.Option("--title", help="What it is about.")] = "",
    text: Annotated[
        Path | None, typer.Option("--text", help="A file with what it says, in UTF-8; - reads standard input.")
    ] = None,
    attach: AttachOption = None,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Confirm that what came from outside Samvik is a deviation; with --channel, register one that came otherwise."""
    if channel is None:
        if not number:
            raise Refused(CommandCode.NAME_A_CASE)
        take_step(config, who, lambda ports, by: steps.register(ports, by, number), as_json=as_json)
        return
    if number or received is None or not (sender and title) or text is None:
        raise Refused(CommandCode.NO_NUMBER_YET)
    day, told, sizes = received.date(), (title, _text_of(text)), sizes_of(attach or [])

    async def step(ports: Ports, by: Person) -> Case:
        theirs = OUTSIDE if sender == OUTSIDE else her_id_of("--from", sender)
        check_sizes(ports.policy, by.her_id, theirs, sizes, ports.clock.now())
        return await register_received(ports, by, channel, day, theirs, told, read_files(attach or []))

    take_step(config, who, step, as_json=as_json)


@case_app.command("files")
def files(
    number: str,
    who: AsOption,
    out: Annotated[Path, typer.Option("--out", help="A new folder for the files.")],
    reason: ReasonOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Write all that came with a case by another channel; it may name a patient. Who looked, and why, is logged."""
    with new_private_folder(out) as folder:
        for name, content in as_person(config, who, lambda ports, by: files_that_came(ports, by, number, reason)):
            with new_private_file(folder / name) as file:
                file.write(content)
    typer.echo(phrase(words.WRITTEN, path=out))


@case_app.command("letter")
def letter(
    id: UUID,
    who: AsOption,
    out: Annotated[Path, typer.Option("--out", help="A new file for the PDF.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Write an answer that goes by another channel, to send it. The look is logged."""
    with new_private_file(out) as file:
        file.write(as_person(config, who, lambda ports, by: read_letter(ports, by, id)))
    typer.echo(phrase(words.LETTER_WRITTEN, path=out, id=id))


@message_app.command("delivered")
def delivered(
    id: str,
    channel: Annotated[Channel, typer.Option("--channel", help="How it was delivered.")],
    at: Annotated[datetime, typer.Option("--at", formats=_DAY, help="The day that it was delivered, in Oslo.")],
    reason: ReasonOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Note that a message, or an answer, was delivered by another channel; a deviation's clock starts that day."""
    typer.echo(asyncio.run(_delivered(config, id, channel, at.date(), reason)))


async def _delivered(config: Path, id: str, channel: Channel, on: date, reason: str) -> str:
    async with opened_engine(load_settings(config)) as opened:
        found = await _id_of(opened, id)
        who = operator(getpass.getuser())
        state = await deliver_otherwise(opened.ports, who, found, channel, on, reason)
        return phrase(words.NOW, id=found, state=state)


async def _id_of(opened: Engine, id: str) -> UUID:
    """Return the own id of the message that has `id` among its ids; else `id` is the id of an answer."""
    try:
        return (await find_message(opened.desk, id)).id
    except Refused:
        if uuid_in(id) is None:
            raise
        return UUID(id)


def _text_of(file: Path) -> str:
    if str(file) == "-":
        return standard_input(MOST_TEXT).strip()
    return read_text(file).strip()
