"""Two engines back to back, fresh for each journey."""

import pytest

from tests.fakes.pair import Pair


@pytest.fixture
def pair() -> Pair:
    """The municipalities' engine and the GP's, with a common clock and register."""
    return Pair()
