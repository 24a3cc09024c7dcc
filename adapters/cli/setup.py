"""Commands that prepare an engine: the party register, and keys for demo and test."""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.registry.kept import from_text
from adapters.registry.parties_file import read_enterprises, read_parties, registry_in
from adapters.settings import Environment, Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.showing.tables import plain, print_json
from adapters.wiring.environment import check_environment
from adapters.wiring.opening import open_store
from adapters.words import command_showing as words
from engine.codes.start import StartCode
from engine.errors import OwnFault, Refused
from engine.names import HerId

parties_app = typer.Typer(help="The party register.", no_args_is_help=True)
pki_app = typer.Typer(help="Keys and certificates for demo and test.", no_args_is_help=True)


@parties_app.command("import")
def parties_import(
    file: Annotated[Path, typer.Argument(help="The parties file (TOML).")],
    config: ConfigOption = CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Import without asking.")] = False,
) -> None:
    """Take in a parties file: the difference is shown first, and who, when and SHA-256 are kept."""
    asyncio.run(_import_parties(load_settings(config), file, yes=yes))


async def _import_parties(settings: Settings, file: Path, *, yes: bool) -> None:
    from adapters.machine.clocks import SystemClock
    from adapters.registry.difference import difference
    from adapters.registry.importing import keep_version, with_cpas_of

    table, data = read_parties(file)
    async with open_store(settings) as store:
        versions = await store.registry_versions(1)
        table = with_cpas_of(table, versions[0] if versions else None)
        new = registry_in(table, data)
        check_environment(settings, new, tuple(HerId(her_id) for her_id in settings.parties))
        lines = difference(from_text(versions[0].content) if versions else None, new)
        typer.echo("\n".join(map(said, lines)) or phrase(words.NO_DIFFERENCE))
        if lines and (yes or typer.confirm(phrase(words.IMPORT))):
            number, digest = await keep_version(store, table, data, getpass.getuser(), SystemClock().now())
            typer.echo(phrase(words.IMPORTED, number=number, digest=digest))


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


@pki_app.command("init")
def pki_init(
    parties: Annotated[Path, typer.Argument(help="The parties file whose enterprises get certificates.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("pki"),
    config: ConfigOption = CONFIG,
) -> None:
    """Make a CA, certificates, keys and a revocation list for demo and test; production refuses it."""
    from adapters.keys.pki import make_pki
    from adapters.machine.clocks import SystemClock

    if config.exists() and load_settings(config).environment is Environment.PRODUCTION:
        raise Refused(StartCode.LOCAL_CERTIFICATES)
    for path in make_pki(out, read_enterprises(parties), SystemClock().now()):
        typer.echo(str(path))
