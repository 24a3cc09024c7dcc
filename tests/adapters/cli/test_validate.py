"""`samvik validate`: one business document judged alone, and `samvik verify` on an envelope without its mail."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.showing.speech import said
from adapters.xsd.files import SchemaFiles
from engine.conformance.validate import validate
from engine.deviation.fields import MIME_TYPE
from engine.deviation.xml import read_deviation
from engine.errors import PayloadFault
from engine.msh.mime import read_mail
from engine.payload.attachment import Attachment
from tests.fakes.engines.project import Project
from tests.fakes.partners.documents import apprec, document, reply
from tests.fakes.partners.epj import FAMILY_NAME, GIVEN_NAME, NUMBER, plain_document
from tests.fakes.partners.feedback import feedback_document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

KEYS = ["kind", "type", "version", "msg_id", "schema", "findings", "verdict", "apprec"]
ID = "11111111-1111-4111-8111-111111111111"
TEXT = "HEMMELIGMERKE"
PLAIN = plain_document(GP_SERVICE, LEVANGER_SERVICE, TEXT, tema=TEXT, msg_id=ID)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a folder; neither command needs configuration or database."""
    made = Project(tmp_path / "motor")
    (made.folder / "samvik.toml").unlink()
    return made


def test_a_good_document_is_accepted(project: Project) -> None:
    """All keys are there, in order, and the exit code is 0."""
    answer = project.samvik("validate", str(project.put("a.xml", document(msg_id=ID))), "--json")
    assert list(answer.json) == KEYS
    assert answer.code == 0
    assert answer.json == {
        "kind": "MsgHead",
        "type": "DIALOG_HELSEFAGLIG",
        "version": "1.2",
        "msg_id": ID,
        "schema": "valid",
        "findings": answer.json["findings"],
        "verdict": "accept",
        "apprec": {"status": 1, "code": None},
    }
    assert {found["severity"] for found in answer.json["findings"]} <= {"Warning"}


def test_a_feedback_is_judged_by_its_profile(project: Project) -> None:
    """HIS 1151 with nothing to note but the levels; and with a deviation inside it is refused with T10."""
    good = feedback_document(LEVANGER_SERVICE, GP_SERVICE, about=ID, msg_id=ID)
    report = project.samvik("validate", str(project.put("a.xml", good)), "--json").json
    assert (report["type"], report["verdict"], report["findings"]) == ("DIALOG_AVVIK", "accept", [])
    withdrawn = project.put("a.xml", good.replace(b'V="1" S', b'V="2" S'))
    report = project.samvik("validate", str(withdrawn), "--json").json
    assert (report["verdict"], [found["rule"] for found in report["findings"]]) == ("accept", ["tema"])
    inside = [Attachment("avvik.xml", MIME_TYPE, DEVIATION)]
    carried = reply(ID, ID, attachments=inside, carrier="dialog-1.0").replace(b"DIALOG_NOTAT", b"DIALOG_AVVIK")
    report = project.samvik("validate", str(project.put("a.xml", carried)), "--json").json
    assert report["apprec"] == {"status": 2, "code": "T10"}


def test_a_receipt_earns_none(project: Project) -> None:
    """An AppRec is never answered: it has no status to earn, only a code where something is wrong."""
    word = apprec(ID, LEVANGER_SERVICE, GP_SERVICE)
    report = project.samvik("validate", str(project.put("a.xml", word)), "--json").json
    assert (report["kind"], report["version"], report["apprec"]) == ("AppRec", "1.1", {"status": None, "code": None})
    wrong = project.put("a.xml", word.replace(b'<Status V="1"', b'<Status V="9"'))
    assert project.samvik("validate", str(wrong), "--json").json["apprec"] == {"status": None, "code": "T02"}


SPOILT = {
    "schema": (PLAIN.replace(b"<Ack ", b"<Akk "), "T02"),
    "a message in a name": (PLAIN.replace(b"<Ack ", f"<{TEXT} ".encode()), "T02"),
    "no message id": (PLAIN.replace(ID.encode(), b""), "T02"),
    "a number as id": (PLAIN.replace(ID.encode(), NUMBER.encode()), None),
    "a name as type": (PLAIN.replace(b'"DIALOG_NOTAT"', f'"{FAMILY_NAME}"'.encode()), None),
    "a text in a code": (PLAIN.replace(b'V="3" S', f'V="{TEXT}" S'.encode()), None),
    "a number in a code": (PLAIN.replace(b'V="3" S="2.16', f'V="{NUMBER}" S="x{NUMBER}'.encode()), "T02"),
    "a time in words": (PLAIN.replace(b"<GenDate>", f"<GenDate>{TEXT}".encode()), "T02"),
    "another root": (b"<" + TEXT.encode() + b"/>", "T10"),
    "no xml": (TEXT.encode(), "T01"),
    "cut off": (PLAIN[:-9], "T01"),
    "nothing": (b"", "T01"),
}


@pytest.mark.parametrize(("data", "code"), SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("words", [(), ("--json",)])
def test_nothing_that_was_written_is_repeated(
    project: Project, data: bytes, code: str | None, words: tuple[str, ...]
) -> None:
    """Whatever is wrong, neither form holds text, names, patient or number; the code is the AppRec's."""
    answer = project.samvik("validate", str(project.put("a.xml", data)), *words)
    assert answer.err == ""
    for mark in (TEXT, FAMILY_NAME, GIVEN_NAME, NUMBER):
        assert mark not in answer.out
    assert answer.code == (1 if code else 0)
    if words:
        assert answer.json["apprec"] == {"status": 2 if code else 1, "code": code}
        assert answer.json["findings"]


def test_people_read_the_same(project: Project) -> None:
    """Without --json the report is in words; a missing file is one sentence."""
    told = project.samvik("validate", str(project.put("a.xml", PLAIN.replace(b"<Ack ", b"<Akk ")))).out
    assert told.startswith("reject  MsgHead 1.2, schema invalid")
    assert "earns: AppRec 2, T02" in told
    assert "cannot be read" in project.samvik("validate", "borte.xml").sentence


@given(st.binary(max_size=300) | st.integers(0, len(PLAIN) - 1).map(lambda at: PLAIN[:at] + b"<x>" + PLAIN[at:]))
def test_no_document_raises_anything(data: bytes) -> None:
    """Any bytes get a verdict."""
    assert validate(data, SchemaFiles()).verdict in {"accept", "reject"}


def test_an_envelope_alone_is_judged_without_its_parts(project: Project) -> None:
    """The SOAP part of a good mail is accepted; the note says that references to parts were not checked."""
    mail = payload_mail(Letter(), document())
    file = project.put("envelope.xml", read_mail(mail).soap)
    at = START.isoformat().replace("+00:00", "Z")
    report = project.samvik("verify", str(file), "--at", at, "--json").json
    assert (report["signature"], report["verdict"], report["kind"]) == ("valid", "accept", "message")
    assert report["references"] == ["", "cid:vedlegg@example.test"]
    assert "parts are unknown" in report["note"]
    spoilt = project.put("envelope.xml", read_mail(mail).soap.replace(b"melding-1", b"melding-2"))
    report = project.samvik("verify", str(spoilt), "--at", at, "--json").json
    assert (report["signature"], report["verdict"]) == ("invalid", "reject")


def test_a_deviation_is_judged_as_what_it_is(project: Project) -> None:
    """`validate` takes the file that `send` and `case new` take, and says where each fault is."""
    good = project.samvik("validate", "avvik.xml", "--json")
    assert (good.code, good.json["kind"], good.json["verdict"]) == (0, "Deviation", "accept")
    project.put(
        "feil.xml", DEVIATION.replace(b"<Severity>moderat<", b"<Severity>hemmelig<").replace(b">true<", b">ja<")
    )
    bad = project.samvik("validate", "feil.xml", "--json")
    assert (bad.code, bad.json["kind"], bad.json["schema"]) == (1, "Deviation", "invalid")
    assert [found["location"] for found in bad.json["findings"]] == ["/Deviation/QualityAssured", "/Deviation/Severity"]
    assert "AppRec" not in project.samvik("validate", "feil.xml").out
    assert "hemmelig" not in bad.out


@pytest.mark.parametrize(
    ("language", "told"), [("nb", "skal være en av"), ("nn", "skal vere"), ("en", "must be one of")]
)
def test_a_deviation_that_is_off_is_refused_with_what_may_stand_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    """One sentence in one language: the place, and the values that are allowed there."""
    monkeypatch.setenv("SAMVIK_LANGUAGE", language)
    with pytest.raises(PayloadFault) as caught:
        read_deviation(DEVIATION.replace(b"<Severity>moderat<", b"<Severity>hemmelig<"), SchemaFiles())
    words = said(caught.value)
    assert told in words
    assert "/Deviation/Severity" in words
    assert all(value in words for value in ("betydelig", "moderat", "ingen"))
    assert "SCHEMAV" not in words
