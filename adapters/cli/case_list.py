"""The list of a party's cases, apart from the commands that act: it imports much less than they do."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.acting import acting
from adapters.cli.listing import LIMIT, BeforeOption, LimitOption, older_than, shown_of
from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import load_settings
from adapters.showing.case_rows import case_row, cases_table
from adapters.showing.lookups import case_with
from adapters.showing.tables import console, print_json
from adapters.store.lists import ALL
from adapters.wiring.desk import opened_desk
from engine.codes.operations import OperationsCode
from engine.commit.actor import owner_of
from engine.errors import Refused
from engine.states.case import CaseState

case_app = typer.Typer(help="Deviation cases, step by step.", no_args_is_help=True)

AsOption = Annotated[str, typer.Option("--as", help="Who acts: ROLE@HER-ID, such as melder@8090301.")]


@case_app.command("list")
def list_cases(
    who: AsOption,
    state: Annotated[str | None, typer.Option("--state", help="Only this state, such as LEVERT.")] = None,
    config: ConfigOption = CONFIG,
    limit: LimitOption = LIMIT,
    before: BeforeOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show a party's cases, newest first; --before takes the number of a case, too."""
    asyncio.run(_list(config, who, state, limit, before, as_json=as_json))


async def _list(config: Path, who: str, state: str | None, limit: int, before: str, *, as_json: bool) -> None:
    if state is not None and state not in CaseState.__members__:
        raise Refused(OperationsCode.NO_STATE, state=state, states=CaseState)
    async with opened_desk(load_settings(config)) as desk:
        owner = owner_of(desk, acting(config, who))
        narrowed = await older_than(before, lambda number: case_with(desk, owner, number), ALL)
        found = await desk.store.list_cases(owner, CaseState(state) if state else None, limit + 1, narrowed)
        cases = shown_of(found, limit, lambda case: case.number)
        if as_json:
            print_json([case_row(case) for case in cases])
        else:
            console().print(cases_table(cases, desk.registry))
