"""A message to be judged: its bytes, its tree, what was read of it, and what it is judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from engine.agreements.carriers import Carrier
from engine.deviation.fields import MIME_TYPE
from engine.names import HerId
from engine.payload.elements import DIALOG_NAMESPACES, MSGHEAD, code
from engine.payload.msghead import MsgHead
from engine.payload.profiles import PROFILES, Profile


class Way(StrEnum):
    """Where a document comes from: a partner, a record system of ours that sends it, or ourselves."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Paper:
    """A message, as bytes, tree and what was read of it, with what the rules ask about it. `paper_of` makes it.

    `carrier` is the agreement's, None where none is known. `enterprises` are the HER-ids of its parties that are known
    to have no level above them. `profile` is that of the message function, None where it has none here. `ours` says
    whether it carries a deviation of Samvik's, or what follows one. `without_patient` says whether it travels by a
    carrier that has none, which is Samvik's own agreement and in no profile. `dates` are its GenDates as written, and
    `kinds` the MsgType of each of its documents, in order. Of its dialogs, `topics` are V, S and DN of each TemaKodet
    or TypeForesp, `texts` the elements that hold what a person wrote, and `roles` each RollerRelatertNotat.
    """

    data: bytes
    root: etree._Element
    head: MsgHead
    carrier: Carrier | None
    way: Way
    enterprises: frozenset[HerId]
    profile: Profile | None
    ours: bool
    without_patient: bool
    dates: tuple[str, ...]
    kinds: tuple[str, ...]
    topics: tuple[tuple[str, str, str], ...]
    texts: tuple[etree._Element, ...]
    roles: tuple[etree._Element, ...]


def paper_of(
    data: bytes,
    root: etree._Element,
    head: MsgHead,
    carrier: Carrier | None,
    way: Way,
    enterprises: frozenset[HerId] = frozenset(),
) -> Paper:
    """Return a message as the rules judge it."""
    topic = "TemaKodet" if head.dialog.kind == "Notat" else "TypeForesp"
    kinds, topics = _all(root, "Document", "RefDoc", "MsgType"), _in_dialogs(root, topic)
    ours = any(each.mime_type == MIME_TYPE for each in head.attachments)
    return Paper(
        data,
        root,
        head,
        carrier,
        way,
        enterprises,
        profile=PROFILES.get(head.type),
        ours=ours,
        without_patient=ours if carrier is None else carrier.patient == "absent",
        dates=tuple((found.text or "").strip() for found in _all(root, "MsgInfo", "GenDate")),
        texts=tuple(_in_dialogs(root, "TekstNotatInnhold", "Sporsmal")),
        roles=tuple(_in_dialogs(root, "RollerRelatertNotat")),
        kinds=tuple(code(found) for found in kinds),
        topics=tuple((code(found), code(found, "S"), code(found, "DN")) for found in topics),
    )


def _in_dialogs(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    return root.iter(*(f"{{{space}}}{name}" for space in DIALOG_NAMESPACES.values() for name in names))


def _all(root: etree._Element, *names: str) -> list[etree._Element]:
    return root.findall("/".join(f"{{{MSGHEAD}}}{name}" for name in names))
