"""The register in use, apart from the command that takes one in: it imports much less than that one does."""

import asyncio
from typing import Any

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.registry.kept import from_text
from adapters.settings import Settings, load_settings
from adapters.showing.speech import phrase
from adapters.showing.tables import plain, print_json
from adapters.wiring.opening import open_store
from adapters.words import command_showing as words
from engine.codes.start import StartCode
from engine.errors import OwnFault

parties_app = typer.Typer(help="The party register.", no_args_is_help=True)


@parties_app.command("show")
def parties_show(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the register in use: its versions and its tree."""
    asyncio.run(_show_parties(load_settings(config), as_json=as_json))


async def _show_parties(settings: Settings, *, as_json: bool) -> None:
    async with open_store(settings) as store:
        versions = await store.registry_versions()
    if not versions:
        raise OwnFault(StartCode.NO_REGISTER)
    registry = from_text(versions[0].content)
    if as_json:
        kept = [_without("content", version) for version in versions]
        print_json({"versions": kept, "parties": [_without("certificates", party) for party in registry.all()]})
        return
    for version in versions:
        by, digest = version.imported_by, version.sha256.hex()
        typer.echo(phrase(words.VERSION, id=version.id, at=version.imported_at, by=by, digest=digest))
    for party in registry.all():
        indent = "  " * len(registry.line(party.her))
        valid = {"start": party.valid_from, "end": party.valid_to}
        typer.echo(indent + phrase(words.PARTY, her_id=party.her, name=party.name, kind=party.kind, **valid))


def _without(key: str, row: object) -> dict[str, Any]:
    return {name: value for name, value in plain(row).items() if name != key}
