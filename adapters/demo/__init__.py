"""The demo: three engines on this machine, real SMTP between them, and a network that misbehaves on cue."""

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.markup import escape

from adapters.demo.stage import Player, Stage, stage
from adapters.demo.story import STEPS, Step
from adapters.demo.telling import NotAsTold, Telling
from adapters.demo.visiting import stay
from adapters.showing.case_rows import case_row, cases_table
from adapters.showing.delivery_log import log_rows
from adapters.showing.speech import VARIABLE, said
from adapters.showing.tables import console, message_row, messages_table
from adapters.words.language import Language
from engine.records.messages import Kind

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
    os.environ[VARIABLE] = Language.NB  # the story is told in Norwegian, and so its tables are
    _console.print("[bold]Samvik[/] setter opp tre motorer med hver sin database og hver sine nøkler ...")
    async with stage() as set_up:
        telling = Telling(set_up)
        told = [await _tell(number, step, telling) for number, step in enumerate(STEPS, 1)]
        for player in set_up.players:
            await _show(player)
        if summary is not None:
            _write(summary, await _summary(told, set_up, time.monotonic() - begun))
        well = all(each.ok for each in told)
        _console.print(_ending(told, time.monotonic() - begun))
        if not once:
            await stay(set_up, _console)
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
        outcome, ok = said(error), False
    _console.print(f"   {'[green]✓[/]' if ok else '[bold red]✗[/]'} {escape(outcome)}")
    return Told(step.__name__, title, ok, outcome, round(time.monotonic() - begun, 2))


async def _show(player: Player) -> None:
    """Write a player's cases, and its delivery log without receipts."""
    registry, hosted = player.node.ports.policy.registry, player.node.ports.policy.hosted
    cases = [case for owner in hosted for case in await player.engine.store.list_cases(owner)]
    _console.print("", cases_table(cases, registry, f"Saker: {player.part.title}"))
    rows = await log_rows(player.engine.desk)
    shown = [row for row in reversed(rows) if row.kind in {Kind.MELDING, None}]
    table = messages_table(shown, registry, f"Leveringslogg: {player.part.title}")
    table.caption = f"I tillegg {len(rows) - len(shown)} kvitteringer inn og ut (samvik messages viser alle)."
    _console.print("", table)


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
        "engines": {player.part.name: await _engine_summary(player) for player in set_up.players},
    }


async def _engine_summary(player: Player) -> dict[str, object]:
    store, hosted = player.engine.store, player.node.ports.policy.hosted
    items = [item for owner in hosted for item in await store.list_inbox(owner)]
    cases = [case for owner in hosted for case in await store.list_cases(owner)]
    return {
        "messages": [message_row(row) for row in await log_rows(player.engine.desk)],
        "inbox": [{"receiver": item.receiver, "sender": item.sender, "msg_id": item.msg_id} for item in items],
        "cases": [case_row(case) for case in cases],
    }
