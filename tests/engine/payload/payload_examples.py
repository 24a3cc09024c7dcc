"""Invented parties and documents that the payload tests share."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

from engine.agreements.carriers import carriers_from
from engine.deviation.fields import (
    AgreementPoint,
    Answer,
    CaseReference,
    Deviation,
    DeviationKind,
    MessageReference,
    PatientInformed,
    Severity,
)
from engine.names import HerId, MsgId
from engine.payload.apprec import ApprecError, build_apprec
from engine.payload.attachment import Attachment
from engine.payload.dialog import Notat
from engine.payload.msghead import build_msghead
from engine.payload.party import DocumentParty, Unit

ROOT = Path(__file__).resolve().parents[3]
CARRIERS = carriers_from(tomllib.loads((ROOT / "config" / "carriers.toml").read_text("utf-8")))
NOW = datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)
FIRST = MsgId("11111111-1111-4111-8111-111111111111")
SECOND = MsgId("22222222-2222-4222-8222-222222222222")
MUNICIPALITY = DocumentParty(
    "Eksempel kommune", HerId("1000001"), "999999990", Unit("Saksbehandling", HerId("1000011"))
)
HOSPITAL = DocumentParty("Eksempel sykehus HF", HerId("1000002"), "", Unit("Samhandling", HerId("1000022")))
GP = DocumentParty("Eksempel legesenter", HerId("1000003"), "", Unit("Kari Anne Prøve", HerId("1000033"), "person"))
FILES = (
    Attachment("avvik.xml", "application/xml", b"<a/>"),
    Attachment("Kopi av intern melding.pdf", "application/pdf", bytes(range(256))),
)
DEVIATION = Deviation(
    kind=DeviationKind.AVVIK,
    case_number="AVV-2026-00042",
    contact="Saksbehandling",
    quality_assured=True,
    title="Manglende epikrise",
    description="Epikrisen fulgte ikke med.\n\nDen ble etterlyst.",
    severity=Severity.MODERAT,
    happened=datetime(2026, 11, 13, 14, 30, tzinfo=UTC),
    department="Sengepost 2",
    place="Sykehjemmet",
    agreement_points=(AgreementPoint("Avtale 5", "4.3"), AgreementPoint("Retningslinje 4")),
    consequence="To doser ble ikke gitt.",
    measure="Legevakten ble ringt.",
    suggestion="Send medisinlisten før utreise.",
    answer_by=date(2026, 12, 20),
    message=MessageReference("Utskrivningsrapport", "3f0b7c1e", datetime(2026, 11, 13, 10, 20, tzinfo=UTC)),
    own_references=(CaseReference("Compilo", "2026-1187"),),
    patient_informed=PatientInformed.IKKE_RELEVANT,
    answer=Answer("Vi er enige.", "Travel vakt.", "Ny sjekkliste.", "Avdelingsleder", date(2027, 1, 15)),
)


def message(**changes):
    """Return a MsgHead, built with the default carrier unless `changes` says otherwise."""
    values = {
        "msg_id": FIRST,
        "gen_date": NOW,
        "sender": MUNICIPALITY,
        "receiver": HOSPITAL,
        "conversation": None,
        "notat": Notat("AVV-1: Emne", "Linje én\nLinje to: æøå áčđŋšŧž <&>", "AVV-1", date(2026, 11, 13)),
        "attachments": (),
        "test": False,
    }
    carrier = changes.pop("carrier", CARRIERS["samvik-1"])
    return build_msghead(carrier, **(values | changes))


def receipt(version="1.1", **changes):
    """Return an AppRec, positive unless `changes` says otherwise."""
    values = {
        "id": SECOND,
        "gen_date": NOW,
        "sender": HOSPITAL,
        "receiver": MUNICIPALITY,
        "status": 1,
        "errors": (),
        "original_type": "DIALOG_HELSEFAGLIG",
        "original_type_name": "Helsefaglig dialog",
        "original_gen_date": NOW,
        "original_msg_id": FIRST,
        "software_version": "0.1",
    }
    return build_apprec(version, **(values | changes))


def refusal(version="1.1"):
    """Return an AppRec that refuses with one error and a detail."""
    return receipt(version, status=2, errors=[ApprecError("E21", "HER-id 1000022 er ikke her.")])
