"""The official schemas and samples, which stand beside the project and are never part of it."""

from pathlib import Path

import pytest
from lxml import etree

from tests.samples import official_schema, samples_folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of payload samples; without it the tests skip, but fail in CI."""
    return samples_folder("payload")


@pytest.fixture(scope="session")
def official() -> etree.XMLSchema:
    """The official schemas behind one driver schema."""
    return official_schema()
