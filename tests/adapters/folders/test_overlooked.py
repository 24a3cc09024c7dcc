"""What lies in a folder and is not taken: endings count in any letters, and the rest is told of, once, by name."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.folders.edialog import Shipments
from adapters.folders.overlooked import MOST_TOLD, Overlooked
from adapters.settings import Edialog
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.records.log import TaskCause
from tests.fakes.engines.pair import Pair
from tests.fakes.record_systems.out_place import NUMBER, Place, word
from tests.fakes.world.clock import START
from tests.fakes.world.parties import LEVANGER, LEVANGER_SERVICE


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give folders and an engine."""
    return Place(tmp_path / "inn")


async def look_later(place: Place, minutes: int = 15) -> None:
    """Look, wait, and look again."""
    await place.outbox.look()
    place.pair.clock.advance(minutes=minutes)
    await place.outbox.look()


@pytest.mark.parametrize("name", ["SVAR.XML", "Svar.Xml", "svar.xmL"])
async def test_an_ending_in_other_letters_is_taken(place: Place, name: str) -> None:
    """A file is taken in whatever letters its ending is written."""
    await place.received()
    place.put(name, word())
    await place.outbox.look()
    assert (place.left(), place.failed(), await place.causes()) == ([], [], [])
    assert await place.sent() == 1


async def test_a_bad_file_with_an_ending_in_other_letters_has_one_ending(place: Place) -> None:
    """What cannot be used bears one ending in failed/, with its reason beside it."""
    place.put("SVAR.XML", b"x")
    await place.outbox.look()
    assert place.failed() == ["SVAR.xml", "SVAR.xml.reason.txt"]


@pytest.mark.parametrize("name", ["svar.txt", "svar.xml.tmp", ".svar.xml", "svar", "arkiv"])
async def test_a_name_that_is_not_taken_is_told_once(place: Place, name: str) -> None:
    """After a quarter of an hour one task has the name, and one line in the log has not; gone, the task closes."""
    await place.received()
    if name == "arkiv":
        (place.home / "out" / name).mkdir()
    else:
        place.put(name, word())
    with capture_logs() as logs:
        await look_later(place, minutes=14)
        assert await place.causes() == []
        for _ in range(3):
            await look_later(place, minutes=1)
    (task,) = await place.pair.municipal.tasks()
    assert (task.cause, task.role) == (TaskCause.FILE_WAITS, "drift")
    for language in Language:
        assert name in sentence(task.text, language)
    (line,) = [each for each in logs if each["event"] == "out_file_not_taken"]
    assert line["task"] == str(task.subject)
    events = await place.pair.municipal.ports.store.timeline(task.owner, task.subject)
    assert [stored.event.data["reason"] for stored in events] == [""]
    assert name not in {str(value) for value in line.values()}
    assert await place.sent() == 0
    os.rename(place.home / "out" / name, place.root / "borte")
    await place.outbox.look()
    assert await place.causes() == []


async def test_a_file_that_is_still_written_is_not_told_of(place: Place) -> None:
    """As long as a file changes its quarter of an hour begins anew; renamed, it is taken without a word."""
    await place.received()
    path = place.put("svar.tmp", b"")
    for number in range(4):
        path.write_bytes(b"x" * number)
        await look_later(place, minutes=10)
    place.put("svar.tmp", word()).rename(place.home / "out" / "svar.xml")
    await place.outbox.look()
    assert (await place.causes(), await place.sent()) == ([], 1)


async def test_a_number_in_a_name_is_not_told(place: Place) -> None:
    """A national identity number in a name stands in no task and no log."""
    place.put(f"{NUMBER}.txt", word())
    with capture_logs() as logs:
        await look_later(place)
    (task,) = await place.pair.municipal.tasks()
    assert NUMBER not in task.text + str(logs)
    assert ".txt" in task.text


async def test_a_bug_of_the_other_side_makes_few_tasks(place: Place) -> None:
    """Of thousands of such names so many are told of at a time, and the good file among them is taken."""
    await place.received()
    for number in range(2_000):
        (place.home / "out" / f"{number:04d}.txt").touch()
    place.put("svar.xml", word())
    await look_later(place)
    assert await place.causes() == [TaskCause.FILE_WAITS] * MOST_TOLD
    assert await place.sent() == 1


def test_what_could_not_be_told_is_told_at_the_next_look() -> None:
    """A name counts as told only when it was."""
    seen, late = Overlooked(), START.replace(year=START.year + 1)
    seen.look("her", {"a": "1"}, START)
    assert [seen.look("her", {"a": "1"}, late).due for _ in range(2)] == [["a"], ["a"]]
    seen.told("her", "a")
    assert seen.look("her", {"a": "1"}, late).due == []
    assert seen.look("her", {"a": "2"}, late).over == ["1"]


@pytest.mark.parametrize("name", ["uferdig", "brev.pdf", ".skjult"])
async def test_what_is_no_shipment_is_told_of_once_by_name(tmp_path: Path, name: str) -> None:
    """A folder that is not made ready, a file, what is hidden: a task after a quarter of an hour, until it goes."""
    pair, settings = Pair(), Edialog(name="levanger", directory=tmp_path / "edialog", party=LEVANGER_SERVICE)
    taker = Shipments([settings], lambda: pair.municipal.ports, 100_000)
    taker.prepare()
    path = settings.directory / "in" / name
    path.touch() if name == "brev.pdf" else path.mkdir()
    for minutes, wanted in ((0, 0), (14, 0), (1, 1), (1, 1)):
        pair.clock.advance(minutes=minutes)
        await taker.look()
        assert len(await pair.municipal.tasks()) == wanted
    (task,) = await pair.municipal.tasks()
    assert (task.cause, task.owner) == (TaskCause.SHIPMENT_WAITS, LEVANGER)
    assert f"{name} ligger" in sentence(task.text, Language.NB)
    path.rename(tmp_path / "borte")
    await taker.look()
    assert await pair.municipal.tasks() == []
