"""Takes shipments from the folders of [[edialog]], one by one, into the engine.

A shipment is deleted after the commit that took it, so that a crash between the two costs nothing: the engine knows its
id. A shipment that cannot be used goes to failed/NAME, with NAME.reason.txt beside it.

What lies there for a quarter of an hour and is no shipment that is ready is told of by its name.

Diagnostics: `shipment_failed`, `shipment_waits` and `shipment_not_taken` name the folder and the id of the task,
`shipments_unusable` the folder. A wait is reported once, and closed when it is over.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from adapters.folders.edialog_folder import Item, OpenToAll, ShipmentFolder, make_shipment_folders
from adapters.folders.overlooked import MOST_TOLD, Overlooked
from adapters.settings import Edialog
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.channels.edialog import close_report, report_name, report_waiting, set_aside, take_shipment
from engine.codes.channel import ChannelCode
from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement
from engine.commit.ports import Ports
from engine.errors import OwnFault, Refused, Unavailable
from engine.records.channels import Source

MOST_AT_ONCE = 20
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Found:
    """One shipment at one look."""

    ports: Ports
    source: Source
    folder: ShipmentFolder
    item: Item


class Shipments:
    """Looks into every folder of shipments. `ports` returns the ports now; a shipment has at most `most_bytes`."""

    def __init__(self, folders: Sequence[Edialog], ports: Callable[[], Ports], most_bytes: int) -> None:
        self._folders = folders
        self._ports = ports
        self._most_bytes = most_bytes
        self._waits: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._closed: set[str] = set()
        self._overlooked = Overlooked()

    def prepare(self) -> None:
        """Make the folders. One that cannot be made is reported at the next look."""
        for each in self._folders:
            try:
                make_shipment_folders(each.directory)
            except OSError as error:
                _log.error("shipments_unusable", source=each.name, error=type(error).__name__)

    async def look(self) -> None:
        """Take what is ready, at most 20 shipments a folder. Safe to run on several nodes at once.

        Raises Unavailable where the database does not answer: the shipments stay.
        """
        for each in self._folders:
            try:
                await self._look_into(each)
            except OSError as error:
                code = ChannelCode.FOLDER_OPEN_TO_ALL if isinstance(error, OpenToAll) else ChannelCode.FOLDER_CLOSED
                await self._report_closed(each.source(), Statement.of(code))
            else:
                await self._report_open(each.source())

    async def _look_into(self, each: Edialog) -> None:
        ports = self._ports()
        folder = await asyncio.to_thread(_opened, each)
        try:
            await asyncio.to_thread(folder.clear)
            items = await asyncio.to_thread(folder.items)
            present = {(each.name, item.id) for item in items}
            self._waits = {key: held for key, held in self._waits.items() if key[0] != each.name or key in present}
            free = [item for item in items if not self._waits_still(each, item, ports.clock.now())]
            for item in free[:MOST_AT_ONCE]:
                await self._guarded(_Found(ports, each.source(), folder, item))
            await self._tell_of_others(ports, each.source(), folder)
        finally:
            folder.close()

    async def _tell_of_others(self, ports: Ports, source: Source, folder: ShipmentFolder) -> None:
        ids = await asyncio.to_thread(folder.others, MOST_TOLD)
        looked = self._overlooked.look(source.name, ids, ports.clock.now())
        for id in looked.over:
            await close_report(ports, source, id)
        for name in looked.due:
            task = await report_name(ports, source, ids[name], name)
            _log.warning("shipment_not_taken", source=source.name, task=str(task))
            self._overlooked.told(source.name, name)

    def _waits_still(self, each: Edialog, item: Item, now: datetime) -> bool:
        held = self._waits.get((each.name, item.id))
        return held is not None and now < held[0]

    async def _guarded(self, found: _Found) -> None:
        """Take one shipment. Whatever is wrong with it or with us must not keep the others waiting."""
        try:
            await self._take(found)
        except FileNotFoundError:
            return
        except (OwnFault, Unavailable) as error:
            await self._wait(found, Statement.of(OperationsCode.LACKS, error=error.statement))
        except Exception as error:  # a bug of ours, or a fault of a disk, delays one shipment and never stops the node
            await self._wait(found, Statement.of(OperationsCode.OUR_ERROR, kind=type(error).__name__))

    async def _take(self, found: _Found) -> None:
        try:
            metadata, files = await asyncio.to_thread(found.folder.read, found.item, self._most_bytes)
            await take_shipment(found.ports, found.source, metadata, files)
        except Refused as error:
            await self._fail(found, error.statement or str(error))
            return
        if (found.source.name, found.item.id) in self._waits:
            await close_report(found.ports, found.source, found.item.id)
        await self._put_away(found, lambda: found.folder.remove(found.item))

    async def _fail(self, found: _Found, reason: Statement | str) -> None:
        task = await set_aside(found.ports, found.source, found.item.id, reason)
        _log.warning("shipment_failed", source=found.source.name, task=str(task))
        text = f"{sentence(reason, Language.NB)}\nOppgave: {task}\n"
        await self._put_away(found, lambda: found.folder.fail(found.item, text))

    async def _put_away(self, found: _Found, step: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(step)
        except OSError:
            await self._wait(found, Statement.of(ChannelCode.STAYS))

    async def _wait(self, found: _Found, reason: Statement) -> None:
        key = (found.source.name, found.item.id)
        tries = self._waits.get(key, (None, 0))[1]
        pause = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
        self._waits[key] = (found.ports.clock.now() + pause, tries + 1)
        task = await report_waiting(found.ports, found.source, found.item.id, reason)
        _log.warning("shipment_waits", source=found.source.name, task=str(task))

    async def _report_closed(self, source: Source, reason: Statement) -> None:
        if source.name not in self._closed:
            await report_waiting(self._ports(), source, "", reason)
            _log.error("shipments_unusable", source=source.name)
            self._closed.add(source.name)

    async def _report_open(self, source: Source) -> None:
        if source.name in self._closed:
            await close_report(self._ports(), source, "")
            self._closed.discard(source.name)


def _opened(each: Edialog) -> ShipmentFolder:
    make_shipment_folders(each.directory)
    return ShipmentFolder(each.directory)
