"""The command `samvik`. Each command gathers, calls one use case and shows what came of it.

Diagnostics: exit 0 all well; 1 what was asked for is refused or found wanting; 2 the call's words or the
configuration are off. Errors go to standard error as one sentence.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb
from typing import Annotated

import typer

from adapters.cli.backup import backup_app, restore_app
from adapters.cli.case import case_app
from adapters.cli.channel import add_channel_commands
from adapters.cli.client import client_app
from adapters.cli.cpa import cpa_app
from adapters.cli.desk import alarm_app, desk_app, log_app, message_app, task_app
from adapters.cli.engines import engines_app
from adapters.cli.inbox import inbox_app
from adapters.cli.judge import judge_app
from adapters.cli.options import CONFIG, AttachOption, ConfigOption, JsonOption, read_file, read_files, sizes_of
from adapters.cli.setup import certificates_app, parties_app, pki_app
from adapters.cli.user import user_app
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import message_row, print_json
from adapters.store.migrate import migrate as run_migrations
from adapters.wiring.engine import database_url, opened_engine
from adapters.words import command_showing as words
from engine.codes.command import CommandCode
from engine.codes.statement import Statement
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.errors import OwnFault, SamvikError
from engine.names import her_id
from engine.outbound.attachments import check_sizes
from engine.records.messages import OutgoingMessage

_OURS = Path(__file__).resolve().parents[2]

app = typer.Typer(
    help="Samvik: samhandlingsavvik som signerte og krypterte meldinger.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(engines_app)
app.add_typer(desk_app)
app.add_typer(backup_app)
app.add_typer(certificates_app)
app.add_typer(judge_app)
add_channel_commands(case_app, message_app)
app.add_typer(case_app, name="case")
app.add_typer(restore_app, name="restore")
app.add_typer(client_app, name="client")
app.add_typer(cpa_app, name="cpa")
app.add_typer(inbox_app, name="inbox")
app.add_typer(message_app, name="message")
app.add_typer(task_app, name="task")
app.add_typer(alarm_app, name="alarm")
app.add_typer(log_app, name="log")
app.add_typer(parties_app, name="parties")
app.add_typer(pki_app, name="pki")
app.add_typer(user_app, name="user")


def main() -> None:
    """Run a command; what is refused becomes one sentence and an exit code."""
    try:
        app()
    except OwnFault as error:
        _fail(said(error), 2)
    except SamvikError as error:
        _fail(said(error), 1)
    except Exception as error:  # its text and a traceback could hold what people wrote; type and place are enough
        _fail(said(Statement.of(CommandCode.OUR_FAULT, kind=type(error).__name__, place=_place(error))), 1)


def _place(error: BaseException) -> str:
    """Return where in our own code an error came from: a line of a library tells nobody what to look at."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename and str(_OURS) in frame.filename]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _fail(text: str, code: int) -> None:
    print(f"samvik: {text}", file=sys.stderr)  # noqa: T201 the one sentence
    sys.exit(code)


@app.command()
def migrate(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Bring the database to this version's schema."""
    with database_url(load_settings(config)) as url:
        applied = run_migrations(url)
    if as_json:
        print_json({"applied": applied})
    else:
        typer.echo("\n".join(applied) or phrase(words.UP_TO_DATE))


@app.command()
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
