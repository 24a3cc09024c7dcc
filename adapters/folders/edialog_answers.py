"""Puts answers into the folder of the channel that their case came by: out/SHIPMENT-ID/, whole or not at all.

The folder of an answer holds svar.pdf, metadata.json (engine.channels.edialog.answer_metadata) and .ready. The program
that sends the answer deletes the folder. A second answer to the same shipment gets a name of its own.
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from adapters.folders.edialog_folder import METADATA, READY
from adapters.folders.inbox import durable, held_by, make_folder, moved_in, place_of, sync_folder
from adapters.settings import Edialog
from engine.casework.letters import posted, to_post
from engine.channels.edialog import ANSWER_FILE, answer_metadata
from engine.codes.channel import ChannelCode
from engine.commit.ports import Ports
from engine.errors import OwnFault
from engine.records.channels import Letter
from engine.records.work import Work


class LetterBox:
    """Writes answers below the directories of [[edialog]]."""

    def __init__(self, folders: Sequence[Edialog]) -> None:
        self._folders = {each.name: each for each in folders}

    async def post(self, work: Work, ports: Ports) -> None:
        """Put one answer into its folder. Raises OwnFault where the folder is not configured any more."""
        found = await to_post(work, ports)
        if found is not None:
            folder = self._folders.get(found.letter.source)
            if folder is None:
                raise OwnFault(ChannelCode.NOT_CONFIGURED, source=found.letter.source)
            metadata = answer_metadata(found.letter, found.number, found.metadata, folder.source().keys)
            await asyncio.to_thread(write_answer, folder.directory / "out", found.letter, found.pdf, metadata)
        await posted(work, ports)


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
    return place_of(out, letter.shipment, "letter_id", str(letter.id))
