"""The way back from a record system: files that it leaves in HER-ID/out/, taken one by one into the engine.

A file is written elsewhere (under a name that begins with '.' or ends otherwise) and renamed to NAME.xml in out/, in
whatever letters the ending is; a name is used again only when its file is gone. What lies in out/ for a quarter of an
hour under another name is told of. It is deleted after the commit that took it, so that a crash between
the two costs nothing: the engine knows what it has taken. What cannot be used goes to failed/NAME.xml, with
NAME.xml.reason.txt beside it. Nothing is followed out of the folder: no symbolic link, device or pipe is opened.

Diagnostics: `out_file_failed`, `out_file_waits` and `out_file_not_taken` name the party and the id of the task,
`out_folder_unusable` the party. Each is told once, and again only when the file has changed or a wait is over.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from adapters.folders.out_folder import Mark, OutFolder, Unusable, make_folders
from adapters.folders.overlooked import MOST_TOLD, Overlooked
from adapters.machine import kill_hooks
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.codes.operations import OperationsCode
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.commit.ports import Ports
from engine.errors import OwnFault, Refused, Unavailable
from engine.names import HerId
from engine.record_system.taking import call_about, call_about_name, close_call, folder_parties, set_aside, take_word

MOST_AT_ONCE = 50
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Pause:
    """A file that is left alone until a time, or for as long as it does not change; `tries` have failed before."""

    mark: Mark | None
    until: datetime | None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """One file at one look."""

    ports: Ports
    folder: OutFolder
    her_id: HerId
    name: str
    mark: Mark

    @property
    def id(self) -> str:
        return self.mark.told(self.name)


class Outbox:
    """Looks into the out folders of every party with a folder, below one root. `ports` gives the surroundings now."""

    def __init__(self, root: Path, ports: Callable[[], Ports], most_bytes: int) -> None:
        self._root = root
        self._ports = ports
        self._most_bytes = most_bytes
        self._pauses: dict[tuple[HerId, str], _Pause] = {}
        self._closed: set[HerId] = set()
        self._overlooked = Overlooked()

    def prepare(self) -> None:
        """Make the folders of every party with a folder. One that cannot be made is told of at the next look."""
        for her_id in folder_parties(self._ports().policy):
            try:
                make_folders(self._root, her_id)
            except OSError as error:
                _log.error("out_folder_unusable", her_id=her_id, error=type(error).__name__)

    async def look(self) -> None:
        """Take what stands in the out folders, at most 50 files of each party, and make folders that are missing.

        Safe to run on several nodes at once. Raises Unavailable where the database does not answer: the files stay.
        """
        ports = self._ports()
        for her_id in folder_parties(ports.policy):
            try:
                await self._look_into(ports, her_id)
            except OSError as error:
                # Opened or not, one party's folder must not keep the others waiting.
                await self._tell_closed(ports, her_id, error)
            else:
                self._closed.discard(her_id)

    async def _look_into(self, ports: Ports, her_id: HerId) -> None:
        folder = await asyncio.to_thread(self._opened, her_id)
        try:
            await self._look_at(ports, her_id, folder)
        finally:
            folder.close()

    def _opened(self, her_id: HerId) -> OutFolder:
        make_folders(self._root, her_id)
        return OutFolder(self._root, her_id)

    async def _tell_closed(self, ports: Ports, her_id: HerId, error: OSError) -> None:
        if her_id not in self._closed:
            await call_about(ports, her_id, "", Statement.of(RecordSystemCode.FOLDER_CLOSED))
            _log.error("out_folder_unusable", her_id=her_id, error=type(error).__name__)
            self._closed.add(her_id)

    async def _look_at(self, ports: Ports, her_id: HerId, folder: OutFolder) -> None:
        names = await asyncio.to_thread(folder.names)
        present = set(names)
        self._pauses = {key: held for key, held in self._pauses.items() if key[0] != her_id or key[1] in present}
        now = ports.clock.now()
        free = [name for name in names if not self._is_paused(her_id, name, folder, now)]
        for name in free[:MOST_AT_ONCE]:
            mark = folder.mark(name)
            if mark is not None:
                await self._guarded(_Found(ports, folder, her_id, name, mark))
        await self._tell_of_others(ports, her_id, folder)

    async def _tell_of_others(self, ports: Ports, her_id: HerId, folder: OutFolder) -> None:
        marks = await asyncio.to_thread(folder.others, MOST_TOLD)
        ids = {name: mark.told(name) for name, mark in marks.items()}
        looked = self._overlooked.look(her_id, ids, ports.clock.now())
        for id in looked.over:
            await close_call(ports, her_id, id)
        for name in looked.due:
            task = await call_about_name(ports, her_id, ids[name], name)
            _log.warning("out_file_not_taken", her_id=her_id, task=str(task))
            self._overlooked.told(her_id, name)

    def _is_paused(self, her_id: HerId, name: str, folder: OutFolder, now: datetime) -> bool:
        held = self._pauses.get((her_id, name))
        if held is None or folder.mark(name) != held.mark:
            return False
        return held.until is None or now < held.until

    async def _guarded(self, found: _Found) -> None:
        """Take one file; whatever is wrong with it or with us must not keep the others waiting."""
        try:
            await self._take(found)
        except FileNotFoundError:
            return
        except Unavailable:
            raise
        except OwnFault as error:
            lacks = Statement.of(OperationsCode.LACKS, error=error.statement)
            await self._wait(found, lacks)
        except Exception as error:  # a bug of ours, or of a disk, must cost one file a wait, never the node
            await self._wait(found, Statement.of(OperationsCode.OUR_ERROR, kind=type(error).__name__))

    async def _take(self, found: _Found) -> None:
        try:
            data = await asyncio.to_thread(found.folder.read, found.name, found.mark, self._most_bytes)
            with kill_hooks.in_hand(found.name, kill_hooks.Commit.OUT):
                await take_word(found.ports, found.her_id, data)
        except (Unusable, Refused) as error:
            await self._fail(found, error.statement or str(error))
            return
        if (found.her_id, found.name) in self._pauses:
            await close_call(found.ports, found.her_id, found.id)
        await self._put_away(found, lambda: found.folder.remove(found.name, found.mark))
        kill_hooks.reached(kill_hooks.Step.OUT_AFTER_REMOVE, found.name)

    async def _fail(self, found: _Found, reason: Statement | str) -> None:
        task = await set_aside(found.ports, found.her_id, found.id, reason)
        _log.warning("out_file_failed", her_id=found.her_id, task=str(task))
        text = f"{sentence(reason, Language.NB)}\nOppgave: {task}\n"
        await self._put_away(found, lambda: found.folder.fail(found.name, found.mark, text))

    async def _put_away(self, found: _Found, step: Callable[[], None]) -> None:
        """Delete or move a file that is done with; where that fails, it is left alone until it changes."""
        try:
            await asyncio.to_thread(step)
        except FileNotFoundError:
            return
        except OSError:
            await self._pause(found, _Pause(found.mark, None), Statement.of(RecordSystemCode.FILE_STAYS))

    async def _wait(self, found: _Found, reason: Statement) -> None:
        held = self._pauses.get((found.her_id, found.name))
        tries = held.tries + 1 if held and held.mark == found.mark else 1
        until = found.ports.clock.now() + min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
        await self._pause(found, _Pause(found.mark, until, tries), reason)

    async def _pause(self, found: _Found, pause: _Pause, reason: Statement) -> None:
        self._pauses[found.her_id, found.name] = pause
        task = await call_about(found.ports, found.her_id, found.id, reason)
        _log.warning("out_file_waits", her_id=found.her_id, task=str(task), reason=str(reason))
