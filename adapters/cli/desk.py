"""Commands of the operations desk: the delivery log, tasks and alarms. They import what acts only where they act."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from adapters.cli.acting import as_operator
from adapters.cli.listing import LIMIT, BeforeOption, LimitOption, older_than, shown_of
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, ReasonOption
from adapters.settings import Settings, load_settings
from adapters.showing.delivery_log import log_rows
from adapters.showing.lookups import find_alarm, find_task, message_with
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
from adapters.store.lists import ALL
from adapters.wiring.desk import Desk, opened_desk
from adapters.words import command_showing as words

Find = Callable[[Desk, str], Awaitable[UUID]]
Close = Callable[[Any, Any, UUID, str], Awaitable[None]]

desk_app = typer.Typer()
task_app = typer.Typer(help="What a person must look at.", no_args_is_help=True)
alarm_app = typer.Typer(help="What keeps failing with a partner, or with our own way out.", no_args_is_help=True)


@desk_app.command()
def messages(
    config: ConfigOption = CONFIG,
    state: Annotated[str | None, typer.Option("--state", help="Only this state, such as SENDT or KARANTENE.")] = None,
    limit: LimitOption = LIMIT,
    before: BeforeOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show the delivery log: every message in and out, newest first."""
    asyncio.run(_messages(load_settings(config), state, limit, before, as_json=as_json))


async def _messages(settings: Settings, state: str | None, limit: int, before: str, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        narrowed = await older_than(before, lambda id: message_with(desk, id), ALL)
        found = await log_rows(desk, state, limit + 1, narrowed)
        rows = shown_of(found, limit, lambda row: str(row.id))
        if as_json:
            print_json([message_row(row) for row in rows])
        else:
            console().print(messages_table(rows, desk.registry))


@task_app.command("list")
def task_list(config: ConfigOption = CONFIG, limit: LimitOption = LIMIT, as_json: JsonOption = False) -> None:
    """Show open tasks, the most urgent first."""
    asyncio.run(_tasks(load_settings(config), limit, as_json=as_json))


async def _tasks(settings: Settings, limit: int, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        found = [task for owner in desk.owners for task in await desk.store.list_tasks(owner, most=limit + 1)]
        urgent = sorted(found, key=lambda task: task.due)
        tasks = shown_of(urgent, limit, lambda task: str(task.id), words.CUT_SHORT)
        if as_json:
            print_json([task_row(task) for task in tasks])
        else:
            console().print(tasks_table(tasks))


@task_app.command("done")
def task_done(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Close a task, by its id or the first eight signs of it; --reason says what came of it."""
    from engine.operations.by_hand import close_task

    typer.echo(phrase(words.TASK_CLOSED, id=_closed(config, id, find_task, close_task, reason)))


def _closed(config: Path, id: str, find: Find, close: Close, reason: str) -> UUID:
    """Close what `id`, or the beginning of it, names; return its id."""
    found = asyncio.run(_found(load_settings(config), id, find))
    as_operator(config, lambda ports, who: close(ports, who, found, reason))
    return found


async def _found(settings: Settings, id: str, find: Find) -> UUID:
    async with opened_desk(settings) as desk:
        return await find(desk, id)


@task_app.command("release")
def task_release(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Have every mail of the pile that a task is about processed again; --reason says why."""
    from engine.states.inbound import InboundEvent

    _move_pile(config, id, InboundEvent.RELEASE, reason)


@task_app.command("discard")
def task_discard(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Throw away every mail of the pile that a task is about; --reason says why."""
    from engine.states.inbound import InboundEvent

    _move_pile(config, id, InboundEvent.DISCARD, reason)


def _move_pile(config: Path, id: str, event: Any, reason: str) -> None:  # noqa: ANN401 an event, not imported here
    from engine.operations.by_hand import move_pile

    task = asyncio.run(_found(load_settings(config), id, find_task))
    number = as_operator(config, lambda ports, who: move_pile(ports, who, task, event, reason))
    typer.echo(phrase(words.PILE_MOVED, number=number, id=task))


@alarm_app.command("list")
def alarm_list(config: ConfigOption = CONFIG, limit: LimitOption = LIMIT, as_json: JsonOption = False) -> None:
    """Show what fails, the oldest first: APEN is told to operations, OBSERVERT not yet, BEDRET is nearly over."""
    asyncio.run(_alarms(load_settings(config), limit, as_json=as_json))


async def _alarms(settings: Settings, limit: int, *, as_json: bool) -> None:
    async with opened_desk(settings) as desk:
        found = [alarm for owner in desk.owners for alarm in await desk.store.list_alarms(owner, most=limit + 1)]
        oldest = sorted(found, key=lambda alarm: alarm.first_at)
        alarms = shown_of(oldest, limit, lambda alarm: str(alarm.id), words.CUT_SHORT)
        if as_json:
            print_json(alarms)
        else:
            console().print(alarms_table(alarms, desk.registry))


@alarm_app.command("close")
def alarm_close(id: str, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Close an alarm by hand, by its id or the first eight signs of it; should its cause fail again, another opens."""
    from engine.operations.by_hand import close_alarm

    typer.echo(phrase(words.ALARM_CLOSED, id=_closed(config, id, find_alarm, close_alarm, reason)))
