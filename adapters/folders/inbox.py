"""A party's inbox as a folder: HER-ID/in/MSGID/ with document.xml, attachments/ and metadata.json.

Everything is written in a hidden folder beside it, made durable, and renamed in, so that a reader sees all or nothing.
Names that partners chose are made harmless; content is written as it came and never opened here.

metadata.json holds: `msg_id`, `message_type`, `sender_her`, `receiver_her` (whose inbox this is), `addressed_to_her`,
`conversation` and `parent` (MsgIds, null in a first message), `received_at` (UTC), `note` (why it came here, '' when
as addressed), `item_id`, and `attachments`: a list of `file` (name in attachments/), `name` and `mime_type` as the
sender gave them, `type` (what it is by its bytes: application/pdf, image/png, image/jpeg, image/tiff or Samvik's own,
else application/octet-stream), `size` in bytes, and `made`. `file` ends as `type` says, in .bin for what no reader
should open; it is null for what lies elsewhere and was not fetched. `made` is true for the last one where it did not
come: the PDF of a deviation whose sender leaves it to us. It stands as 00-avvik.pdf, for document.xml does not have it,
and a party of the register with `folder_pdf = false` gets none.

After a restore the engine may not know any more what it has given. `repeat` says so: `yes` where the same document of
the same sender stands beside, byte for byte; `may` where it may have been given before, or another document of the same
sender and MsgId stands there; else `no`. `repeat_of` is the `item_id` of what stands there, null for nothing.
"""

import asyncio
import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from glob import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog

from adapters.machine import kill_hooks
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.codes.message import MessageCode
from engine.commit.large_work import has_room
from engine.commit.ports import Ports
from engine.errors import OwnFault
from engine.files.kind import shown_type
from engine.files.name import safe_name
from engine.inbox.made_pdf import MADE_FILE, folder_renderer, made_pdf
from engine.inbox.repeats import Given, Repeat, repeat_beside, repeat_of
from engine.payload.attachment import Attachment
from engine.payload.msghead import MsgHead, read_msghead
from engine.ports import PdfRenderer, UnitOfWork, Way
from engine.records.inbox import ReceivedDocument
from engine.records.work import Work

_log = structlog.get_logger()

LONGEST_NAME = 120
_UNSAFE = re.compile(r"[^A-Za-z0-9ÆØÅæøå._-]+")


class InboxFolder:
    """Writes inbox items below one root folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def fill(self, work: Work, ports: Ports) -> None:
        """Put the item of a piece of work into its party's folder, and note that. Raises OwnFault where it is gone."""
        async with AsyncExitStack() as held:
            ready = await ports.store.share(partial(_ready, work=work, ports=ports, held=held))
            if ready is None:
                return
            found, restored = ready
            renderer = folder_renderer(ports, found[0].receiver)
            await asyncio.to_thread(self.write, *found, repeat_of(found[0], restored), renderer)
            await ports.store.share(partial(_note, work=work, now=ports.clock.now()))

    def write(
        self,
        item: ReceivedDocument,
        document: bytes,
        repeat: Repeat = Repeat.NO,
        renderer: PdfRenderer | None = None,
    ) -> Path:
        """Put an item into its party's folder and return where it stands; writing it again changes nothing.

        `repeat` is what the engine knows of whether it was given before; the folder may know more. `renderer` makes the
        PDF that the sender left out; None makes none.
        """
        inbox = self._root / item.receiver / "in"
        make_folder(inbox.parent)
        make_folder(inbox)
        target = _target(inbox, item)
        if held_by(target, "item_id") == str(item.id):
            # Who renamed it may have died before that was durable.
            sync_folder(inbox)
            return target
        draft = inbox / f".{item.id}"
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft)
        make_folder(draft / "attachments")
        files = _files(draft, read_msghead(document), renderer)
        durable(draft / "document.xml", document)
        # All the names are only looked through where a restore gives reason to: there may be thousands.
        there = _given(inbox, item, document, thorough=repeat is not Repeat.NO)
        found, other = repeat_beside(repeat, list(there))
        metadata = described(item, found) | {"repeat_of": other, "attachments": files}
        durable(draft / "metadata.json", json.dumps(metadata, ensure_ascii=False, indent=2).encode())
        sync_folder(draft / "attachments")
        sync_folder(draft)
        kill_hooks.reached(kill_hooks.Step.INBOX_BEFORE_RENAME)
        moved = moved_in(draft, lambda: _target(inbox, item))
        kill_hooks.reached(kill_hooks.Step.INBOX_AFTER_RENAME)
        return moved


async def _ready(
    uow: UnitOfWork, work: Work, ports: Ports, held: AsyncExitStack
) -> tuple[tuple[ReceivedDocument, bytes], datetime | None] | None:
    """Return an item with its document, and when a backup was restored last; None where it is not to be given now."""
    if not await has_room(uow, ports, work, Way.IN, held):
        return None
    found = await uow.inbox_item(work.owner, work.subject)
    if found is None:
        raise OwnFault(MessageCode.ITEM_GONE)
    return found, await uow.last_restored()


async def _note(uow: UnitOfWork, work: Work, now: datetime) -> None:
    """Note that an item stands in its folder."""
    await uow.finish_work(work)
    await uow.mark_exported(work.owner, work.subject, now)


def _target(inbox: Path, item: ReceivedDocument) -> Path:
    """Return the folder of an item: its MsgId made safe as a name; another sender's same MsgId gets one of its own."""
    return place_of(inbox, item.msg_id, "item_id", str(item.id))


def _given(inbox: Path, item: ReceivedDocument, document: bytes, *, thorough: bool) -> Iterator[Given]:
    """Yield what else stands in the folder by an item's sender and MsgId."""
    name = _named(item.msg_id)
    if len(name) > LONGEST_NAME:
        return  # it stands under our own id, which is another each time
    others = sorted(inbox.glob(f"{escape(name)}~*")) if thorough else []
    for folder in (inbox / name, *others):
        told = _told(folder)
        if not isinstance(told, dict) or told.get("item_id") == str(item.id):
            continue
        if (told.get("msg_id"), told.get("sender_her")) == (item.msg_id, item.sender):
            yield Given(str(told.get("item_id")), _holds(folder / "document.xml", document))


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def place_of(root: Path, wanted: str, key: str, id: str) -> Path:
    """Return where a folder is to stand: by a stranger's id made safe as a name, unless another holds that name.

    Whose a folder is, `key` of its metadata.json says; `id` is ours, and in the name where the wanted one will not do.
    """
    name = _named(wanted)
    target = root / (name if len(name) <= LONGEST_NAME else id)
    held = held_by(target, key)
    if held == "":
        # Somebody else's file or folder. Its name is a stranger's MsgId, and so is not told.
        _log.warning("name_is_taken", folder=str(root), put=id)
    if held not in {None, id}:
        return root / f"{target.name[:LONGEST_NAME]}~{id}"
    return target


def _named(wanted: str) -> str:
    name = quote(wanted, safe="").replace("~", "%7E")
    # Neither hidden from who lists the folder, nor an option to a program that is given its names.
    return f"%{ord(name[0]):02X}{name[1:]}" if name.startswith((".", "-")) else name


def _files(draft: Path, head: MsgHead, renderer: PdfRenderer | None) -> list[dict[str, Any]]:
    """Write the files of a document, and the PDF that is made of it; return what metadata says of them."""
    files = [_attachment(draft, number, each) for number, each in enumerate(head.attachments, 1)]
    made = _made(renderer, head, draft.name) if renderer else None
    if made is None:
        return files
    durable(draft / "attachments" / MADE_FILE, made.content)
    said = {"name": made.name, "mime_type": made.mime_type, "type": made.mime_type, "size": len(made.content)}
    return [*files, {"file": MADE_FILE, **said, "made": True}]


def _made(renderer: PdfRenderer, head: MsgHead, item: str) -> Attachment | None:
    try:
        return made_pdf(renderer, head)
    except Exception as error:  # the text says everything: no page of it may keep a document from its reader
        _log.error("pdf_not_made", item=item, error=type(error).__name__)
        return None


def _attachment(draft: Path, number: int, attachment: Attachment) -> dict[str, Any]:
    told = {"name": attachment.name, "mime_type": attachment.mime_type, "type": shown_type(attachment), "made": False}
    if attachment.file_reference:
        return {"file": None, **told, "size": 0}
    file = f"{number:02d}-{_UNSAFE.sub('_', safe_name(attachment))}"
    durable(draft / "attachments" / file, attachment.content)
    return {"file": file, **told, "size": len(attachment.content)}


def described(item: ReceivedDocument, repeat: Repeat) -> dict[str, Any]:
    """Return what metadata says of an item beside its attachments, in the folder and over HTTP."""
    return {
        "item_id": str(item.id),
        "msg_id": item.msg_id,
        "message_type": item.message_type,
        "sender_her": item.sender,
        "receiver_her": item.receiver,
        "addressed_to_her": item.addressed_to,
        "conversation": item.conversation,
        "parent": item.parent,
        "received_at": item.received_at.isoformat(),
        "note": sentence(item.note, Language.NB),
        "repeat": repeat.value,
    }


def held_by(folder: Path, key: str) -> str | None:
    """Return whose folder it is, by a key of its metadata.json; None where nothing stands there, '' for another's."""
    told = _told(folder)
    if told is None:
        return "" if os.path.lexists(folder) else None
    return str(told.get(key)) if isinstance(told, dict) else ""


def _told(folder: Path) -> object:
    """Return what metadata.json says; None where there is none, '' where it is none of ours."""
    try:
        return json.loads((folder / "metadata.json").read_text("utf-8")) or ""
    except FileNotFoundError:
        return None
    except (NotADirectoryError, IsADirectoryError, ValueError):
        return ""


def moved_in(draft: Path, target: Callable[[], Path]) -> Path:
    """Rename a folder to where it is to stand, durably, and return that; `target` looks for a name that is free.

    Where another took the name since it was looked for, it is looked for once more.
    """
    place = target()
    try:
        draft.rename(place)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        place = target()
        draft.rename(place)
    sync_folder(place.parent)
    return place


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner and group can enter: `parents=True` would leave those between open to all."""
    folder.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    folder.mkdir(mode=0o750, exist_ok=True)


def durable(path: Path, data: bytes) -> None:
    """Write a new file for its owner and group, and return when it is on disk."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o640)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
