"""The command that looks at everything an engine needs."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import typer
from rich.markup import escape

from adapters.checking.gathering import premises
from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import console, print_json
from adapters.wiring.opening import database_url
from adapters.words.premise import TOPICS, WEIGHTS
from engine.operations.premises import Premise, Weight

check_app = typer.Typer()
_COLOURS = {Weight.HOLDS: "green", Weight.NOTE: "yellow", Weight.FAULT: "red", Weight.STOP: "bold red"}


@check_app.command()
def check(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Look at everything that an engine needs, a line each with the remedy; exit 1 where something does not work."""
    settings = load_settings(config)
    with database_url(settings) as url:
        found = asyncio.run(_told(premises(settings, url), quiet=as_json))
    if as_json:
        print_json([_row(each) for each in found])
    raise typer.Exit(1 if any(each.weight in {Weight.FAULT, Weight.STOP} for each in found) else 0)


async def _told(found: AsyncIterator[Premise], *, quiet: bool) -> list[Premise]:
    """Print each premise as soon as it is known, since a silent server is waited for; return all."""
    kept = []
    async for each in found:
        kept.append(each)
        if not quiet:
            weight = f"[{_COLOURS[each.weight]}]{phrase(WEIGHTS[each.weight]):8}[/]"
            console().print(f"{weight} {phrase(TOPICS[each.topic]):16} {escape(said(each.said))}", soft_wrap=True)
    return kept


def _row(premise: Premise) -> dict[str, Any]:
    return {"topic": premise.topic, "weight": premise.weight, "text": said(premise.said), "code": premise.said.code}
