"""Commands for record systems that ask over HTTP: a token each, and where they want to hear of documents.

A token and a signing secret are printed once, alone on standard output, and cannot be had again.
"""

import asyncio
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from adapters.api.tokens import digest_of, new_token
from adapters.cli.acting import as_operator
from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import load_settings
from adapters.showing.speech import heading, headings, phrase
from adapters.showing.tables import console, print_json, table_of
from adapters.wiring.opening import open_store
from adapters.words import command_showing as words
from engine.codes.command import CommandCode
from engine.errors import Refused
from engine.records.inbox import Client, Webhook

SECRET_BYTES = 32

client_app = typer.Typer(help="Record systems that ask over HTTP.", no_args_is_help=True)


@client_app.command("add")
def client_add(
    name: str,
    party: Annotated[str, typer.Option("--party", help="HER-id whose inbox it reads; with inbox = api.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Add a client and print its bearer token, once; the token itself is kept nowhere."""
    from engine.inbox.clients import add_client

    token = new_token()
    client = as_operator(config, lambda ports, who: add_client(ports, who, name, party, digest_of(token)))
    typer.echo(phrase(words.CLIENT_ADDED, name=client.name, her_id=client.her), err=True)
    typer.echo(token)
    if not load_settings(config).api.enabled:
        typer.echo(phrase(words.DOOR_CLOSED), err=True)


@client_app.command("list")
def client_list(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the clients, revoked ones too, by name."""
    clients = [_row(client) for client in asyncio.run(_clients(config))]
    if as_json:
        print_json(clients)
        return
    table = table_of(heading("clients"), *headings("name", "HER-id", "made", "revoked", "told at"))
    for row in clients:
        revoked = f"{row['revoked_at']:%Y-%m-%d}" if row["revoked_at"] else ""
        table.add_row(row["name"], row["her"], f"{row['created_at']:%Y-%m-%d}", revoked, row["webhook_host"] or "")
    console().print(table)


@client_app.command("revoke")
def client_revoke(name: str, config: ConfigOption = CONFIG) -> None:
    """Revoke a client: its token opens nothing from now on, and it hears of nothing."""
    from engine.inbox.clients import revoke_client

    client = as_operator(config, lambda ports, who: revoke_client(ports, who, name))
    typer.echo(phrase(words.CLIENT_REVOKED, name=client.name))


@client_app.command("webhook")
def client_webhook(
    name: str,
    url: Annotated[
        str,
        typer.Option("--url", help="Where it wants to hear of documents: https, or http where this is no production."),
    ] = "",
    off: Annotated[bool, typer.Option("--off", help="Tell it of nothing any more.")] = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Tell a client of documents, and print the secret that notices are signed with, once; again for a new secret."""
    from engine.inbox.clients import set_webhook

    if bool(url) == off:
        raise Refused(CommandCode.URL_OR_OFF)
    secret = secrets.token_bytes(SECRET_BYTES)
    webhook = Webhook(url, secret) if url else None
    client = as_operator(config, lambda ports, who: set_webhook(ports, who, name, webhook))
    if client.webhook is None:
        typer.echo(phrase(words.TOLD_NO_MORE, name=client.name))
        return
    typer.echo(phrase(words.TOLD_FROM_NOW, name=client.name), err=True)
    typer.echo(secret.hex())


async def _clients(config: Path) -> list[Client]:
    async with open_store(load_settings(config)) as store:
        return await store.list_clients()


def _row(client: Client) -> dict[str, Any]:
    """Return what is shown of a client: of its webhook the host alone, for an address may hold a secret."""
    return {
        "name": client.name,
        "her": client.her,
        "created_at": client.created_at,
        "revoked_at": client.revoked_at,
        "webhook_host": urlsplit(client.webhook.url).hostname if client.webhook else None,
    }
