"""Keys for engines' folders, made once."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from adapters.keys import pki
from adapters.registry.parties_file import read_enterprises
from tests.fakes.surroundings import PROJECT


@pytest.fixture(scope="session")
def quick_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what `pki init` makes for the demo's register, with keys that are short and quick to load."""
    folder = tmp_path_factory.mktemp("pki") / "pki"
    enterprises = read_enterprises(PROJECT / "config" / "demo" / "parties.toml")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pki, "TestAuthority", partial(pki.TestAuthority, key_bits=2048))
        pki.make_pki(folder, enterprises, datetime.now(UTC))
    return folder
