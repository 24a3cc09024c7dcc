"""Two engines back to back, fresh for each journey."""

from collections.abc import Iterator
from itertools import count

import pytest

from adapters.postgres.embedded import EmbeddedPostgres
from tests.fakes.engines.pair import Pair

_NUMBERS = count(1)


@pytest.fixture
def pair() -> Pair:
    """The municipalities' engine and the GP's, with a common clock and register."""
    return Pair()


@pytest.fixture
def urls(pg_server: EmbeddedPostgres) -> Iterator[tuple[str, str]]:
    """Give two fresh migrated databases."""
    names = [f"journey_{next(_NUMBERS)}" for _ in range(2)]
    for name in names:
        pg_server.create_database(name, template="samvik_template")
    yield pg_server.url(names[0]), pg_server.url(names[1])
    for name in names:
        pg_server.drop_database(name)
