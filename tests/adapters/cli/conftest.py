"""Engines' folders for the commands to work in."""

import shutil
from pathlib import Path

import pytest

from tests.fakes.engines.project import Project


@pytest.fixture
def bare(tmp_path: Path, pg_url: str) -> Project:
    """Give a folder with a configuration and a database, and nothing done yet."""
    return Project(tmp_path / "motor", pg_url)


@pytest.fixture
def keyed(bare: Project, quick_keys: Path) -> Project:
    """Give a folder with keys, and no register yet."""
    shutil.copytree(quick_keys, bare.folder / "pki")
    return bare


@pytest.fixture
def project(keyed: Project) -> Project:
    """Give a folder with keys and a register."""
    assert keyed.samvik("parties", "import", "parties.toml", "--yes").code == 0
    return keyed
