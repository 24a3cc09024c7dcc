"""The demo: two engines on this machine, real SMTP between them, and a network that misbehaves on cue."""

import asyncio
import json
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.markup import escape

from adapters.delivery_log import log_rows
from adapters.demo.stage import Player, Stage, stage
from adapters.demo.story import STEPS, Step
from adapters.demo.telling import NotAsTold, Telling
from adapters.showing import console, inbox_table, message_row, messages_table
from engine.records import Kind

_console = console()


@dataclass(frozen=True, slots=True)
class Told:
    """How one step came out."""

    step: str
    title: str
    ok: bool
    outcome: str
    seconds: float


def tell(*, once: bool, summary: Path | None) -> bool:
    """Tell the story and say whether every step came out as it should.

    `summary` is a file to write JSON to. Without `once` the engines then go on running until they are stopped.
    """
    return asyncio.run(_perform(once=once, summary=summary))


async def _perform(*, once: bool, summary: Path | None) -> bool:
    begun = time.monotonic()
    _console.print("[bold]Samvik[/] setter opp to motorer med hver sin database og hver sine nøkler ...")
    async with stage() as set_up:
        telling = Telling(set_up)
        told = [await _tell(number, step, telling) for number, step in enumerate(STEPS, 1)]
        await _show(set_up)
        if summary is not None:
            _write(summary, await _summary(told, set_up, time.monotonic() - begun))
        well = all(each.ok for each in told)
        _console.print(_ending(told, time.monotonic() - begun))
        if not once:
            await _stay(set_up)
    return well


def _write(path: Path, data: dict[str, object]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")


async def _tell(number: int, step: Step, telling: Telling) -> Told:
    title = (step.__doc__ or step.__name__).splitlines()[0]
    begun = time.monotonic()
    _console.print(f"\n[bold]{number}. {escape(title)}[/]")
    try:
        outcome, ok = await step(telling), True
    except NotAsTold as error:
        outcome, ok = str(error), False
    _console.print(f"   {'[green]✓[/]' if ok else '[bold red]✗[/]'} {escape(outcome)}")
    return Told(step.__name__, title, ok, outcome, round(time.monotonic() - begun, 2))


async def _show(set_up: Stage) -> None:
    for player, title in ((set_up.gp, "Namdalen legekontor"), (set_up.municipal, "Levanger og Verdal")):
        rows = await log_rows(player.engine)
        shown = [row for row in reversed(rows) if row.kind in {Kind.MELDING, None}]
        table = messages_table(shown, player.node.world.registry, f"Leveringslogg: {title}")
        table.caption = f"I tillegg {len(rows) - len(shown)} kvitteringer inn og ut (samvik messages viser alle)."
        _console.print("", table)
        items = [item for owner in player.node.world.hosted for item in await player.engine.store.list_inbox(owner)]
        _console.print("", inbox_table(list(reversed(items)), player.node.world.registry))


def _ending(told: list[Told], seconds: float) -> str:
    wrong = [each for each in told if not each.ok]
    if wrong:
        return f"\n[bold red]{len(wrong)} av {len(told)} steg gikk ikke som de skulle[/] ({seconds:.0f} s)."
    return f"\n[bold green]Alle {len(told)} steg gikk som de skulle[/] ({seconds:.0f} s)."


async def _summary(told: list[Told], set_up: Stage, seconds: float) -> dict[str, object]:
    return {
        "ok": all(each.ok for each in told),
        "seconds": round(seconds, 1),
        "steps": [asdict(each) for each in told],
        "engines": {player.name: await _engine_summary(player) for player in (set_up.gp, set_up.municipal)},
    }


async def _engine_summary(player: Player) -> dict[str, object]:
    items = [item for owner in player.node.world.hosted for item in await player.engine.store.list_inbox(owner)]
    inbox = [{"receiver": item.receiver, "sender": item.sender, "msg_id": item.msg_id} for item in items]
    return {"messages": [message_row(row) for row in await log_rows(player.engine)], "inbox": inbox}


async def _stay(set_up: Stage) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _console.print("\nMotorene går videre til du stopper med Ctrl-C. Se deg om med for eksempel:")
    for player in (set_up.gp, set_up.municipal):
        _console.print(f"  samvik messages --config {escape(str(player.config))}")
    await stop.wait()
