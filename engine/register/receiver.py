"""Where a document goes, by the HER-id that it is addressed to (design.md 6). One row a case, tried in order."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.codes.document import DocumentCode
from engine.codes.register import RegisterCode
from engine.codes.statement import Statement
from engine.errors import OwnFault, PayloadFault
from engine.names import HerId
from engine.register.parties import OSLO, InboxKind, Party, Registry

GRACE = timedelta(days=90)
"""How long after its end a HER-id's messages are taken for its successor."""

_PLACE = "/MsgHead/MsgInfo/Receiver"


@dataclass(frozen=True, slots=True)
class Destination:
    """Whose inbox a document goes to. `note` is the stored statement that says why, where it is not the one
    addressed, else ''.
    """

    receiver: HerId
    addressed_to: HerId
    note: str = ""


def choose_receiver(
    registry: Registry, addressed: HerId, owner: HerId, at: datetime, *, in_thread: bool, in_words: bool = False
) -> Destination:
    """Return the inbox for a document addressed to `addressed`, in the tree of the enterprise `owner` and no other.

    `in_thread` says that it belongs to a conversation we know, `in_words` that it names a department of that party in
    words alone. Raises PayloadFault E21 where nobody here may take it, OwnFault where our own tree leads to no inbox.
    """
    party = registry.find(addressed)
    if party is None or registry.root(addressed) != owner:
        raise PayloadFault("E21", _PLACE, DocumentCode.UNKNOWN_RECEIVER, her_id=addressed)
    if not party.is_open(at):
        return _closed(registry, party, at, in_thread=in_thread)
    return _in_words(registry, party, at) if in_words else _open(registry, party, addressed, at)


def through_service(registry: Registry, chosen: Destination, sender: HerId, at: datetime) -> Destination:
    """Return where a deviation goes that is for `chosen`: to the deviation service above it, and past it to nobody."""
    service = registry.deviation_service(chosen.receiver, sender, at)
    if service == chosen.receiver:
        return chosen
    addressed = registry.get(chosen.addressed_to)
    note = Statement.of(RegisterCode.TO_DEVIATION_SERVICE, name=addressed.name, her_id=addressed.her)
    return Destination(service, chosen.addressed_to, str(note))


def _open(registry: Registry, party: Party, addressed: HerId, at: datetime) -> Destination:
    if party.inbox is not InboxKind.NONE:
        return Destination(party.her, addressed)
    contact = _contact(registry, party, at)
    if contact is None:
        raise OwnFault(RegisterCode.NO_INBOX, her_id=party.her)
    note = Statement.of(RegisterCode.TO_CONTACT_POINT, name=party.name, her_id=addressed)
    return Destination(contact.her, addressed, str(note))


def _in_words(registry: Registry, party: Party, at: datetime) -> Destination:
    """Choose for a department that only its name tells of; the name is the sender's, so it is not repeated.

    A service with an inbox has people who know its departments; an enterprise has its contact point.
    """
    reads = party.inbox is not InboxKind.NONE
    asked = party.contact_point is not None or party.parent is None or not reads
    contact = _contact(registry, party, at) if asked else None
    receiver = contact.her if contact else _open(registry, party, party.her, at).receiver
    reader = registry.get(receiver).name
    note = Statement.of(RegisterCode.TO_NAMED_DEPARTMENT, name=party.name, her_id=party.her, reader=reader)
    return Destination(receiver, party.her, str(note))


def _contact(registry: Registry, party: Party, at: datetime) -> Party | None:
    """Return the nearest contact point of the party's own enterprise that is open and has an inbox."""
    for above in registry.line(party.her):
        contact = registry.find(above.contact_point)
        if contact is not None and _reads(registry, contact, party, at):
            return contact
    return None


def _reads(registry: Registry, contact: Party, party: Party, at: datetime) -> bool:
    ours = registry.root(contact.her) == registry.root(party.her)
    return ours and contact.is_open(at) and contact.inbox is not InboxKind.NONE


def _closed(registry: Registry, party: Party, at: datetime, *, in_thread: bool) -> Destination:
    ended = at.astimezone(OSLO).date() > party.valid_to
    heir = registry.heir(party.her, at) if ended else None
    if heir is None:
        raise PayloadFault("E21", _PLACE, DocumentCode.RECEIVER_NOT_IN_USE, her_id=party.her)
    elsewhere = registry.root(heir.her) != registry.root(party.her)
    if elsewhere or (not in_thread and at > _end(party) + GRACE):
        # What another enterprise would have to read stays out of this one's rows: the sender is told where to send it.
        raise PayloadFault(
            "E21", _PLACE, DocumentCode.RECEIVER_REPLACED, her_id=party.her, name=heir.name, successor=heir.her
        )
    found = _open(registry, heir, party.her, at)
    note = Statement.of(RegisterCode.TO_SUCCESSOR, name=party.name, her_id=party.her, successor=heir.name)
    return Destination(found.receiver, party.her, str(note))


def _end(party: Party) -> datetime:
    return datetime.combine(party.valid_to + timedelta(days=1), time(), OSLO)
