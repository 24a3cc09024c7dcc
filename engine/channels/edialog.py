"""Shipments of an eDialog form (KS SvarUt, SvarInn) that another program put into a folder: PDFs with their metadata.

Each opens one case to be judged, by the id of the shipment. Its clock runs from the time that the metadata gives. What
the keys of the metadata are called is configuration: the real names are not known for sure (process.md, finding 1).
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engine.case.calendar import oslo_date
from engine.case.channel import Channel
from engine.channels.registering import UNNAMED, open_received
from engine.codes.channel import ChannelCode
from engine.codes.statement import Statement
from engine.commit.actor import System
from engine.commit.commit import Commit
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.commit.tasks import call_off, call_once
from engine.deviation.fields import LONGEST_LINE, LONGEST_TITLE, Deviation, DeviationKind
from engine.deviation.labels import SENTENCES
from engine.errors import BadName, OwnFault, Refused
from engine.files.kind import AGREEABLE, FileKind, mime_of, sniff
from engine.files.name import clean_name, named_as, shown_name
from engine.names import OUTSIDE, HerId, opaque
from engine.outbound.attachments import infected
from engine.payload.attachment import Attachment
from engine.records.channels import Letter, MetadataKeys, Shipment, Source
from engine.records.log import TaskCause
from engine.states.role import SystemRole
from engine.times import OSLO

MOST_FILES = 50
ANSWER_FILE = "svar.pdf"
SKEW = timedelta(minutes=10)
"""How far ahead of ours the clock of another system may be."""
_ORGANISATION = re.compile(r"(?:NO)?([0-9]{9})(?:MVA)?")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_HALF_SIGN = re.compile(r"[\ud800-\udfff]")
"""Half a surrogate pair of UTF-16: JSON can hold it, but no row or file can."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the metadata of a shipment says. `number` is the sender's organisation number."""

    id: str
    received: datetime
    title: str
    name: str
    number: str
    reply_to: str


def read_metadata(data: bytes, keys: MetadataKeys) -> Metadata:
    """Return what metadata says. Raises Refused, naming the key that is wrong and repeating nothing of the content."""
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused(ChannelCode.NO_JSON) from None
    if not isinstance(table, dict):
        raise Refused(ChannelCode.NO_OBJECT)
    try:
        id = opaque("id", _text(table, keys.shipment))
    except BadName:
        raise Refused(ChannelCode.NO_SHIPMENT_ID, key=keys.shipment) from None
    return Metadata(
        id,
        _time(_at(table, keys.received), keys.received),
        _text(table, keys.title),
        _text(table, keys.sender_name),
        _text(table, keys.sender_number),
        _text(table, keys.reply_to),
    )


async def take_shipment(ports: Ports, source: Source, metadata: bytes, files: Sequence[tuple[str, bytes]]) -> bool:
    """Open a case for a shipment with its files, by name and bytes; False where its id has opened one before.

    When this returns, the case is committed. Raises Refused, repeating nothing of the content, where the shipment
    cannot be used; OwnFault or Unavailable where it can be tried again. Nothing has then changed.
    """
    owner, now = ports.policy.owner_of(source.party), ports.clock.now()
    if owner is None:
        raise OwnFault(ChannelCode.NOT_SERVED, her_id=source.party, source=source.name)
    read = read_metadata(metadata, source.keys)
    if read.received > now + SKEW:
        raise Refused(ChannelCode.TIME_NOT_COME, key=source.keys.received)
    attached = [_attachment(number, *file) for number, file in enumerate(files, 1)]
    if FileKind.PDF not in {sniff(each.content) for each in attached}:
        raise Refused(ChannelCode.NO_PDF)
    found = await infected(ports, attached)
    if found is not None:
        raise Refused(ChannelCode.INFECTED, file_number=found[0], virus=found[1])
    parties = (owner, source.party, sender_of(ports.policy, read, now))
    async with ports.store.begin() as uow:
        shipment = Shipment(owner, source.name, read.id, ports.ids.new(), _digest(metadata, attached), now)
        known = await uow.claim_shipment(owner, shipment, metadata)
        if known is not None and known.sha256 != shipment.sha256:
            raise Refused(ChannelCode.SAME_ID)
        if known is None:
            await _open(Commit(uow, ports, now, _folder(source)), parties, read, attached, shipment.case_id)
        return known is None


async def _open(
    commit: Commit,
    parties: tuple[HerId, HerId, HerId],
    read: Metadata,
    attached: Sequence[Attachment],
    case_id: UUID,
) -> None:
    draft, day = draft_of(read, len(attached)), oslo_date(read.received)
    await open_received(commit, parties, Channel.EDIALOG, draft, day, attached, judged=False, id=case_id)


def answer_metadata(letter: Letter, number: str, metadata: bytes, keys: MetadataKeys) -> bytes:
    """Return what goes beside the answer to a shipment, in JSON, for the program that sends it.

    `letter_id` stays the same if the answer is ever put there twice. `number` is our case number.
    """
    read = read_metadata(metadata, keys)
    answer = {
        "letter_id": str(letter.id),
        "answers_shipment": read.id,
        "reply_to": read.reply_to,
        "receiver_name": read.name,
        "receiver_number": read.number,
        "case_number": number,
        "files": [ANSWER_FILE],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2).encode()


async def set_aside(ports: Ports, source: Source, item: str, reason: Statement | str) -> UUID:
    """Call the operations desk about a shipment that cannot be used; return the id of its tasks.

    It is called once for as long as its task is open. `item` tells the shipment from every other of this folder, and is
    not shown.
    """
    said = Statement.of(ChannelCode.BAD_SHIPMENT, source=source.name, reason=reason)
    return await _open_task(ports, source, item, TaskCause.BAD_SHIPMENT, said, reason)


async def report_waiting(ports: Ports, source: Source, item: str, reason: Statement | str) -> UUID:
    """Call the operations desk about a shipment, or a folder, that is tried again; return the id of its tasks."""
    said = Statement.of(ChannelCode.SHIPMENT_WAITS, source=source.name, reason=reason)
    return await _open_task(ports, source, item, TaskCause.SHIPMENT_WAITS, said, reason)


async def report_name(ports: Ports, source: Source, item: str, name: str) -> UUID:
    """Call the operations desk about what lies there and is not taken; return the id of its task.

    The name stands in the task alone and in no log: it may be a person's.
    """
    said = Statement.of(ChannelCode.NAME_NOT_TAKEN, source=source.name, name=shown_name(name))
    return await _open_task(ports, source, item, TaskCause.SHIPMENT_WAITS, said, "")


async def close_report(ports: Ports, source: Source, item: str) -> None:
    """Close the task that `report_waiting` opened: all went well."""
    await call_off(ports, source.party, _what(source, item))


async def _open_task(
    ports: Ports, source: Source, item: str, cause: TaskCause, said: Statement, reason: Statement | str
) -> UUID:
    actor = str(_folder(source))
    return await call_once(ports, source.party, _what(source, item), cause, str(said), actor, str(reason))


def _folder(source: Source) -> System:
    return System(SystemRole.EDIALOG, source.party, source.name)


def _what(source: Source, item: str) -> str:
    return f"edialog/{source.name}/{item}"


def _attachment(number: int, name: str, content: bytes) -> Attachment:
    """Return a file as what it is by its bytes, with the name that a stranger gave it made harmless."""
    if not content:
        raise Refused(ChannelCode.EMPTY_FILE, file_number=number)
    kind = sniff(content)
    if kind not in AGREEABLE:
        raise Refused(ChannelCode.FILE_KIND, file_number=number, kind=kind)
    return Attachment(named_as(clean_name(name), kind), mime_of(kind), content)


def sender_of(policy: Policy, read: Metadata, now: datetime) -> HerId:
    """Return the enterprise of the sender's organisation number, OUTSIDE where the register has none."""
    number = _plain_number(read.number)
    for party in policy.registry.all():
        if number and party.parent is None and party.organisation_number == number and party.is_open(now):
            return party.her
    return OUTSIDE


def _plain_number(text: str) -> str:
    """Return the nine digits of an organisation number as people write it: in groups, or as a VAT number (NO...MVA)."""
    found = _ORGANISATION.fullmatch("".join(text.split()).replace(".", "").upper())
    return found[1] if found else ""


def draft_of(read: Metadata, files: int) -> Deviation:
    """Return what the metadata says as a draft. What the files say stays in them."""
    title = " ".join(read.title.split())
    number = f" ({SENTENCES['organisation_number']['nb'].format(number=read.number)})" if read.number else ""
    contact = (" ".join(read.name.split())[:200] + number)[:LONGEST_LINE].strip() or UNNAMED
    text = SENTENCES["edialog_text"]["nb"].format(title=title, contact=contact, files=files)
    shown = title[:LONGEST_TITLE] or SENTENCES["edialog_title"]["nb"]
    return Deviation(DeviationKind.AVVIK, "-", contact, False, shown, text)


def _digest(metadata: bytes, files: Sequence[Attachment]) -> bytes:
    """Return a digest of all that came, the same whatever order the files were listed in."""
    each = sorted((file.name, hashlib.sha256(file.content).hexdigest()) for file in files)
    return hashlib.sha256(json.dumps([hashlib.sha256(metadata).hexdigest(), each]).encode()).digest()


def _at(table: dict[str, Any], key: str) -> Any:  # noqa: ANN401 JSON
    found: Any = table if key else None
    for step in key.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _text(table: dict[str, Any], key: str) -> str:
    found = _at(table, key)
    text = str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""
    if _HALF_SIGN.search(text):
        raise Refused(ChannelCode.HALF_SIGNS, key=key)
    return text


def _time(found: Any, key: str) -> datetime:  # noqa: ANN401 JSON
    """Return a time: ISO 8601, in Oslo where it has no zone, or milliseconds since 1970 as SvarInn writes it."""
    try:
        number = isinstance(found, int) and not isinstance(found, bool)
        at = datetime.fromtimestamp(found / 1_000, UTC) if number else datetime.fromisoformat(found)
        at = (at if at.tzinfo else at.replace(tzinfo=OSLO)).astimezone(UTC)
        if at < _EARLIEST:
            raise ValueError
        return at
    except (TypeError, ValueError, OverflowError, OSError):
        raise Refused(ChannelCode.NO_TIME, key=key) from None
