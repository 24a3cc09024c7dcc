"""Commands for the users of the pages, in demo and test."""

import asyncio
import getpass
from typing import Annotated

import typer

from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import Settings, load_settings
from adapters.showing.speech import heading, headings, phrase
from adapters.showing.tables import console, print_json, table_of
from adapters.store.log_ins import User
from adapters.text.decoding import input_line
from adapters.wiring.opening import open_store
from adapters.words import command_showing as words
from engine.codes.user import UserCode
from engine.errors import Refused

user_app = typer.Typer(help="Users of the pages, for demo and test.", no_args_is_help=True)


@user_app.command("add")
def user_add(
    name: str,
    who: Annotated[str, typer.Option("--as", help="The user's role: ROLE@HER-ID, such as drift@8090100.")],
    config: ConfigOption = CONFIG,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
    ] = False,
) -> None:
    """Add a user; the password is asked for, and kept as an argon2id hash alone."""
    from adapters.web.users import local_users_allowed

    settings = load_settings(config)
    if not local_users_allowed(settings):
        raise Refused(UserCode.NOT_IN_PRODUCTION)
    user = asyncio.run(_add(settings, name, who, _password(from_stdin=password_stdin)))
    typer.echo(phrase(words.USER_ADDED, name=user.name, who=user.who))


@user_app.command("list")
def user_list(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the users, by name."""
    users = asyncio.run(_users(load_settings(config)))
    if as_json:
        print_json([{"name": user.name, "as": str(user.who), "created_at": user.created_at} for user in users])
        return
    table = table_of(heading("users"), *headings("name", "role", "enterprise", "made"))
    for user in users:
        table.add_row(user.name, str(user.who), user.owner, f"{user.created_at:%Y-%m-%d}")
    console().print(table)


@user_app.command("remove")
def user_remove(name: str, config: ConfigOption = CONFIG) -> None:
    """Remove a user, and end every session of theirs at once."""
    from adapters.web.users import normal_name

    asyncio.run(_remove(load_settings(config), normal_name(name)))
    typer.echo(phrase(words.USER_REMOVED, name=normal_name(name)))


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return input_line()
    first = getpass.getpass(phrase(words.PASSWORD))
    if getpass.getpass(phrase(words.PASSWORD_AGAIN)) != first:
        raise Refused(UserCode.PASSWORDS_DIFFER)
    return first


async def _add(settings: Settings, name: str, who: str, password: str) -> User:
    from adapters.web.users import add_user
    from adapters.wiring.engine import opened_engine
    from engine.commit.actor import person

    async with opened_engine(settings) as opened:
        return await add_user(settings, opened.ports, opened.store.log_ins(), name, person(who), password)


async def _users(settings: Settings) -> list[User]:
    async with open_store(settings) as store:
        return await store.log_ins().users()


async def _remove(settings: Settings, name: str) -> None:
    async with open_store(settings) as store:
        if not await store.log_ins().remove(name):
            raise Refused(UserCode.NO_USER, name=name[:64])
