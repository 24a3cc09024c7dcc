"""The out folder of a record system: what is taken, set aside or waits, and what a crash or a rival node costs."""

import asyncio
import os
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.folders import record_system as module
from adapters.folders.out_folder import OutFolder, make_folders
from adapters.folders.record_system import MOST_AT_ONCE
from engine.errors import OwnFault, Unavailable
from engine.names import HerId
from engine.records.log import TaskCause
from engine.records.messages import Kind
from engine.states.delivery import DeliveryState
from tests.fakes.engines.history import begin, our_case
from tests.fakes.partners.documents import apprec, reply
from tests.fakes.record_systems.out_place import NUMBER, Place, word
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE, registry


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give folders and an engine."""
    return Place(tmp_path / "inn")


async def test_an_apprec_is_taken_and_its_file_deleted(place: Place) -> None:
    """A file that was renamed into out/ is sent on, and gone; nothing stands in failed/, and nobody is called."""
    await place.received()
    place.put("kvittering.xml", word())
    await place.outbox.look()
    assert (place.left(), place.failed(), await place.causes()) == ([], [], [])
    assert await place.sent() == 1


@pytest.mark.parametrize("name", [".kvittering.xml", "kvittering.tmp", "kvittering.xml.tmp", ".xml"])
async def test_what_is_still_being_written_is_left_alone(place: Place, name: str) -> None:
    """Only names that end with .xml and do not begin with a dot are looked at."""
    await place.received()
    place.put(name, word())
    await place.outbox.look()
    assert place.left() == [name]
    assert await place.sent() == 0


async def test_what_cannot_be_used_is_set_aside_with_a_reason(place: Place) -> None:
    """A bad file stands in failed/ as it was, beside it a sentence and the task's id; nothing tells what it holds."""
    place.put("svar.xml", b"<Hemmelig>" + NUMBER.encode())
    await place.outbox.look()
    assert place.left() == []
    assert place.failed() == ["svar.xml", "svar.xml.reason.txt"]
    assert (place.home / "failed" / "svar.xml").read_bytes() == b"<Hemmelig>" + NUMBER.encode()
    (task,) = await place.pair.municipal.tasks()
    reason = (place.home / "failed" / "svar.xml.reason.txt").read_text("utf-8")
    assert reason.splitlines()[0].startswith("Filen kan ikke leses som AppRec eller hodemelding")
    assert reason.splitlines()[0].endswith("lever på nytt.")
    assert reason.splitlines()[1] == f"Oppgave: {task.subject}"
    assert (task.cause, task.role, task.owner) == (TaskCause.BAD_FILE, "drift", LEVANGER)
    (event,) = [each.event for each in await place.pair.municipal.ports.store.timeline(LEVANGER, task.subject)]
    assert (event.action, event.actor) == (TaskCause.BAD_FILE, f"epj@{LEVANGER_SERVICE}")
    for told in (reason, task.text, str(event)):
        assert "Hemmelig" not in told
        assert NUMBER not in told


async def test_the_reason_is_for_the_group_alone(place: Place) -> None:
    """Folders that the engine makes are open to owner and group, and so is a reason."""
    place.put("svar.xml", b"x")
    await place.outbox.look()
    for path in (place.home, *place.home.iterdir(), place.home / "failed" / "svar.xml.reason.txt"):
        assert not path.stat().st_mode & 0o007, path
    assert (place.home / "in").stat().st_mode & 0o7777 == 0o750
    assert (place.home / "out").stat().st_mode & 0o7777 == 0o2770


async def test_a_crash_between_commit_and_delete_costs_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a node dies before it deletes what it took, the next look deletes it, and nothing is sent again."""
    await begin(place.pair)
    await place.pair.settle()
    thread = str((await our_case(place.pair)).first_msg_id)
    place.put("kvittering.xml", apprec(thread, LEVANGER_SERVICE, GP_SERVICE))
    place.put("svar.xml", reply(thread))

    class Died(BaseException):
        """Stands for the power going out."""

    def die(*_: object, **__: object) -> None:
        raise Died

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(os, "unlink", die)
            with pytest.raises(Died):
                await place.node().look()
    assert place.left() == ["kvittering.xml", "svar.xml"]
    await place.node().look()
    assert (place.left(), place.failed()) == ([], [])
    assert (await place.sent(), await place.sent(Kind.MELDING)) == (1, 1)
    assert [task.cause for task in await place.pair.municipal.tasks()] == []


@pytest.mark.parametrize("at", range(6))
async def test_a_crash_while_a_file_is_set_aside_loses_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Wherever the moving stops, the next look ends it: one file with one reason, one task and one event."""
    place.put("svar.xml", b"x")

    class Died(BaseException):
        """Stands for the power going out."""

    left = [at]

    def counted(real):
        def call(*arguments, **more):
            if left[0] == 0:
                raise Died
            left[0] -= 1
            return real(*arguments, **more)

        return call

    with monkeypatch.context() as patched:
        for name in ("rename", "fsync", "mkdir"):
            patched.setattr(os, name, counted(getattr(os, name)))
        try:
            await place.node().look()
        except Died:
            assert at < 4
        else:
            assert at >= 4
    await place.node().look()
    assert (place.left(), place.failed()) == ([], ["svar.xml", "svar.xml.reason.txt"])
    (task,) = await place.pair.municipal.tasks()
    assert len(await place.pair.municipal.ports.store.timeline(LEVANGER, task.subject)) == 1


async def test_two_nodes_at_once_send_once(place: Place) -> None:
    """Two nodes that look at the same moment send each word once, set each bad file aside once, and log no error."""
    await begin(place.pair)
    await place.pair.settle()
    thread = str((await our_case(place.pair)).first_msg_id)
    place.put("a.xml", apprec(thread, LEVANGER_SERVICE, GP_SERVICE))
    for number in range(5):
        place.put(f"b{number}.xml", reply(thread, f"svar-{number}"))
        place.put(f"c{number}.xml", b"x")
    await asyncio.gather(*(place.node().look() for _ in range(4)))
    assert place.left() == []
    assert len(place.failed()) == 10
    assert (await place.sent(), await place.sent(Kind.MELDING)) == (1, 5)
    assert await place.causes() == [TaskCause.BAD_FILE] * 5


def forbid(monkeypatch: pytest.MonkeyPatch, name: str, what: str) -> None:
    """Let a call of the system say no to one name, as it does to everybody but the root that tests may run as."""
    real = getattr(os, name)

    def call(path, *arguments, **more):
        if path == what:
            raise PermissionError(13, "nei", path)
        return real(path, *arguments, **more)

    monkeypatch.setattr(os, name, call)


async def test_a_file_that_we_may_not_read_is_set_aside(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the right to read it a file is moved with a reason that says so: no look stumbles over it again."""
    place.put("lukket.xml", word())
    forbid(monkeypatch, "open", "lukket.xml")
    await place.outbox.look()
    assert (place.left(), place.failed()) == ([], ["lukket.xml", "lukket.xml.reason.txt"])
    (task,) = await place.pair.municipal.tasks()
    assert "record_system.file_closed" in task.text


@pytest.mark.parametrize(("call", "data"), [("unlink", "good"), ("rename", "bad")])
async def test_a_file_that_cannot_be_moved_is_told_of_once(
    place: Place, monkeypatch: pytest.MonkeyPatch, call: str, data: str
) -> None:
    """A file that stays where it is calls a person once, and is neither read nor logged again until it changes."""
    await place.received()
    path = place.put("a.xml", word() if data == "good" else b"x")
    with monkeypatch.context() as patched, capture_logs() as lines:
        forbid(patched, call, "a.xml")
        reads = []
        patched.setattr(OutFolder, "read", lambda *a, real=OutFolder.read: (reads.append(1), real(*a))[1])
        for _ in range(5):
            await place.outbox.look()
        assert len(reads) == 1
    assert (await place.causes()).count(TaskCause.FILE_WAITS) == 1
    assert [line["event"] for line in lines].count("out_file_waits") == 1
    path.touch()
    await place.outbox.look()
    assert place.left() == []
    assert await place.sent() == (1 if data == "good" else 0)


async def test_a_file_waits_while_something_of_ours_is_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own fault sets no file aside: a task opens, it is tried again with longer pauses, and the task closes."""
    await place.received()
    place.put("svar.xml", reply("dokument-1"))
    place.pair.use(registry(her_8090300={"certificates": []}))
    tries = []
    real = module.take_word

    async def counted(ports, her, data):
        tries.append(ports.clock.now())
        await real(ports, her, data)

    monkeypatch.setattr(module, "take_word", counted)
    for _ in range(6 * 60):
        await place.outbox.look()
        place.pair.clock.advance(minutes=1)
    gaps = [int((b - a).total_seconds() // 60) for a, b in pairwise(tries)]
    assert gaps[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert (place.left(), place.failed(), await place.causes()) == (["svar.xml"], [], [TaskCause.FILE_WAITS])
    place.pair.use(registry())
    place.pair.clock.advance(hours=1)
    await place.outbox.look()
    assert (place.left(), await place.causes()) == ([], [])
    assert await place.sent(Kind.MELDING) == 1


async def test_an_error_of_ours_does_not_stop_the_other_files(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that an unforeseen error strikes waits, and those after it are taken; the error's text is not told."""
    await place.received()
    place.put("a.xml", b"x")
    place.put("b.xml", word())
    real = module.take_word

    async def fail(ports, her, data):
        if data == b"x":
            raise RuntimeError(NUMBER)
        await real(ports, her, data)

    monkeypatch.setattr(module, "take_word", fail)
    await place.outbox.look()
    assert (place.left(), await place.sent()) == (["a.xml"], 1)
    (task,) = await place.pair.municipal.tasks()
    assert "RuntimeError" in task.text
    assert NUMBER not in task.text


async def test_a_database_that_is_away_leaves_every_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database does not answer the look ends, and all files stand where they stood."""
    place.put("a.xml", b"x")
    place.put("b.xml", b"y")

    async def away(*_: object) -> None:
        raise Unavailable("borte")

    with monkeypatch.context() as patched:
        patched.setattr(module, "take_word", away)
        with pytest.raises(Unavailable):
            await place.outbox.look()
    assert place.left() == ["a.xml", "b.xml"]
    await place.outbox.look()
    assert place.left() == []


async def test_paused_files_do_not_keep_others_waiting(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch full of files that wait leaves room for the one behind them."""
    await place.received()
    for number in range(MOST_AT_ONCE + 1):
        place.put(f"a{number:02d}.xml", b"x")
    place.put("b.xml", word())
    real = module.take_word

    async def lacking(ports, her, data):
        if data == b"x":
            raise OwnFault("mangler")
        await real(ports, her, data)

    monkeypatch.setattr(module, "take_word", lacking)
    for _ in range(2):
        await place.outbox.look()
    assert await place.sent() == 1


async def test_a_party_that_gets_a_folder_later_has_one_at_the_next_look(place: Place) -> None:
    """A new register with another folder party is followed without a restart; what others own has none."""
    place.pair.use(registry(her_8090201={"inbox": "folder"}, her_8090301={"inbox": "folder"}))
    await place.outbox.look()
    assert sorted(path.name for path in place.root.iterdir()) == [LEVANGER_SERVICE, "8090201"]
    assert sorted(path.name for path in (place.root / "8090201").iterdir()) == ["in", "out"]


def test_folders_are_made_where_nothing_was(tmp_path: Path) -> None:
    """in/ and out/ are made with the folders above them, closed to others, and made again without harm."""
    for _ in range(2):
        make_folders(tmp_path / "a" / "b", HerId("8090101"))
    assert sorted(path.name for path in (tmp_path / "a" / "b" / "8090101").iterdir()) == ["in", "out"]
    home = tmp_path / "a" / "b" / "8090101"
    modes = {path.name: path.stat().st_mode & 0o7777 for path in home.iterdir()}
    assert modes == {"in": 0o750, "out": 0o2770}


async def test_a_delivery_ends_with_the_file(place: Place) -> None:
    """From the file to the sender's screen: the deviation that waited for the record system's word is delivered."""
    sent = await place.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await place.pair.settle()
    assert (await place.pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTKVITTERT
    place.put("kvittering.xml", apprec(str(sent.msg_id), LEVANGER_SERVICE, GP_SERVICE))
    await place.outbox.look()
    await place.pair.settle()
    assert (await place.pair.gp.message(sent.id)).state is DeliveryState.LEVERT
