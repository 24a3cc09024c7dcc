"""Commands of the operations desk: the delivery log, one message, tasks, and the event log."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from adapters.cli.acting import as_operator
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, ReasonOption
from adapters.machine.system import SystemClock
from adapters.settings import Settings, load_settings
from adapters.showing.delivery_log import events_of, find_message, find_messages, log_rows
from adapters.showing.speech import phrase, said
from adapters.showing.tables import (
    alarms_table,
    console,
    message_row,
    messages_table,
    plain,
    print_json,
    print_timeline,
    task_row,
    tasks_table,
)
from adapters.wiring.engine import opened_engine
from adapters.words import command_showing as words
from adapters.words.case_showing import NOW
from engine.codes.statement import Statement
from engine.commit.actor import Person, need_reason, operator
from engine.commit.ports import Ports
from engine.errors import OwnFault
from engine.operations.anchors import note_begun
from engine.operations.by_hand import (
    cancel,
    close_alarm,
    close_task,
    hold,
    move_pile,
    owners,
    partner_word,
    release,
    resend,
)
from engine.states.inbound import InboundEvent

Act = Callable[[Ports, Person, UUID, str], Awaitable[str]]

desk_app = typer.Typer()
message_app = typer.Typer(help="One message: look at it, or act on it.", no_args_is_help=True)
task_app = typer.Typer(help="What a person must look at.", no_args_is_help=True)
alarm_app = typer.Typer(help="What keeps failing with a partner, or with our own way out.", no_args_is_help=True)
log_app = typer.Typer(help="The tamper-evident event log.", no_args_is_help=True)


@desk_app.command()
def messages(
    config: ConfigOption = CONFIG,
    state: Annotated[str | None, typer.Option("--state", help="Only this state, such as SENDT or KARANTENE.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the delivery log: every message in and out, newest first."""
    asyncio.run(_messages(load_settings(config), state, as_json=as_json))


async def _messages(settings: Settings, state: str | None, *, as_json: bool) -> None:
    async with opened_engine(settings) as opened:
        rows = await log_rows(opened, state)
        if as_json:
            print_json([message_row(row) for row in rows])
        else:
            console().print(messages_table(rows, opened.ports.policy.registry))


@message_app.command("show")
def message_show(id: str, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show everything that happened to one message, found by any of its ids."""
    asyncio.run(_show(load_settings(config), id, as_json=as_json))


async def _show(settings: Settings, id: str, *, as_json: bool) -> None:
    async with opened_engine(settings) as opened:
        shown = []
        for found in await find_messages(opened, id):
            events = await events_of(opened, found)
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
        found = await find_message(opened, id)
        return found.id, await act(opened.ports, operator(getpass.getuser()), found.id, reason)


@task_app.command("list")
def task_list(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show open tasks, the most urgent first."""
    asyncio.run(_tasks(load_settings(config), as_json=as_json))


async def _tasks(settings: Settings, *, as_json: bool) -> None:
    async with opened_engine(settings) as opened:
        tasks = [task for owner in owners(opened.ports.policy) for task in await opened.store.list_tasks(owner)]
        if as_json:
            print_json([task_row(task) for task in tasks])
        else:
            console().print(tasks_table(sorted(tasks, key=lambda task: task.due)))


@task_app.command("done")
def task_done(id: UUID, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Close a task; --reason says what came of it."""
    as_operator(config, lambda ports, who: close_task(ports, who, id, reason))
    typer.echo(phrase(words.TASK_CLOSED, id=id))


@task_app.command("release")
def task_release(id: UUID, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Have every mail of the pile that a task is about processed again; --reason says why."""
    _move_pile(config, id, InboundEvent.RELEASE, reason)


@task_app.command("discard")
def task_discard(id: UUID, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Throw away every mail of the pile that a task is about; --reason says why."""
    _move_pile(config, id, InboundEvent.DISCARD, reason)


def _move_pile(config: Path, id: UUID, event: InboundEvent, reason: str) -> None:
    number = as_operator(config, lambda ports, who: move_pile(ports, who, id, event, reason))
    typer.echo(phrase(words.PILE_MOVED, number=number, id=id))


@alarm_app.command("list")
def alarm_list(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show what fails, the oldest first: APEN is told to operations, OBSERVERT not yet, BEDRET is nearly over."""
    asyncio.run(_alarms(load_settings(config), as_json=as_json))


async def _alarms(settings: Settings, *, as_json: bool) -> None:
    async with opened_engine(settings) as opened:
        alarms = [alarm for owner in owners(opened.ports.policy) for alarm in await opened.store.list_alarms(owner)]
        if as_json:
            print_json(alarms)
        else:
            console().print(
                alarms_table(sorted(alarms, key=lambda alarm: alarm.first_at), opened.ports.policy.registry)
            )


@alarm_app.command("close")
def alarm_close(id: UUID, reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Close an alarm by hand; should its cause fail again, another opens."""
    as_operator(config, lambda ports, who: close_alarm(ports, who, id, reason))
    typer.echo(phrase(words.ALARM_CLOSED, id=id))


@log_app.command("verify")
def log_verify(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Check the event log against its seals; exit 1 where a row was changed, removed, inserted or cut off."""
    findings = asyncio.run(_verify_log(load_settings(config)))
    if as_json:
        print_json({"findings": [said(each) for each in findings]})
    else:
        typer.echo("\n".join(map(said, findings)) or phrase(words.LOG_WHOLE))
    raise typer.Exit(1 if findings else 0)


async def _verify_log(settings: Settings) -> list[Statement]:
    async with opened_engine(settings) as opened:
        # What is wrong with the anchor file is a finding: it must not keep the others from being told.
        with suppress(OwnFault):
            await opened.log.seal_events(SystemClock().now())
        return await opened.log.verify_log()


@log_app.command("anchor")
def log_anchor(reason: ReasonOption = "", config: ConfigOption = CONFIG) -> None:
    """Begin the anchor file anew where it is gone and no copy is left; --reason says why. Look at the log first."""
    seal = asyncio.run(_begin_anchor(load_settings(config), reason))
    typer.echo(phrase(words.ANCHOR_BEGUN, seal=seal))


async def _begin_anchor(settings: Settings, reason: str) -> int:
    need_reason(reason)
    async with opened_engine(settings) as opened:
        seal = await opened.log.begin_anchor(SystemClock().now())
        await note_begun(opened.ports, operator(getpass.getuser()), seal, reason)
        return seal
