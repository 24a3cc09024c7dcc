"""Puts answers into the folder of the channel that their case came by: out/SHIPMENT-ID/, whole or not at all.

It holds svar.pdf, metadata.json (engine.shipments.answer_metadata) and .ready; the program that sends it deletes it. A
second answer to the same shipment gets a name of its own.
"""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from adapters.inbox.folder import LONGEST_NAME, durable, held_by, make_folder, moved_in, sync_folder
from adapters.inbox.shipment_folder import METADATA, READY
from adapters.settings import Edialog
from engine.errors import OwnFault
from engine.records import Letter, Work
from engine.shipments import ANSWER_FILE, answer_metadata
from engine.world import World


class LetterBox:
    """Writes answers below the directories of [[edialog]]."""

    def __init__(self, folders: Sequence[Edialog]) -> None:
        self._folders = {each.name: each for each in folders}

    async def post(self, work: Work, world: World) -> None:
        """Put one answer into its folder. Raises OwnFault where that is configured no more."""
        async with world.store.begin() as uow:
            found = await uow.letter(work.owner, work.subject)
            shipment = await uow.shipment_of(work.owner, found[0].case_id) if found else None
            case = await uow.case(work.owner, found[0].case_id) if found else None
        if found is None or shipment is None or case is None:
            raise OwnFault(f"answer {work.subject} is gone")
        letter, pdf = found
        if letter.delivered_on is None:
            folder = self._folders.get(letter.source)
            if folder is None:
                raise OwnFault(f"[[edialog]] {letter.source} is not configured any more, and an answer waits for it.")
            told = answer_metadata(letter, case.number, shipment[1], folder.source().keys)
            await asyncio.to_thread(write_answer, folder.directory / "out", letter, pdf, told)
        async with world.store.begin() as uow:
            await uow.finish_work(work)
            if now := await uow.letter(work.owner, work.subject):
                await uow.settle_letter(work.owner, replace(now[0], exported_at=world.clock.now()))


def write_answer(out: Path, letter: Letter, pdf: bytes, metadata: bytes) -> Path:
    """Write an answer and return where it stands; writing it again while it is there changes nothing."""
    target = _target(out, letter)
    if held_by(target, "letter_id") == str(letter.id):
        return target
    draft = out / f".{letter.id}"
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft)
    durable(draft / ANSWER_FILE, pdf)
    durable(draft / METADATA, metadata)
    durable(draft / READY, b"")
    draft.chmod(0o2770)
    sync_folder(draft)
    return moved_in(draft, lambda: _target(out, letter))


def _target(out: Path, letter: Letter) -> Path:
    """Return the folder of an answer: the id of its shipment made safe as a name, unless another answer has that."""
    name = quote(letter.shipment, safe="").replace("~", "%7E")
    if name.startswith((".", "-")):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    target = out / (name if len(name) <= LONGEST_NAME else str(letter.id))
    if held_by(target, "letter_id") not in {None, str(letter.id)}:
        return out / f"{target.name[:LONGEST_NAME]}~{letter.id}"
    return target
