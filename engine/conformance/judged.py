"""A message to be judged: its bytes, its tree, what was read of it, and what it is judged by."""

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from engine.agreements.carriers import Carrier
from engine.deviation.fields import MIME_TYPE
from engine.names import HerId
from engine.payload.elements import DIALOG_NAMESPACES, MSGHEAD
from engine.payload.msghead import MsgHead
from engine.payload.profiles import PROFILES, Profile

_DIALOGS = frozenset(DIALOG_NAMESPACES.values())


class Way(StrEnum):
    """Where a document comes from: a partner, a record system of ours that sends it, or ourselves."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Paper:
    """A message, as bytes, tree and what was read of it. `carrier` is the agreement's, None where none is known.

    `enterprises` are the HER-ids of its parties that are known to have no level above them.
    """

    data: bytes
    root: etree._Element
    head: MsgHead
    carrier: Carrier | None
    way: Way
    enterprises: frozenset[HerId] = frozenset()

    @property
    def profile(self) -> Profile | None:
        """Return the profile of the message function, None where it has none here."""
        return PROFILES.get(self.head.type)

    @property
    def ours(self) -> bool:
        """Say whether it carries a deviation of Samvik's, or what follows one."""
        return any(each.mime_type == MIME_TYPE for each in self.head.attachments)

    @property
    def without_patient(self) -> bool:
        """Say whether it travels by a carrier that has none, which is Samvik's own agreement and in no profile."""
        return self.ours if self.carrier is None else self.carrier.patient == "absent"

    def texts(self, path: str) -> list[str]:
        """Return the text of each element at a path of MsgHead names, '' for one that is empty."""
        steps = "/".join(f"{{{MSGHEAD}}}{step}" for step in path.split("/"))
        return [(found.text or "").strip() for found in self.root.iterfind(steps)]

    def dialog(self, name: str) -> list[etree._Element]:
        """Return all elements of a name in the dialogs."""
        return [found for space in _DIALOGS for found in self.root.iter(f"{{{space}}}{name}")]
