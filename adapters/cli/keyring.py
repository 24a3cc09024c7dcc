"""Commands for the key ring that content in the database is sealed under. None prints a key."""

import asyncio
from typing import Annotated

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.keys.at_rest import AtRest
from adapters.settings import Settings, load_settings
from adapters.showing.speech import heading, headings, phrase
from adapters.showing.tables import console, print_json, table_of
from adapters.store.migrate import require_schema
from adapters.wiring.opening import database_url, key_ring_there_is
from adapters.words import keyring as words

SETTLE_SECONDS = 15.0
"""How long nodes are given to read the ring anew; they look every five seconds."""

keyring_app = typer.Typer(help="The key ring that content at rest is sealed under.", no_args_is_help=True)


@keyring_app.command("create")
def create(config: ConfigOption = CONFIG) -> None:
    """Make the key ring of a new engine, in the file that keys.at_rest names, readable by its owner alone."""
    path = load_settings(config).keys.at_rest
    AtRest.create(path)
    typer.echo(phrase(words.CREATED, path=path))


@keyring_app.command("list")
def list_keys(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the keys by their ids, and how many values of the database each has sealed."""
    settings = load_settings(config)
    ring = key_ring_there_is(settings)
    counts = asyncio.run(_counts(settings))
    standings = ring.keys()
    ids = [*standings, *(counts.keys() - standings)]
    rows = [(key_id, standings.get(key_id), counts.get(key_id, 0)) for key_id in ids]
    if as_json:
        print_json([{"id": key_id, "standing": standing, "values": number} for key_id, standing, number in rows])
        return
    table = table_of(heading("keys"), *headings("key", "standing", "values"))
    for key_id, standing, number in rows:
        table.add_row(key_id, phrase(words.STANDINGS[standing or ""]), str(number))
    console().print(table)


async def _counts(settings: Settings) -> dict[str, int]:
    from adapters.wiring.rotating import values_by_key

    with database_url(settings) as url:
        require_schema(url)
        return await values_by_key(url)


@keyring_app.command("rotate")
def rotate(
    config: ConfigOption = CONFIG,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only add the key, to copy the ring to other machines before it seals.")
    ] = False,
) -> None:
    """Seal under a fresh key from now on, and again what older keys have sealed. Nodes may run; it can be repeated."""
    settings = load_settings(config)
    key_ring_there_is(settings)
    if prepare:
        typer.echo(phrase(words.PREPARED, key_id=AtRest.prepare(settings.keys.at_rest), path=settings.keys.at_rest))
        return
    asyncio.run(_rotate(settings))


async def _rotate(settings: Settings) -> None:
    from adapters.wiring.rotating import rotate as rotated

    def say(column: str, number: int) -> None:
        typer.echo(phrase(words.RESEALED, column=column, number=number), err=True)

    async def settle() -> None:
        typer.echo(phrase(words.SETTLING, seconds=int(SETTLE_SECONDS)), err=True)
        await asyncio.sleep(SETTLE_SECONDS)

    with database_url(settings) as url:
        require_schema(url)
        done = await rotated(url, settings.keys.at_rest, settle, say)
    typer.echo(phrase(words.ROTATED if done.fresh else words.FINISHED, key_id=done.key_id, number=done.values))
