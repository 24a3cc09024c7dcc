"""Hostile files in an out folder: no name, kind, size or timing leads or holds us anywhere."""

import asyncio
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.folders import record_system as module
from adapters.folders.out_folder import OutFolder, alone, safe_names
from adapters.folders.record_system import MOST_AT_ONCE
from engine.records.log import TaskCause
from tests.fakes.record_systems.out_place import Place, word
from tests.fakes.waiting import PATIENCE


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give folders and an engine."""
    return Place(tmp_path / "inn")


def link(place: Place, path: Path) -> None:
    """Put a symbolic link to a good file that is elsewhere."""
    (place.root / "hemmelig.xml").write_bytes(word())
    path.symlink_to(place.root / "hemmelig.xml")


def dangling(_place: Place, path: Path) -> None:
    """Put a link to nothing."""
    path.symlink_to("/finnes/ikke")


def folder(_place: Place, path: Path) -> None:
    """Put a folder with something in it."""
    path.mkdir()
    (path / "document.xml").write_bytes(word())


def pipe(_place: Place, path: Path) -> None:
    """Put a pipe that nobody will ever write to."""
    os.mkfifo(path)


def listener(_place: Place, path: Path) -> None:
    """Put a socket."""
    here = os.getcwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def empty(_place: Place, path: Path) -> None:
    """Put a file without content."""
    path.write_bytes(b"")


def huge(_place: Place, path: Path) -> None:
    """Put a file of a terabyte that takes no room."""
    path.touch()
    os.truncate(path, 2**40)


def not_utf8(_place: Place, path: Path) -> None:
    """Put bytes that are no UTF-8 and say nothing else."""
    path.write_bytes(b"<a>\xe6\xf8\xe5</a>")


def deep(_place: Place, path: Path) -> None:
    """Put XML nested deeper than anybody needs."""
    path.write_bytes(b"<a>" * 3_000)


def with_entities(_place: Place, path: Path) -> None:
    """Put XML that would grow without end."""
    path.write_bytes(b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')


@pytest.mark.parametrize(
    "make",
    [link, dangling, folder, pipe, listener, empty, huge, not_utf8, deep, with_entities],
    ids=lambda f: f.__name__,
)
async def test_hostile_files_are_set_aside_unread(place: Place, make) -> None:
    """Whatever stands there under a good name is moved away with a reason, and a good file beside it is taken."""
    await place.received()
    make(place, place.home / "out" / "a.xml")
    place.put("b.xml", word())
    async with asyncio.timeout(PATIENCE):
        await place.outbox.look()
    assert place.left() == []
    assert place.failed() == ["a.xml", "a.xml.reason.txt"]
    assert await place.causes() == [TaskCause.BAD_FILE]
    assert await place.sent() == 1
    if make is link:
        assert (place.root / "hemmelig.xml").read_bytes() == word()
        assert (place.home / "failed" / "a.xml").is_symlink()


NAMES = [
    "to\nlinjer.xml",
    "-rf.xml",
    "a b*?<>|\"'`$(id).xml",
    "æøå.xml",
    "á\u202e.xml",
    os.fsdecode(b"\xff\xfe.xml"),
    "x" * 251 + ".xml",
    "Æ" * 125 + ".xml",
    "a;b&c.xml.xml",
    "~.xml",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_name_of_any_kind_is_made_safe(place: Place, name: str) -> None:
    """In failed/ a name holds nothing that a terminal or a shell could misread, and the reason stands beside it."""
    place.put(name, b"x")
    await place.outbox.look()
    assert place.left() == []
    kept, reason = place.failed()
    assert reason == f"{kept}.reason.txt"
    assert set(kept) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789æøåÆØÅ._-~")
    assert not kept.startswith((".", "-", "~"))
    assert kept.endswith(".xml")


async def test_names_that_collide_in_failed_stay_apart(place: Place) -> None:
    """A second bad file of the same name replaces neither the first nor its reason."""
    for number in (1, 2, 3):
        place.put("svar.xml", b"x" * number)
        await place.outbox.look()
    place.put("sv?r.xml", b"y")
    place.put("sv*r.xml", b"z")
    await place.outbox.look()
    kept = {name: (place.home / "failed" / name).read_bytes() for name in place.failed() if name.endswith(".xml")}
    assert sorted(kept.values()) == [b"x", b"xx", b"xxx", b"y", b"z"]
    assert len(place.failed()) == 10
    assert next(safe_names("svar.xml")) == "svar.xml"


async def test_a_file_whose_reason_was_removed_is_not_replaced(place: Place) -> None:
    """Where a person has deleted a reason but not its file, another bad file of that name leaves it alone."""
    place.put("svar.xml", b"x")
    await place.outbox.look()
    (place.home / "failed" / "svar.xml.reason.txt").unlink()
    place.put("svar.xml", b"y")
    await place.outbox.look()
    assert place.failed() == ["svar.xml", "svar~2.xml", "svar~2.xml.reason.txt"]
    assert (place.home / "failed" / "svar.xml").read_bytes() == b"x"


async def test_a_file_that_is_gone_when_it_is_read_is_no_error(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that vanishes or changes between listing and reading is left to the next look, without a word."""
    await place.received()
    path = place.put("a.xml", word())
    real = OutFolder.read

    def gone(self, name, mark, most):
        path.unlink()
        return real(self, name, mark, most)

    def changed(self, name, mark, most):
        path.write_bytes(word() + b"<!-- -->")
        return real(self, name, mark, most)

    for race in (changed, gone):
        with monkeypatch.context() as patched:
            patched.setattr(OutFolder, "read", race)
            await place.outbox.look()
        assert (place.failed(), await place.causes(), await place.sent()) == ([], [], 0)


async def test_a_new_file_under_the_name_is_not_deleted_unread(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another file has taken the name while the first was being taken, it stays for the next look."""
    await place.received()
    place.put("a.xml", word())
    real = module.take_word

    async def and_then(ports, her, data):
        await real(ports, her, data)
        place.put("a.xml", b"x")

    with monkeypatch.context() as patched:
        patched.setattr(module, "take_word", and_then)
        await place.outbox.look()
    assert place.left() == ["a.xml"]
    await place.outbox.look()
    assert place.failed() == ["a.xml", "a.xml.reason.txt"]


@pytest.mark.parametrize("step", ["remove", "fail"])
def test_nodes_put_files_away_one_at_a_time(place: Place, step: str) -> None:
    """While one node looks whether a name still stands for its file, no other frees that name for a new one."""
    path = place.put("svar.xml", b"x")
    ours, theirs = OutFolder(place.root, place.home.name), OutFolder(place.root, place.home.name)
    mark = ours.mark("svar.xml")
    put = {"remove": theirs.remove, "fail": lambda *which: theirs.fail(*which, "Filen er tom.")}[step]
    with ThreadPoolExecutor(1) as other:
        with alone(ours._out):
            putting = other.submit(put, "svar.xml", mark)
            with pytest.raises(TimeoutError):
                putting.result(0.2)
            assert path.exists()
        putting.result(10)
    assert not path.exists()
    ours.close()
    theirs.close()


async def test_thousands_of_files_are_taken_in_batches(place: Place) -> None:
    """One look takes at most fifty files of a party, in the order of their names, whatever stands there."""
    for number in range(2_000):
        (place.home / "out" / f"{number:04d}.xml").write_bytes(b"x")
    await place.outbox.look()
    assert MOST_AT_ONCE == 50
    assert place.left() == [f"{number:04d}.xml" for number in range(50, 2_000)]


@pytest.mark.parametrize("what", ["link", "file"])
async def test_an_out_folder_that_is_none_is_told_of_once(place: Place, what: str) -> None:
    """An out folder that somebody replaced is not followed: a task, once, and the others' folders are looked at."""
    elsewhere = place.root / "annet"
    elsewhere.mkdir()
    (elsewhere / "a.xml").write_bytes(b"x")
    (place.home / "out").rmdir()
    if what == "link":
        (place.home / "out").symlink_to(elsewhere)
    else:
        (place.home / "out").write_bytes(b"")
    for _ in range(3):
        await place.outbox.look()
    assert [path.name for path in elsewhere.iterdir()] == ["a.xml"]
    assert await place.causes() == [TaskCause.FILE_WAITS]
    assert await place.node().look() is None
    (place.home / "out").unlink()
    await place.outbox.look()
    assert (place.home / "out").is_dir()


async def test_a_failed_folder_that_leads_away_is_not_followed(place: Place, tmp_path: Path) -> None:
    """Where failed/ is a link, the file stays and a person is called; nothing is written where it leads."""
    (tmp_path / "annet").mkdir()
    (place.home / "failed").symlink_to(tmp_path / "annet")
    place.put("a.xml", b"x")
    await place.outbox.look()
    assert list((tmp_path / "annet").iterdir()) == []
    assert place.left() == ["a.xml"]
    assert await place.causes() == [TaskCause.BAD_FILE, TaskCause.FILE_WAITS]


def test_a_node_that_comes_too_late_leaves_no_reason_without_a_file(place: Place) -> None:
    """Whoever loses the race for a bad file takes its own reason away, also where another's has just gone."""
    path = place.put("a.xml", b"x")
    failed = place.home / "failed"
    failed.mkdir()
    (failed / "a.xml").write_bytes(b"x")
    (failed / "a~2.xml.reason.txt").write_text("en annen grunn")

    class Late(OutFolder):
        def mark(self, name):
            (failed / "a~2.xml.reason.txt").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            return super().mark(name)

    folder = Late(place.root, place.home.name)
    late = OutFolder(place.root, place.home.name)
    mark = late.mark("a.xml")
    late.close()
    folder.fail("a.xml", mark, "min grunn")
    folder.close()
    assert place.failed() == ["a.xml"]
