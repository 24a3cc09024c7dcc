"""Items of an eDialog form (KS SvarUt, SvarInn) that another program fetched into a folder: PDFs with their metadata.

Each opens one case to be judged, by the id of its shipment, and its clock runs from the time that the metadata says.
What the metadata's keys are called is configuration: the real names are not known for sure (process.md, finding 1).
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engine.case.calendar import OSLO, oslo_date
from engine.case.channel import Channel
from engine.channels.registering import UNNAMED, new_case, open_received
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.commit.tasks import call_off, call_once
from engine.deviation.fields import LONGEST_LINE, LONGEST_TITLE, Deviation, DeviationKind
from engine.errors import BadName, OwnFault, Refused
from engine.files.kind import AGREEABLE, FileKind, in_norwegian, mime_of, sniff
from engine.files.name import clean_name, named_as
from engine.names import OUTSIDE, HerId, opaque
from engine.outbound.attachments import infected
from engine.payload.attachment import Attachment
from engine.records.channels import Letter, MetadataKeys, Shipment, Source
from engine.states.case import CaseState

MOST_FILES = 50
ANSWER_FILE = "svar.pdf"
SKEW = timedelta(minutes=10)
"""How far ahead of ours the clock of another system may be."""
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_HALF_SIGN = re.compile(r"[\ud800-\udfff]")
"""Half a pair of UTF-16: JSON can say it, and no row or file can hold it."""
BAD_ITEM, WAITING_ITEM = "bad shipment", "shipment waits"


@dataclass(frozen=True, slots=True)
class Said:
    """What the metadata of a shipment says. `number` is the sender's organisation number."""

    id: str
    received: datetime
    title: str
    name: str
    number: str
    reply_to: str


def read_metadata(data: bytes, keys: MetadataKeys) -> Said:
    """Return what metadata says. Raises Refused with a sentence that names the key, and repeats nothing of the rest."""
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("metadata.json er ikke lesbar JSON i UTF-8.") from None
    if not isinstance(table, dict):
        raise Refused("metadata.json er ikke et JSON-objekt.")
    try:
        id = opaque("id", _text(table, keys.shipment))
    except BadName:
        raise Refused(f"metadata.json mangler forsendelsens id ({keys.shipment}), eller den kan ikke brukes.") from None
    return Said(
        id,
        _time(_at(table, keys.received), keys.received),
        _text(table, keys.title),
        _text(table, keys.sender_name),
        _text(table, keys.sender_number),
        _text(table, keys.reply_to),
    )


async def take_shipment(ports: Ports, source: Source, metadata: bytes, files: Sequence[tuple[str, bytes]]) -> bool:
    """Open a case for a shipment with its files, by name and bytes; False where its id has opened one before.

    When this returns, the case is committed. Raises Refused, with a sentence that repeats nothing of the content,
    where it cannot be used; OwnFault or Unavailable where it can be tried again. Nothing has then changed.
    """
    owner, now = ports.policy.owner_of(source.party), ports.clock.now()
    if owner is None:
        raise OwnFault(f"HER-id {source.party} ([[edialog]] {source.name}) is not served here.")
    said = read_metadata(metadata, source.keys)
    if said.received > now + SKEW:
        raise Refused(f"Tidspunktet ({source.keys.received}) i metadata.json er ikke kommet ennå.")
    attached = [_attachment(number, *file) for number, file in enumerate(files, 1)]
    if FileKind.PDF not in {sniff(each.content) for each in attached}:
        raise Refused("Det er ingen PDF i mappen.")
    found = await infected(ports, attached)
    if found is not None:
        raise Refused(f"Fil {found[0]} har virus, sier virusskanneren: {found[1]}.")
    parties = (owner, source.party, _sender(ports.policy, said, now))
    async with ports.store.begin() as uow:
        shipment = Shipment(owner, source.name, said.id, ports.ids.new(), _digest(metadata, attached), now)
        known = await uow.claim_shipment(owner, shipment, metadata)
        if known is not None and known.sha256 != shipment.sha256:
            raise Refused("En forsendelse med samme id og annet innhold er tatt imot før.")
        if known is None:
            case = await new_case(uow, ports, parties, CaseState.TIL_VURDERING, Channel.EDIALOG, now)
            case = replace(case, id=shipment.case_id)
            day, actor = oslo_date(said.received), f"edialog {source.name}"
            await open_received(uow, ports, case, _draft(said, len(attached)), day, attached, actor)
        return known is None


def answer_metadata(letter: Letter, number: str, metadata: bytes, keys: MetadataKeys) -> bytes:
    """Return what goes beside the answer to a shipment, in JSON, for the program that sends it.

    `letter_id` is the same should the answer ever be put there twice; `number` is our case number.
    """
    said = read_metadata(metadata, keys)
    told = {
        "letter_id": str(letter.id),
        "answers_shipment": said.id,
        "reply_to": said.reply_to,
        "receiver_name": said.name,
        "receiver_number": said.number,
        "case_number": number,
        "files": [ANSWER_FILE],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


async def set_aside(ports: Ports, source: Source, item: str, reason: str) -> UUID:
    """Show the operations desk a shipment that cannot be used, once for as long as its task is open; return its id.

    `item` tells it from every other of this folder, and is not shown. `reason` is a sentence of ours.
    """
    text = f"En forsendelse i mappen {source.name} kan ikke brukes, og ligger i failed/. {reason}"
    return await _call(ports, source, item, BAD_ITEM, text, reason)


async def call_about(ports: Ports, source: Source, item: str, reason: str) -> UUID:
    """Show the operations desk a shipment, or a folder, that is tried again, once for as long as its task is open."""
    text = f"Mappen {source.name} for forsendelser prøves igjen. {reason}"
    return await _call(ports, source, item, WAITING_ITEM, text, reason)


async def close_call(ports: Ports, source: Source, item: str) -> None:
    """Close what `call_about` showed: it went well."""
    await call_off(ports, source.party, _what(source, item))


async def _call(ports: Ports, source: Source, item: str, cause: str, text: str, reason: str) -> UUID:
    return await call_once(ports, source.party, _what(source, item), cause, text, f"edialog {source.name}", reason)


def _what(source: Source, item: str) -> str:
    return f"edialog/{source.name}/{item}"


def _attachment(number: int, name: str, content: bytes) -> Attachment:
    """Return a file as what it is by its bytes; its name stays a stranger's, made harmless."""
    kind = sniff(content)
    if kind not in AGREEABLE:
        raise Refused(f"Fil {number} er {in_norwegian(kind)}. Bare PDF og bilder tas imot.")
    return Attachment(named_as(clean_name(name), kind), mime_of(kind), content)


def _sender(policy: Policy, said: Said, now: datetime) -> HerId:
    """Return the enterprise of the sender's organisation number, OUTSIDE where the register has none."""
    for party in policy.registry.all():
        if said.number and party.parent is None and party.organisation_number == said.number and party.is_open(now):
            return party.her
    return OUTSIDE


def _draft(said: Said, files: int) -> Deviation:
    """Return what the metadata says as a draft; what the files say is theirs."""
    title = " ".join(said.title.split())
    number = f" (org.nr. {said.number})" if said.number else ""
    contact = (" ".join(said.name.split())[:200] + number)[:LONGEST_LINE].strip() or UNNAMED
    text = f"{title}\n\nKom i eDialog fra {contact}. Innholdet står i {files} vedlegg."
    return Deviation(DeviationKind.AVVIK, "-", contact, False, title[:LONGEST_TITLE] or "Henvendelse i eDialog", text)


def _digest(metadata: bytes, files: Sequence[Attachment]) -> bytes:
    """Return what tells all that came from anything else, whatever order files were listed in."""
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
        raise Refused(f"metadata.json har halve tegn (\\ud800 til \\udfff) som ikke kan skrives ({key}).")
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
        raise Refused(f"metadata.json mangler et tidspunkt som kan leses ({key}).") from None
