"""Commands that prepare an engine: to take in a party register, and to make keys for demo and test."""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.options import CONFIG, ConfigOption
from adapters.cli.parties import parties_app
from adapters.registry.kept import from_text
from adapters.registry.parties_file import read_enterprises, read_parties, registry_in
from adapters.settings import Environment, Settings, load_settings
from adapters.showing.speech import phrase, said
from adapters.wiring.environment import check_environment
from adapters.wiring.opening import open_store
from adapters.words import command_showing as words
from engine.codes.start import StartCode
from engine.errors import Refused
from engine.names import HerId

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
