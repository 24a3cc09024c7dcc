"""Commands of the operations desk: the delivery log, tasks and alarms. They import what acts only where they act."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer

from adapters.cli.acting import as_operator
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, ReasonOption
from adapters.settings import Settings, load_settings
from adapters.showing.delivery_log import log_rows
from adapters.showing.speech import phrase
from adapters.showing.tables import (
    alarms_table,
    console,
    message_row,
    messages_table,
    print_json,
    task_row,
    tasks_table,
)
from adapters.wiring.opening import opened_desk
from adapters.words import command_showing as words

desk_app = typer.Typer()
task_app = typer.Typer(help="What a person must look at.", no_args_is_help=True)
alarm_app = typer.Typer(help="What keeps failing with a partner, or with our own way out.", no_args_is_help=True)


@desk_app.command()
def messages(
    config: ConfigOption = CONFIG,
    state: Annotated[str | None, typer.Option("--state", help="Only this state, such as SENDT or KARANTENE.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the delivery log: every message in and out, newest first."""
    asyncio.run(_messages(load_settings(config), state, as_json=as_json))


async def _messages(settings: Settings, state: str | None, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        rows = await log_rows(desk, state)
        if as_json:
            print_json([message_row(row) for row in rows])
        else:
            console().print(messages_table(rows, desk.registry))


@task_app.command("list")
def task_list(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show open tasks, the most urgent first."""
    asyncio.run(_tasks(load_settings(config), as_json=as_json))


async def _tasks(settings: Settings, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        tasks = [task for owner in desk.owners for task in await desk.store.list_tasks(owner)]
        if as_json:
            print_json([task_row(task) for task in tasks])
        else:
            console().print(tasks_table(sorted(tasks, key=lambda task: task.due)))


@task_app.command("done")
def task_done(id: UUID, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Close a task; --reason says what came of it."""
    from engine.operations.by_hand import close_task

    as_operator(config, lambda ports, who: close_task(ports, who, id, reason))
    typer.echo(phrase(words.TASK_CLOSED, id=id))


@alarm_app.command("list")
def alarm_list(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show what fails, the oldest first: APEN is told to operations, OBSERVERT not yet, BEDRET is nearly over."""
    asyncio.run(_alarms(load_settings(config), as_json=as_json))


async def _alarms(settings: Settings, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        alarms = [alarm for owner in desk.owners for alarm in await desk.store.list_alarms(owner)]
        if as_json:
            print_json(alarms)
        else:
            console().print(alarms_table(sorted(alarms, key=lambda alarm: alarm.first_at), desk.registry))


@alarm_app.command("close")
def alarm_close(id: UUID, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Close an alarm by hand; should its cause fail again, another opens."""
    from engine.operations.by_hand import close_alarm

    as_operator(config, lambda ports, who: close_alarm(ports, who, id, reason))
    typer.echo(phrase(words.ALARM_CLOSED, id=id))
