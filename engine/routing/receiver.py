"""Where a document goes, by the HER-id that it is addressed to (design.md 6). One row a case, tried in order."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.errors import OwnFault, PayloadFault
from engine.names import HerId
from engine.routing.parties import OSLO, InboxKind, Party, Registry

GRACE = timedelta(days=90)
"""How long after its end a HER-id's messages are taken for its successor."""

_PLACE = "/MsgHead/MsgInfo/Receiver"


@dataclass(frozen=True, slots=True)
class Destination:
    """Whose inbox a document goes to. `note` says to a person why, where it is not the one addressed; else ''."""

    receiver: HerId
    addressed_to: HerId
    note: str = ""


def choose_receiver(
    registry: Registry, addressed: HerId, owner: HerId, at: datetime, *, in_thread: bool
) -> Destination:
    """Return the inbox for a document addressed to `addressed`, in the tree of the enterprise `owner`.

    `in_thread` says that it belongs to a conversation we know. Raises PayloadFault E21 where nobody here may take it,
    OwnFault where our own tree leads to no inbox.
    """
    party = registry.find(addressed)
    if party is None or registry.root(addressed) != owner:
        raise PayloadFault("E21", _PLACE, f"HER-id {addressed} finnes ikke hos mottakeren.")
    if party.is_open(at):
        return _open(registry, party, addressed)
    return _closed(registry, party, at, in_thread=in_thread)


def _open(registry: Registry, party: Party, addressed: HerId) -> Destination:
    if party.inbox is not InboxKind.NONE:
        return Destination(party.her, addressed)
    for above in registry.line(party.her):
        contact = registry.find(above.contact_point)
        if contact is not None and contact.inbox is not InboxKind.NONE:
            note = f"Adressert til {party.name} ({addressed}), som ikke har egen innboks. Kontaktpunktet har fått den."
            return Destination(contact.her, addressed, note)
    raise OwnFault(f"HER-id {party.her} has neither an inbox nor a contact point with one. Correct the parties file.")


def _closed(registry: Registry, party: Party, at: datetime, *, in_thread: bool) -> Destination:
    heir = _heir(registry, party, at)
    if heir is None:
        raise PayloadFault("E21", _PLACE, f"HER-id {party.her} er ikke i bruk.")
    if not in_thread and at > _end(party) + GRACE:
        text = f"HER-id {party.her} er ikke lenger i bruk. Etterfølger er {heir.name}, HER-id {heir.her}."
        raise PayloadFault("E21", _PLACE, text)
    found = _open(registry, heir, party.her)
    note = f"Adressert til {party.name} ({party.her}), som er avviklet. Etterfølgeren {heir.name} har fått den."
    return Destination(found.receiver, party.her, note)


def _heir(registry: Registry, party: Party, at: datetime) -> Party | None:
    """Return the first successor that is open, over several mergers if need be."""
    seen = {party.her}
    heir = registry.find(party.successor)
    while heir is not None and not heir.is_open(at) and heir.her not in seen:
        seen.add(heir.her)
        heir = registry.find(heir.successor)
    return heir if heir is not None and heir.is_open(at) else None


def _end(party: Party) -> datetime:
    return datetime.combine(party.valid_to + timedelta(days=1), time(), OSLO)
