"""The file of a backup: whole under its name, or not there."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.backup.sealed_file import SealedReader, SealedWriter
from adapters.keys.at_rest import AtRest
from engine.errors import OwnFault

PIECE = os.urandom(1_100_000)


@contextmanager
def room_for(most_bytes: int) -> Iterator[None]:
    """Let no file grow above a size meanwhile, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def content(path: Path, at_rest: AtRest) -> bytes:
    """Return all that a backup holds."""
    with SealedReader(path, at_rest) as file:
        return file.read(100_000_000)


def write(file: SealedWriter, data: bytes) -> None:
    """Write a whole backup."""
    with file:
        file.write(data)


@pytest.mark.parametrize("written", [b"a few bytes", PIECE * 2], ids=["at its end", "in the middle"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, at_rest: AtRest, written: bytes) -> None:
    """Where a backup finds no room it says so, naming the file, and its beginning does not stay."""
    file = SealedWriter(tmp_path / "ny", at_rest, uuid4())
    with room_for(100), pytest.raises(OwnFault, match=r"disk\.not_written.*ny.*File too large"):
        write(file, written)
    assert list(tmp_path.iterdir()) == []


def test_two_backups_under_one_name_do_not_mix(tmp_path: Path, at_rest: AtRest) -> None:
    """Of two that are written at once the first to end has the name, whole; the other says so and leaves nothing."""
    path = tmp_path / "natt"
    late, early = SealedWriter(path, at_rest, uuid4()), SealedWriter(path, at_rest, uuid4())
    late.__enter__()
    late.write(b"x" * len(PIECE))
    write(early, PIECE * 3)
    late.write(b"x" * len(PIECE))
    with pytest.raises(OwnFault, match=r"disk\.exists"):
        late.__exit__(None, None, None)
    assert content(path, at_rest) == PIECE * 3
    assert list(tmp_path.iterdir()) == [path]
