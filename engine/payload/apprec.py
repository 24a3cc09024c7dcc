"""Application receipts (AppRec) 1.0 and 1.1: the receiving application's answer to one business message (payload.md C).

The two versions differ in their namespace only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lxml import etree

from engine.codes.document import DocumentCode
from engine.errors import APPREC_ERRORS, PayloadFault
from engine.names import HerId, MsgId
from engine.payload.elements import (
    APPREC_NAMESPACES,
    Document,
    add,
    children,
    code,
    msg_id,
    new_root,
    one,
    optional,
    place,
    read_her,
    required_code,
    root_of,
    serialise,
    time_in,
)
from engine.payload.party import DocumentParty
from engine.times import exact_time, write_time

ERRORS = "2.16.578.1.12.4.1.1.8221"
STATUS = {1: "OK", 2: "Avvist", 3: "OK, feil i delmelding"}
SOFTWARE = "Samvik"

_MIG_VERSIONS = {"1.0": "1.0 2004-11-21", "1.1": "v1.1 2012-02-15"}
_ROOTS: dict[str, Literal["1.0", "1.1"]] = {
    f"{{{APPREC_NAMESPACES['1.0']}}}AppRec": "1.0",
    f"{{{APPREC_NAMESPACES['1.1']}}}AppRec": "1.1",
}


@dataclass(frozen=True, slots=True)
class ApprecError:
    """An error that we report: a code of APPREC_ERRORS, and a sentence for the sender, '' for none."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadApprecError:
    """An error as a partner reported it, unchanged: V, S, DN and OT, '' for what was not given."""

    code: str
    system: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class AppRec:
    """An application receipt as we read it. HER-ids go from the highest level to the lowest; times are aware."""

    version: Literal["1.0", "1.1"]
    id: MsgId
    gen_date: datetime
    status: Literal[1, 2, 3]
    errors: tuple[ReadApprecError, ...]
    original_msg_id: MsgId
    original_type: str
    sender_hers: tuple[HerId, ...]
    receiver_hers: tuple[HerId, ...]

    @property
    def sender_her(self) -> HerId:
        """The HER-id of the lowest level of the sender."""
        return self.sender_hers[-1]

    @property
    def receiver_her(self) -> HerId:
        """The HER-id of the lowest level of the receiver."""
        return self.receiver_hers[-1]


def build_apprec(
    version: Literal["1.0", "1.1"],
    *,
    id: MsgId,
    gen_date: datetime,
    sender: DocumentParty,
    receiver: DocumentParty,
    status: Literal[1, 2, 3],
    errors: Sequence[ApprecError],
    original_type: str,
    original_gen_date: datetime,
    original_msg_id: MsgId,
    software_version: str,
    original_type_name: str = "",
) -> bytes:
    """Return an AppRec in UTF-8 with an XML declaration.

    `sender` is who answers, `receiver` who is answered; times are aware. The enterprise becomes Inst, the unit Dept
    or HCPerson (payload.md C). Raises ValueError where status 2 or 3 has no error, or status 1 has one, or an error
    code is not in APPREC_ERRORS, or a time has no zone.
    """
    if (status == 1) == bool(errors):
        raise ValueError("an AppRec has errors if and only if its status is 2 or 3")
    made_at, original_made_at = write_time(gen_date), exact_time(original_gen_date)
    original_kind = {"V": original_type, "DN": original_type_name} if original_type_name else {"V": original_type}
    root = new_root(APPREC_NAMESPACES[version], "AppRec")
    add(root, "MsgType", V="APPREC", DN="Applikasjonskvittering")
    add(root, "MIGversion", _MIG_VERSIONS[version])
    add(root, "SoftwareName", SOFTWARE)
    add(root, "SoftwareVersion", software_version)
    add(root, "GenDate", made_at)
    add(root, "Id", id)
    _add_party(add(root, "Sender"), sender)
    _add_party(add(root, "Receiver"), receiver)
    add(root, "Status", V=str(status), DN=STATUS[status])
    for error in errors:
        _add_error(root, error)
    original = add(root, "OriginalMsgId")
    add(original, "MsgType", **original_kind)
    add(original, "IssueDate", original_made_at)
    add(original, "Id", original_msg_id)
    return serialise(root)


def read_apprec(document: Document) -> AppRec:
    """Return what an AppRec says. Status 2 without an error is read, as partners send it.

    Raises PayloadFault T01 where the bytes are no XML that we read, T10 where they are no AppRec 1.0 or 1.1, and T02
    where something that we read is missing, doubled or unknown, such as a status, or a party without a HER-id.
    """
    root = root_of(document)
    version = _version(root)
    if required_code(root, "MsgType") != "APPREC":
        raise PayloadFault("T02", place(root, "MsgType"), DocumentCode.NOT_APPREC_TYPE)
    original = one(root, "OriginalMsgId")
    return AppRec(
        version=version,
        id=msg_id(root, "Id"),
        gen_date=time_in(one(root, "GenDate")),
        status=_status(root),
        errors=tuple(_read_error(error) for error in children(root, "Error")),
        original_msg_id=msg_id(original, "Id"),
        original_type=required_code(original, "MsgType"),
        sender_hers=_hers(one(root, "Sender")),
        receiver_hers=_hers(one(root, "Receiver")),
    )


def _version(root: etree._Element) -> Literal["1.0", "1.1"]:
    version = _ROOTS.get(str(root.tag))
    if version is None:
        raise PayloadFault("T10", "/", DocumentCode.NOT_SUPPORTED)
    return version


def _status(root: etree._Element) -> Literal[1, 2, 3]:
    found = required_code(root, "Status")
    known: dict[str, Literal[1, 2, 3]] = {"1": 1, "2": 2, "3": 3}
    if found not in known:
        raise PayloadFault("T02", place(root, "Status"), DocumentCode.UNKNOWN_STATUS)
    return known[found]


def _read_error(error: etree._Element) -> ReadApprecError:
    return ReadApprecError(*(error.get(key) or "" for key in ("V", "S", "DN", "OT")))


def _hers(parent: etree._Element) -> tuple[HerId, ...]:
    party = one(parent, "HCP")
    inst, person = optional(party, "Inst"), optional(party, "HCProf")
    if (inst is None) == (person is None):
        raise PayloadFault("T02", place(party), DocumentCode.INST_OR_PERSON)
    found = _level(person) if inst is None else _levels(inst)
    if not found:
        raise PayloadFault("T02", place(party), DocumentCode.NO_HER_ID)
    return found


def _levels(inst: etree._Element) -> tuple[HerId, ...]:
    found = _level(inst)
    for name in ("Dept", "HCPerson"):
        at_level = [her for part in children(inst, name) for her in _level(part)]
        if len(at_level) > 1:
            raise PayloadFault("T02", place(inst, name), DocumentCode.SEVERAL_ON_LEVEL)
        found += tuple(at_level)
    return found


def _level(level: etree._Element | None) -> tuple[HerId, ...]:
    if level is None:
        return ()
    ids = [one(extra, "Id") for extra in children(level, "AdditionalId") if code(one(extra, "Type")) == "HER"]
    kind = optional(level, "TypeId")
    if kind is not None and code(kind) == "HER":
        ids.append(one(level, "Id"))
    if len(ids) > 1:
        raise PayloadFault("T02", place(level), DocumentCode.SEVERAL_HER_IDS, number=len(ids))
    return tuple(read_her(found) for found in ids)


def _add_party(parent: etree._Element, party: DocumentParty) -> None:
    levels = [("Inst", party.name, party.her)]
    if party.unit:
        levels.append(("HCPerson" if party.unit.kind == "person" else "Dept", party.unit.name, party.unit.her))
    level = add(parent, "HCP")
    for element, name, her_id in levels:
        level = add(level, element)
        add(level, "Name", name)
        add(level, "Id", her_id)
        add(level, "TypeId", V="HER", DN="HER-id")


def _add_error(root: etree._Element, error: ApprecError) -> None:
    name = APPREC_ERRORS.get(error.code)
    if name is None:
        raise ValueError(f"{error.code} is not in APPREC_ERRORS")
    detail = {"OT": error.detail} if error.detail else {}
    add(root, "Error", V=error.code, S=ERRORS, DN=name, **detail)
