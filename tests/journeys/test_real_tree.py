"""Routing over a register of the real shape: a hospital trust, municipalities and GPs, one row of design.md 6 each.

The whole way of a mail is walked, so that each row also shows what its sender is told and whether a person is called.
"""

import csv
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from engine.agreements.terms import Terms
from engine.codes.register import RegisterCode
from engine.errors import OwnFault, PayloadFault
from engine.names import HerId, MsgId
from engine.payload.apprec import read_apprec
from engine.payload.dialog import Notat
from engine.payload.elements import MSGHEAD
from engine.payload.msghead import build_msghead
from engine.records.messages import Kind
from engine.register.parties import OSLO, InboxKind, Party, PartyKind, Registry
from engine.register.parties_file import registry_from
from engine.register.receiver import choose_receiver
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.partners.documents import party
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    HOSPITAL,
    LEVANGER,
    LEVANGER_SERVICE,
    VERDAL,
    VERDAL_RETIRED,
    VERDAL_SERVICE,
    test_keys,
)
from tests.fakes.world.region import (
    BED_POST,
    CLINIC,
    CLOSED,
    COORDINATION,
    DPS,
    EMERGENCY,
    GP_DOCTOR,
    HOSTED,
    LEVANGER_HOME,
    LEVANGER_NURSING,
    PHYSIO,
    PHYSIO_NEW,
    TO_COME,
    region,
)
from tests.fakes.world.surroundings import CARRIERS
from tests.samples import samples_folder

REGION = region()
UNKNOWN = HerId("8099999")
DAY_90 = datetime(2026, 5, 2, 21, 0, tzinfo=UTC)
"""The last hour but one, in Oslo, of the ninetieth day after 1 February 2026."""


@dataclass(frozen=True)
class Row:
    """Whom a document is addressed to and when, and who gets it: with a call to a person, or as a matter of course.

    `department` is one that the document names in words; `envelope` is whom the envelope names, where it is not the
    receiver's own level 2.
    """

    to: HerId
    gets: HerId | None = None
    calls: bool = False
    says: tuple[str, ...] = ()
    at: datetime = START
    department: str = ""
    envelope: HerId | None = None


CONTACT, NAMED, HEIR = RegisterCode.TO_CONTACT_POINT, RegisterCode.TO_NAMED_DEPARTMENT, RegisterCode.TO_SUCCESSOR
TREE = {
    "hospital: Samhandlingsavdelingen": Row(COORDINATION, COORDINATION),
    "hospital: the trust itself": Row(HOSPITAL, HOSPITAL),
    "department with an inbox": Row(EMERGENCY, EMERGENCY),
    "department without one": Row(BED_POST, COORDINATION, True, (CONTACT, "Medisinsk sengepost", BED_POST)),
    "clinic with a contact point of its own": Row(CLINIC, DPS, True, ("Klinikk for psykisk helsevern",)),
    "unit two levels down": Row(DPS, DPS),
    "department in words below the trust": Row(HOSPITAL, COORDINATION, True, (NAMED,), department="Post 3"),
    "department in words below a service": Row(EMERGENCY, EMERGENCY, True, (NAMED,), department="Post 3"),
    "department in words below a clinic": Row(CLINIC, DPS, True, (NAMED,), department="Post 3"),
    "closed 29 days ago, with a successor": Row(PHYSIO, PHYSIO_NEW, True, (HEIR, "Avd. for rehabilitering")),
    "closed 90 days ago": Row(PHYSIO, PHYSIO_NEW, True, (HEIR,), at=DAY_90),
    "closed 91 days ago": Row(PHYSIO, says=("Etterfølger er", PHYSIO_NEW), at=DAY_90 + timedelta(days=1)),
    "its successor on its first day": Row(PHYSIO_NEW, PHYSIO_NEW),
    "closed without a successor": Row(CLOSED, says=("ikke i bruk",)),
    "not open yet": Row(TO_COME, says=("ikke i bruk",)),
    "on its first day": Row(TO_COME, TO_COME, at=datetime(2026, 8, 31, 22, 0, tzinfo=UTC)),
    "unknown": Row(UNKNOWN, says=("finnes ikke",), envelope=COORDINATION),
    "another enterprise's, in our envelope": Row(LEVANGER_SERVICE, says=("hører ikke til",), envelope=COORDINATION),
    "a sibling of the envelope's": Row(EMERGENCY, says=("hører ikke til",), envelope=COORDINATION),
    "below the envelope's trust (level 1)": Row(EMERGENCY, EMERGENCY, envelope=HOSPITAL),
    "municipality: deviation service": Row(LEVANGER_SERVICE, LEVANGER_SERVICE),
    "municipality: a service with an inbox": Row(LEVANGER_NURSING, LEVANGER_NURSING),
    "municipality: a unit of a service": Row(LEVANGER_HOME, LEVANGER_SERVICE, True, ("Hjemmetjenesten",)),
    "municipality: the neighbour's service": Row(VERDAL_SERVICE, VERDAL_SERVICE),
    "municipality: a retired nursing home": Row(VERDAL_RETIRED, VERDAL_SERVICE, True, (HEIR, "Sykehjem")),
}


@pytest.fixture
def engine() -> Side:
    """Give the engine that serves the hospital trust and two municipalities."""
    pair = Pair(REGION)
    pair.municipal.ports = replace(
        pair.municipal.ports,
        keys=MemoryKeys(test_keys(), HOSTED),
        policy=replace(pair.municipal.ports.policy, hosted=HOSTED),
    )
    return pair.municipal


def letter_to(row: Row) -> Letter:
    """Return the envelope of a row, from the GP's service."""
    to = row.envelope or REGION.envelope_party(row.to, 2)
    return Letter(GP_SERVICE, to, readable_by=REGION.root(to) or HOSPITAL, at=row.at)


def written(sender: HerId, receiver: HerId, at: datetime, department: str = "") -> bytes:
    """Return a plain document between two parties; a department in words stands below the receiver, with no HER-id."""
    document = build_msghead(
        CARRIERS["samvik-1"],
        msg_id=MsgId("dokument-1"),
        gen_date=at,
        sender=party(sender, REGION),
        receiver=party(receiver, REGION),
        conversation=None,
        notat=Notat("Emne", "Tekst.", "1", None),
        attachments=[],
        test=True,
    )
    if not department:
        return document
    tree = etree.fromstring(document)
    lowest = tree.findall(f".//{{{MSGHEAD}}}Receiver//{{{MSGHEAD}}}Organisation")[-1]
    ident = '<Ident><Id>4206789</Id><TypeId V="RSH" S="2.16.578.1.12.4.1.1.9051" DN="RESH-id"/></Ident>'
    below = f'<Organisation xmlns="{MSGHEAD}"><OrganisationName>{department}</OrganisationName>{ident}</Organisation>'
    lowest.append(etree.fromstring(below))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


async def receipt_of(engine: Side) -> tuple[int, str]:
    """Return status and errors of the one AppRec that an engine has queued."""
    (row,) = [row for row in await engine.outbound() if row.kind is Kind.APPREC]
    async with engine.ports.store.begin() as unit:
        found = read_apprec(await unit.document(row.owner, row.id) or b"")
    return found.status, " ".join(f"{error.code} {error.detail}" for error in found.errors)


@pytest.mark.parametrize("row", TREE.values(), ids=TREE)
async def test_each_place_of_the_tree_gets_what_is_its(engine: Side, row: Row) -> None:
    """Who gets a document, what its sender reads in the AppRec, and whether a person is called about it."""
    engine.ports.clock.set(row.at)
    await engine.take(payload_mail(letter_to(row), written(GP_SERVICE, row.to, row.at, row.department)))
    items = [item for owner in HOSTED for item in await engine.inbox(owner)]
    status, told = await receipt_of(engine)
    if row.gets is None:
        assert (items, status) == ([], 2)
        assert told.startswith("E21")
        assert all(word in told for word in row.says)
        return
    assert ([(item.owner, item.receiver) for item in items], status) == ([(REGION.root(row.to), row.gets)], 1)
    assert all(word in items[0].note for word in row.says)
    assert [task.text for task in await engine.tasks() if task.cause == "addressed elsewhere"] == [
        item.note for item in items if row.calls
    ]
    assert bool(items[0].note) is row.calls
    assert "Post 3" not in items[0].note


SENDERS = {
    "the party of the envelope": (GP_SERVICE, GP_SERVICE, True),
    "below the envelope's enterprise": (GP, GP_SERVICE, True),
    "a person below the envelope's enterprise": (GP, GP_DOCTOR, True),
    "above the envelope's party": (GP_SERVICE, GP, False),
    "beside the envelope's party": (GP_SERVICE, GP_DOCTOR, False),
    "another enterprise": (GP_SERVICE, VERDAL_SERVICE, False),
    "nobody": (GP_SERVICE, UNKNOWN, False),
}


@pytest.mark.parametrize(("envelope", "sender", "speaks"), SENDERS.values(), ids=SENDERS)
async def test_only_who_stands_at_or_below_the_envelopes_sender_speaks(
    engine: Side, envelope: HerId, sender: HerId, speaks: bool
) -> None:
    """The document's sender is the envelope's or below it; else AppRec 2, X99, and nothing in any inbox."""
    letter = Letter(envelope, COORDINATION, readable_by=HOSPITAL)
    await engine.take(payload_mail(letter, written(sender, COORDINATION, START)))
    status, told = await receipt_of(engine)
    assert (status, told[:3], len(await engine.inbox(HOSPITAL))) == ((1, "", 1) if speaks else (2, "X99", 0))


async def test_a_deviation_to_any_department_opens_a_case_of_the_trust() -> None:
    """A department without an inbox: the case is treated by Samhandlingsavdelingen, and belongs to the trust alone."""
    pair = Pair(REGION)
    pair.municipal.ports = replace(
        pair.municipal.ports,
        keys=MemoryKeys(test_keys(), HOSTED),
        policy=replace(pair.municipal.ports.policy, hosted=HOSTED),
    )
    await pair.submit(GP_SERVICE, BED_POST)
    await pair.gp.work()
    await pair.municipal.take(pair.gp.sent[0])
    (case,) = await pair.municipal.ports.store.list_cases(HOSPITAL)
    assert (case.owner, case.our_her, case.their_her) == (HOSPITAL, COORDINATION, GP_SERVICE)
    assert [await pair.municipal.ports.store.list_cases(owner) for owner in (LEVANGER, VERDAL)] == [[], []]


# What the register of the real world says: read where it stands, never copied.


def answers() -> list[dict[str, str]]:
    """Return the parties of the stored register answers: HER-id, name, kind, parent, and their first and last day."""
    folder = samples_folder("payload") / "ar"
    found = [_from_json(path) for path in sorted(folder.glob("*.json"))]
    return found + [_from_xml(path) for path in sorted(folder.glob("CommunicationDetails_*.xml"))]


def _from_json(path: Path) -> dict[str, str]:
    told = json.loads(path.read_text("utf-8-sig"))["communicationParty"]
    row = {key: str(told[key]) for key in ("HerId", "Name", "ParentHerId", "Type")}
    return row | {"From": told["Valid"]["From"], "To": told["Valid"]["To"]}


def _from_xml(path: Path) -> dict[str, str]:
    root = Tree.fromstring(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))  # noqa: S314 our own samples
    space = root.tag.partition("}")[0] + "}"
    row = {key: root.findtext(space + key) or "" for key in ("HerId", "Name", "ParentHerId")}
    days = {element.tag.rpartition("}")[2]: element.text or "" for element in root.find(f"{space}Valid") or ()}
    return row | {"From": days["From"], "To": days["To"], "Type": "Person"}


def register_of(rows: list[dict[str, str]]) -> Registry:
    """Return a register of these answers, each party below its enterprise."""
    parents = sorted({row["ParentHerId"] for row in rows})
    parties = [{"her": her, "name": f"Virksomhet {her}", "kind": "enterprise"} for her in parents]
    for row in rows:
        valid = {"valid_from": row["From"][:10], "valid_to": row["To"][:10]}
        kind = "person" if row["Type"] == "Person" else "service"
        parties.append({"her": row["HerId"], "name": row["Name"], "kind": kind, "parent": row["ParentHerId"], **valid})
    return registry_from({"format": 1, "party": parties})


def test_parties_of_the_real_register_are_reached_on_their_days_alone() -> None:
    """Each real service and person gets its own mail while the register says it is valid, and nobody else's."""
    rows = answers()
    register = register_of(rows)
    assert len(rows) >= 4
    for row in rows:
        her, owner = HerId(row["HerId"]), HerId(row["ParentHerId"])
        found = choose_receiver(register, her, owner, START, in_thread=False)
        assert (found.receiver, found.note) == (her, "")
        before = datetime.combine(date.fromisoformat(row["From"][:10]), time(), OSLO) - timedelta(seconds=1)
        for other, at in ((owner, before), *((HerId(each["ParentHerId"]), START) for each in rows)):
            if (other, at) != (owner, START):
                with pytest.raises(PayloadFault, match="E21"):
                    choose_receiver(register, her, other, at, in_thread=False)


def test_merged_municipalities_are_taken_by_their_successors() -> None:
    """Each merger of the region: below its successor, a merged one's mail is taken for 90 days, then E21 names it.

    As an enterprise of its own, with rows that the successor does not read, E21 names the successor from the first day.
    """
    with (samples_folder("domain") / "municipalities.csv").open(encoding="utf-8") as file:
        merged = [row for row in csv.DictReader(file) if row["status"] == "merged" and row["valid_from_or_merged"]]
    assert len(merged) > 5
    for row in merged:
        day = date.fromisoformat(row["valid_from_or_merged"])
        ends = {"valid_to": (day - timedelta(days=1)).isoformat(), "successor": "7000002"}
        below = {"her": "7000003", "name": row["name"], "kind": "service", "parent": "7000001", **ends}
        apart = {"her": "7000004", "name": row["name"], "kind": "enterprise", **ends}
        heir = {"her": "7000001", "name": row["successor"], "kind": "enterprise"}
        service = {"her": "7000002", "name": f"Saksbehandling, {row['successor']}", "kind": "service"}
        parties = [heir, service | {"parent": "7000001"}, below, apart]
        register = registry_from({"format": 1, "party": parties})
        at = datetime.combine(day, time(12), OSLO)
        for days in (0, 89):
            later = at + timedelta(days=days)
            found = choose_receiver(register, HerId("7000003"), HerId("7000001"), later, in_thread=False)
            assert (found.receiver, row["name"] in found.note) == ("7000002", True)
        for her, owner, days in (("7000003", "7000001", 91), ("7000004", "7000004", 0), ("7000004", "7000004", 91)):
            with pytest.raises(PayloadFault, match=row["successor"]):
                choose_receiver(register, HerId(her), HerId(owner), at + timedelta(days=days), in_thread=False)


# Any tree at all.

HERS = [HerId(str(number)) for number in range(1, 10)]
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def trees(draw: st.DrawFn) -> Registry:
    """Draw a register without any sense in it but that parents form trees."""
    parties = []
    for place in range(draw(st.integers(1, len(HERS)))):
        parent = draw(st.sampled_from([None, *HERS[:place]]))
        someone = st.sampled_from([None, *HERS])
        ends = draw(st.sampled_from([date(9999, 12, 31), draw(DAYS)]))
        parties.append(
            Party(
                her=HERS[place],
                name=f"Part {place}",
                kind=PartyKind.ENTERPRISE if parent is None else PartyKind.DEPARTMENT,
                parent=parent,
                organisation_number="",
                edi_address="",
                valid_from=draw(st.sampled_from([date(1900, 1, 1), draw(DAYS)])),
                valid_to=ends,
                successor=draw(someone),
                contact_point=draw(someone),
                deviation_service=None,
                inbox=draw(st.sampled_from(InboxKind)),
                functions=frozenset(),
            )
        )
    return Registry(parties, [], Terms())


@seed(20261122)
@settings(max_examples=2000, database=None)
@given(
    register=trees(),
    addressed=st.sampled_from([*HERS, UNKNOWN]),
    owner=st.sampled_from(HERS),
    days=st.integers(-90, 450),
    in_thread=st.booleans(),
    in_words=st.booleans(),
)
def test_in_any_tree_a_document_stays_in_its_enterprise(
    register: Registry, addressed: HerId, owner: HerId, days: int, in_thread: bool, in_words: bool
) -> None:
    """Whatever the register says, a document comes to an open inbox of the same enterprise, or is refused with E21.

    The third way out is our own fault, which waits with a task: our tree has the party, and nobody in it who reads.
    """
    at = START + timedelta(days=days)
    try:
        found = choose_receiver(register, addressed, owner, at, in_thread=in_thread, in_words=in_words)
    except PayloadFault as fault:
        code = fault.code
    except OwnFault:
        ours = [each for each in register.all() if register.root(each.her) == owner and each.is_open(at)]
        readers = {each.her for each in ours if each.inbox is not InboxKind.NONE}
        unread = [each for each in ours if each.her not in readers]
        assert [each for each in unread if not {above.contact_point for above in register.line(each.her)} & readers]
        return
    else:
        code = ""
        receiver = register.get(found.receiver)
        assert (register.root(receiver.her), found.addressed_to) == (owner, addressed)
        assert receiver.is_open(at)
        assert receiver.inbox is not InboxKind.NONE
        assert found.note or (found.receiver == addressed and not in_words)
    assert code in {"", "E21"}
