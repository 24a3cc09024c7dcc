"""Commands for backups: make one, read one, restore one, and let sending go on afterwards."""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import typer

from adapters import backup
from adapters.cli.acting import as_operator
from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.machine.clocks import SystemClock
from adapters.registry.kept import from_text
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import console, message_row, messages_table, print_json
from adapters.store.migrate import require_schema
from adapters.store.postgres import PostgresStore
from adapters.wiring.engine import make_ports, opened_engine
from adapters.wiring.log import event_log
from adapters.wiring.opening import database_url, key_ring_there_is, store_under_ring
from adapters.words import command_showing as words
from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement
from engine.operations.restore import release_sending, what_is_held

FileArgument = Annotated[Path, typer.Argument(help="The backup's file.")]

backup_app = typer.Typer()
restore_app = typer.Typer(help="Bring a backup back; sending is held until its release.", no_args_is_help=True)


@backup_app.command("backup")
def make_backup(file: FileArgument, config: ConfigOption = CONFIG) -> None:
    """Write the whole database to a new file, sealed under the key ring. Nodes may run meanwhile."""
    asyncio.run(_make(load_settings(config), file))
    typer.echo(phrase(words.BACKUP_WRITTEN, file=file, size=file.stat().st_size))


async def _make(settings: Settings, file: Path) -> None:
    with database_url(settings) as url, console().status("") as status:
        require_schema(url)
        async with store_under_ring(settings, url):
            pass
        await backup.back_up(_site(settings, url), file, lambda table: status.update(f"{table} ..."))


def _site(settings: Settings, url: str) -> backup.Site:
    at_rest, clock = key_ring_there_is(settings), SystemClock()
    return backup.Site(
        url,
        at_rest,
        event_log(settings, url, at_rest),
        settings.environment.value,
        tuple(settings.parties),
        lambda register: make_ports(settings, PostgresStore(url, at_rest), from_text(register), clock),
        clock,
    )


@restore_app.command("check")
def check_backup(file: FileArgument, config: ConfigOption = CONFIG) -> None:
    """Read a backup to its end and say what it is, changing nothing."""
    header, size = backup.check(file, key_ring_there_is(load_settings(config)))
    about = {"environment": header.environment, "parties": ", ".join(header.parties), "at": header.made_at}
    typer.echo(phrase(words.BACKUP_WHOLE, file=file, **about, tables=len(header.tables), size=size))


@restore_app.command("from")
def restore_from(
    file: FileArgument,
    config: ConfigOption = CONFIG,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a database that is in use.")] = False,
) -> None:
    """Replace the whole database by a backup. Stop all nodes first; nothing is sent before `restore release`."""
    asyncio.run(_restore(load_settings(config), file, replace=replace))


async def _restore(settings: Settings, file: Path, *, replace: bool) -> None:
    with database_url(settings) as url, console().status("") as status:
        require_schema(url)
        restoration, in_doubt = await backup.restore(
            _site(settings, url), file, getpass.getuser(), lambda table: status.update(f"{table} ..."), replace=replace
        )
    typer.echo(phrase(words.RESTORED, at=restoration.backup_at, number=in_doubt))
    typer.echo(said(Statement.of(OperationsCode.SENDING_HELD)))


@restore_app.command("status")
def restore_status(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Say whether sending is held after a restore, and which messages may have been sent."""
    asyncio.run(_status(load_settings(config), as_json=as_json))


async def _status(settings: Settings, *, as_json: bool) -> None:
    async with opened_engine(settings) as opened:
        held = await what_is_held(opened.ports)
        if as_json:
            print_json({"held": held is not None, "in_doubt": [message_row(row) for row in held[1]] if held else []})
        elif held is None:
            typer.echo(phrase(words.NOTHING_HELD))
        else:
            typer.echo(phrase(words.SENDING_HELD, restored=held[0].restored_at, at=held[0].backup_at))
            console().print(messages_table(held[1], opened.ports.policy.registry))


@restore_app.command("release")
def restore_release(config: ConfigOption = CONFIG) -> None:
    """Let everything be sent again; what may have been sent goes out with the same id and bytes."""
    again = as_operator(config, release_sending)
    typer.echo(phrase(words.SENDING_RELEASED, number=len(again)))
