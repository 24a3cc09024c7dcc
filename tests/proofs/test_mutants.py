"""Every listed change to a decision is noticed by the unit tests of its room."""

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes import mutants
from tests.fakes.kills.broken_builds import Patch, broken
from tests.fakes.mutants import Mutant
from tests.fakes.world.surroundings import PROJECT
from tests.proofs.conftest import Tell, count_of
from tests.samples import samples_folder

pytestmark = pytest.mark.proof


SHARES = count_of("SAMVIK_PROOF_MUTANT_SHARES", full=1, share=3)
"""The mutants are dealt into so many shares. A run takes one of them, another one each day (UTC)."""


def _mutants() -> list[Mutant]:
    """Return the changes of every room that this run tries."""
    return _all_mutants()[datetime.now(UTC).toordinal() % SHARES :: SHARES]


def _all_mutants() -> list[Mutant]:
    names = sorted(found.name for found in pkgutil.iter_modules(mutants.__path__))
    rooms = [importlib.import_module(f"{mutants.__name__}.{name}") for name in names]
    return [mutant for room in rooms for mutant in room.MUTANTS]


def _copy(folder: Path, *patches: Patch) -> Path:
    broken(folder, *patches)
    shutil.copytree(PROJECT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def _fails(folder: Path, path: str) -> bool:
    """Say whether tests fail. Raises where they cannot even be collected."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", path]
    samples = {"SAMVIK_SAMPLES": str(samples_folder("."))}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | samples)
    assert done.returncode in {0, 1}, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.returncode == 1


def test_the_tests_pass_on_the_code_as_it_is(tmp_path: Path) -> None:
    """Without a change the copy passes, so that no mutant is killed by the copying."""
    folder = _copy(tmp_path / "as-it-is")
    paths = sorted({mutant.tests for mutant in _mutants()})
    assert [path for path in paths if _fails(folder, path)] == []


def test_every_mutant_is_killed(tmp_path: Path, tell: Tell) -> None:
    """A copy of the project with one change fails the tests that are named for it."""
    survivors = []
    for number, mutant in enumerate(_mutants()):
        folder = _copy(tmp_path / str(number), (mutant.file, mutant.there, mutant.instead))
        if not _fails(folder, mutant.tests):
            survivors.append(f"{mutant.file}: {mutant.name}")
        shutil.rmtree(folder)
    rooms = Counter(mutant.file.split("/")[1] for mutant in _mutants())
    tell(
        f"{rooms.total()} mutants, {len(survivors)} survived; " + ", ".join(f"{n} {room}" for room, n in rooms.items())
    )
    assert survivors == []
