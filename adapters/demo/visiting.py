"""After the story: the engines go on by the machine's clock, and whoever watched may log in and act by commands."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from adapters.demo.stage import Player, Stage
from adapters.web.users import add_user, new_password
from engine.commit.actor import Person
from engine.states.role import Role

PEOPLE = {
    Role.MELDER: "Mari Melder",
    Role.KVALITETSSIKRER: "Kim Kvalitet",
    Role.SAKSBEHANDLER: "Siri Berg",
    Role.SEKRETARIAT: "Sam Sekretariat",
    Role.DRIFT: "Dag Dahl",
}
"""A person for each role: who approves must be another than who wrote."""

GP, LEVANGER = "8090301", "8090101"


async def stay(set_up: Stage, console: Console) -> None:
    """Make users, print how to log in and act, and let the engines run until they are stopped (Ctrl-C, SIGTERM)."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ahead = set_up.clock.catch_up()
    set_up.wake()
    console.print("\nMotorene går videre til du stopper med Ctrl-C. Se leveringslogg og saker i nettleseren:")
    for player in set_up.players:
        await _invite(player, console)
    console.print(_time_told(ahead))
    console.print("Fra et annet vindu, for eksempel en melding, og så en sak, fra Namdalen legekontor til Levanger:")
    for line in _commands(set_up):
        console.print(f"  {escape(line)}", soft_wrap=True, highlight=False)
    console.print("NUMMER er saksnummeret som samvik case new skriver. Med Ctrl-C blir alt i demoen borte.")
    await stop.wait()


def _time_told(ahead: timedelta) -> str:
    """Return what time it is in the demo, for whoever acts in it."""
    if ahead:
        return f"Klokka i motorene står {ahead.days} dager foran maskinens."
    return "Historien er lagt til de siste ukene. Nå følger motorene maskinens klokke."


async def _invite(player: Player, console: Console) -> None:
    """Make a user for each role in each enterprise of an engine, with one password, and print how to log in."""
    registry = player.node.ports.policy.registry
    console.print(f"  [bold]{escape(player.part.title)}[/]: http://127.0.0.1:{player.node.web_port}/")
    for her_id in player.node.ports.policy.hosted:
        password, log_ins = new_password(), player.engine.store.log_ins()
        names = [f"{role.value}-{her_id}" for role in Role]
        for role, name in zip(Role, names, strict=True):
            await add_user(
                player.engine.settings, player.node.ports, log_ins, name, Person(role, her_id, PEOPLE[role]), password
            )
        console.print(
            f"    {escape(registry.get(her_id).name)}: passord {escape(password)} for {', '.join(names)}",
            soft_wrap=True,
        )


def _commands(set_up: Stage) -> Iterator[str]:
    """Yield what a visitor may type, line by line, from anywhere; the example lies beside the configurations."""
    gp, municipal = set_up.gp.config, set_up.municipal.config
    example = gp.with_name("avvik.xml")
    example.write_bytes(resources.files("config").joinpath("examples/avvik.xml").read_bytes())
    writes, assures = (f'"{role.value}@{GP} {PEOPLE[role]}"' for role in (Role.MELDER, Role.KVALITETSSIKRER))
    yield f'export PATH="{Path(sys.executable).parent}:$PATH"'
    yield f'export SAMVIK_CONFIG="{gp}"'
    yield f'samvik send "{example}" --from {GP} --to {LEVANGER}'
    yield "samvik messages"
    yield f'samvik case new "{example}" --as {writes} --to {LEVANGER}'
    yield f"samvik case submit NUMMER --as {writes}"
    yield f"samvik case approve NUMMER --as {assures}"
    yield f"samvik case send NUMMER --as {assures}"
    yield f'samvik case list --as {Role.SAKSBEHANDLER.value}@{LEVANGER} --config "{municipal}"'
    for player in set_up.players:
        yield f'samvik messages --config "{player.config}"'
