"""The command that sends a deviation without a case."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.options import CONFIG, AttachOption, ConfigOption, JsonOption, read_file, read_files, sizes_of
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase
from adapters.showing.tables import message_row, print_json
from adapters.wiring.engine import opened_engine
from adapters.words import command_showing as words
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.names import her_id
from engine.outbound.attachments import check_sizes
from engine.records.messages import OutgoingMessage

send_app = typer.Typer()


@send_app.command()
def send(
    file: Annotated[Path, typer.Argument(help="A deviation as XML (schemas/xsd/deviation.xsd).")],
    sender: Annotated[str, typer.Option("--from", help="HER-id of a party of ours.")],
    receiver: Annotated[str, typer.Option("--to", help="HER-id of the receiver.")],
    attach: AttachOption = None,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Store and queue a deviation with the files that go along; a running node sends it."""
    message = asyncio.run(_send(load_settings(config), read_file(file), sender, receiver, attach or []))
    if as_json:
        print_json(message_row(message))
    else:
        typer.echo(phrase(words.QUEUED, id=message.id, msg_id=message.msg_id))


async def _send(settings: Settings, data: bytes, sender: str, receiver: str, attach: Sequence[Path]) -> OutgoingMessage:
    ours, theirs, sizes = her_id(sender), her_id(receiver), sizes_of(attach)
    async with opened_engine(settings) as opened:
        ports = opened.ports
        deviation = read_deviation(data, ports.policy.schemas)
        check_sizes(ports.policy, ours, theirs, sizes, ports.clock.now())
        return await submit(ports, deviation, ours, theirs, read_files(attach))
