"""A site on PostgreSQL with a municipality's and a neighbour's rows, made by two engines that exchanged them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from tests.fakes.engines.site import Here, opened_site


@pytest.fixture(scope="session")
async def filled(pg_server: EmbeddedPostgres, at_rest: AtRest) -> str:
    """Fill one database with what several tests look at, and give its name as a template."""
    for name in ("web_gp", "web_filled"):
        pg_server.create_database(name, template="samvik_template")
    async with AsyncExitStack() as closing:
        here = await closing.enter_async_context(
            opened_site(pg_server.url("web_filled"), at_rest, gp_url=pg_server.url("web_gp"))
        )
        await here.fill()
    return "web_filled"


@pytest.fixture
async def here(pg_server: EmbeddedPostgres, at_rest: AtRest, filled: str, tmp_path: Path) -> AsyncIterator[Here]:
    """Give a site on a fresh copy of the filled database."""
    name = f"web_{tmp_path.name[-40:]}".replace("-", "_").lower()
    pg_server.create_database(name, template=filled)
    async with opened_site(pg_server.url(name), at_rest) as opened:
        yield opened
    pg_server.drop_database(name)
