"""Two accounts at one out folder: what the record system's may do there, and what it cannot do to other parties."""

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.folders.out_folder import OUT_MODE, OutFolder, make_folders
from engine.names import HerId
from engine.records.log import TaskCause
from tests.fakes.record_systems.out_place import Place, word
from tests.fakes.world.parties import LEVANGER_SERVICE, VERDAL_SERVICE, registry

HER = HerId("8090101")
ENGINE, RECORD, GROUP, STRANGER = 54_001, 54_002, 54_003, 54_004
IS_ROOT = os.geteuid() == 0


def as_account(user: int, group: int, step: Callable[[], None]) -> bool:
    """Do a step in a process of another account; return whether it could. Only root may."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child does its step and ends, and takes no lock
        child = os.fork()
    if child == 0:
        done = 1
        try:
            os.setgroups([])
            os.setgid(group)
            os.setuid(user)
            os.umask(0o027)
            step()
            done = 0
        except OSError:
            done = 2
        finally:
            os._exit(done)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, 2}
    return code == 0


def leave(home: int, folder: str) -> None:
    """Write a file as record systems do: under another name, then renamed."""
    descriptor = os.open(f"{folder}/svar.tmp", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640, dir_fd=home)
    os.write(descriptor, b"<x/>")
    os.close(descriptor)
    os.rename(f"{folder}/svar.tmp", f"{folder}/svar.xml", src_dir_fd=home, dst_dir_fd=home)


def test_a_record_system_in_the_group_leaves_files_in_out_alone(tmp_path: Path) -> None:
    """The group may write in out/ and not in in/, others nowhere; the engine can read and delete what is left."""
    if not IS_ROOT:
        make_folders(tmp_path, HER)
        assert [(tmp_path / HER / name).stat().st_mode & 0o7777 for name in ("in", "out")] == [0o750, 0o2770]
        return
    root = os.open(tmp_path, os.O_RDONLY)
    os.chown(root, ENGINE, GROUP)
    here = Path(f"/proc/self/fd/{root}")  # the folders above are closed to these accounts
    assert as_account(ENGINE, GROUP, lambda: make_folders(here, HER))
    home = os.open(tmp_path / HER, os.O_RDONLY)
    assert as_account(RECORD, GROUP, lambda: leave(home, "out"))
    assert not as_account(RECORD, GROUP, lambda: leave(home, "in"))
    assert not as_account(STRANGER, STRANGER, lambda: leave(home, "out"))
    assert (tmp_path / HER / "out" / "svar.xml").stat().st_gid == GROUP

    def take() -> None:
        folder = OutFolder(here, HER)
        mark = folder.mark("svar.xml")
        if mark is None or folder.read("svar.xml", mark, 100) != b"<x/>":
            sys.exit(3)
        folder.remove("svar.xml", mark)

    assert as_account(ENGINE, GROUP, take)
    assert list((tmp_path / HER / "out").iterdir()) == []
    os.close(home)
    os.close(root)


def test_files_take_the_group_of_the_folder(tmp_path: Path) -> None:
    """A record system whose own group is another still leaves files that the engine's group owns."""
    make_folders(tmp_path, HER)
    out = tmp_path / HER / "out"
    if IS_ROOT:
        os.chown(out, -1, GROUP)
        out.chmod(OUT_MODE)
    (out / "a.xml").write_bytes(b"x")
    assert (out / "a.xml").stat().st_gid == out.stat().st_gid


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give folders of two parties, of which the first is closed in one way or another."""
    found = Place(tmp_path / "inn")
    found.pair.use(registry(her_8090201={"inbox": "folder"}))
    found.outbox.prepare()
    return found


@pytest.mark.parametrize("method", ["mark", "names"])
async def test_a_folder_that_cannot_be_searched_stops_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Where one party's out/ can be opened and not looked into, it is told of once, and the others are looked at."""
    place.put("a.xml", word())
    other = place.root / VERDAL_SERVICE / "out" / "b.xml"
    other.write_bytes(b"x")
    closed = (place.home / "out").stat().st_ino
    real = getattr(OutFolder, method)

    def refusing(self: OutFolder, *given: str) -> object:
        if os.fstat(self._out).st_ino == closed:
            raise PermissionError(13, "Permission denied")
        return real(self, *given)

    monkeypatch.setattr(OutFolder, method, refusing)
    with capture_logs() as logs:
        for _ in range(3):
            await place.outbox.look()
    assert not other.exists()
    assert place.left() == ["a.xml"]
    assert await place.causes() == [TaskCause.BAD_FILE, TaskCause.FILE_WAITS]
    assert [line["her_id"] for line in logs if line["event"] == "out_folder_unusable"] == [LEVANGER_SERVICE]
    monkeypatch.undo()
    await place.outbox.look()
    assert place.left() == []
    monkeypatch.setattr(OutFolder, method, refusing)
    place.put("c.xml", word())
    with capture_logs() as logs:
        await place.outbox.look()
    assert [line["event"] for line in logs] == ["out_folder_unusable"]


@contextmanager
def engine_account(place: Place) -> Iterator[None]:
    """As root, give the place to the engine's account and its out/ to the record system's, and be the engine."""
    if not IS_ROOT:
        (place.home / "out").chmod(0o400)
        yield
        (place.home / "out").chmod(0o700)
        return
    for folder, _, files in os.walk(place.root):
        for name in (folder, *(os.path.join(folder, file) for file in files)):
            os.chown(name, ENGINE, GROUP)
    os.chown(place.home / "out", RECORD, GROUP)
    (place.home / "out").chmod(0o540)
    closed = [each for each in place.root.parents if each != Path("/") and not each.stat().st_mode & 0o001]
    for each in closed:
        each.chmod(each.stat().st_mode | 0o001)
    os.setegid(GROUP)
    os.seteuid(ENGINE)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        for each in closed:
            each.chmod(each.stat().st_mode & ~0o001)


async def test_an_out_folder_that_may_be_listed_alone_stops_no_other(place: Place) -> None:
    """An out/ that the system lets the engine list and not search, another account's as root, is told of once."""
    other = place.root / VERDAL_SERVICE / "out" / "b.xml"
    other.write_bytes(b"x")
    place.put("a.xml", word())
    with engine_account(place):
        for _ in range(2):
            await place.outbox.look()
        assert not other.exists()
    assert place.left() == ["a.xml"]
    assert await place.causes() == [TaskCause.BAD_FILE, TaskCause.FILE_WAITS]
