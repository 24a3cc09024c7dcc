"""An engine made for a demo or a benchmark: its keys, register, configuration and database, in one folder."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from adapters.keys.pki import Enterprise, make_pki
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.registry.importing import keep_version
from adapters.registry.parties_file import read_parties
from adapters.settings import Settings, load_settings
from adapters.store.migrate import migrate
from adapters.store.postgres import PostgresStore
from adapters.wiring.opening import key_ring


@dataclass(frozen=True, slots=True)
class Trial:
    """A prepared engine: its configuration file, what that says, and the URL of its migrated database."""

    config: Path
    settings: Settings
    url: str


def demo_register() -> str:
    """Return the register that comes with Samvik for demos: invented numbers and names."""
    return resources.files("config").joinpath("demo/parties.toml").read_text("utf-8")


def make_keys(folder: Path, register: str, now: datetime) -> None:
    """Make a CA, and keys and certificates for every enterprise of a register, below `folder`/pki."""
    rows = tomllib.loads(register)["party"]
    enterprises = [
        Enterprise(row["her"], row["name"], row["organisation_number"]) for row in rows if "parent" not in row
    ]
    make_pki(folder / "pki", enterprises, now)


async def prepare(
    server: EmbeddedPostgres,
    folder: Path,
    name: str,
    hers: Sequence[str],
    register: str,
    now: datetime,
    *,
    relay_port: int,
    listen_port: int = 0,
    web: bool = True,
) -> Trial:
    """Prepare an engine that serves `hers`, on ports of loopback; 0 takes a free one when it starts."""
    server.create_database(name)
    url = server.url(name)
    migrate(url)
    parties = folder / f"{name}-parties.toml"
    parties.write_text(register, "utf-8")
    config = folder / f"{name}.toml"
    config.write_text(_config(name, hers, url, relay_port, listen_port, web=web), "utf-8")
    # It holds the database's password.
    config.chmod(0o600)
    settings = load_settings(config)
    await _import(settings, url, parties, now)
    return Trial(config, settings, url)


def _config(name: str, hers: Sequence[str], url: str, relay_port: int, listen_port: int, *, web: bool) -> str:
    quoted = ", ".join(f'"{her_id}"' for her_id in hers)
    return "\n".join(
        (
            'environment = "demo"',
            f'data_dir = "{name}-data"',
            f'inbox_dir = "{name}-inbox"',
            f"parties = [{quoted}]",
            "[database]",
            f'url = "{url}"',
            "[listen]",
            f"port = {listen_port}",
            "[relay]",
            f"port = {relay_port}",
            "[web]",
            f"enabled = {str(web).lower()}",
            "port = 0",
            "",
        )
    )


async def _import(settings: Settings, url: str, file: Path, now: datetime) -> None:
    table, data = read_parties(file)
    store = PostgresStore(url, key_ring(settings))
    await store.open()
    try:
        await keep_version(store, table, data, "demo", now)
    finally:
        await store.close()
