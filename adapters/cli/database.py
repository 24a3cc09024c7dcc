"""Commands for the database itself."""

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import load_settings
from adapters.showing.speech import phrase
from adapters.showing.tables import print_json
from adapters.store.migrate import migrate as run_migrations
from adapters.wiring.opening import database_url
from adapters.words import command_showing as words

database_app = typer.Typer()


@database_app.command()
def migrate(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Bring the database to this version's schema."""
    with database_url(load_settings(config)) as url:
        applied = run_migrations(url)
    if as_json:
        print_json({"applied": applied})
    else:
        typer.echo("\n".join(applied) or phrase(words.UP_TO_DATE))
