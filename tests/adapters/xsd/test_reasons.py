"""What a schema refuses is told so that a partner can act on it, and nothing else of the document is told."""

import pytest
from lxml import etree

from adapters.words.language import Language
from adapters.words.speaking import sentence
from adapters.xsd import reasons
from engine.schemas import ROOTS, DocumentKind, SchemaFault, SchemaRule
from tests.adapters.xsd.test_files import ENVELOPE, MESSAGE, MH, SCHEMAS, SOAP, at, changed

MUST_UNDERSTAND = "{http://schemas.xmlsoap.org/soap/envelope/}mustUnderstand"
NOTE = "/MsgHead/Document/RefDoc/Content/Dialogmelding/Notat"


def text(name: str, value: str):
    """Return a change that gives an element a text."""
    return lambda root: setattr(at(root, name), "text", value)


def attribute(element: str, name: str, value: str):
    """Return a change that sets an attribute."""
    return lambda root: at(root, element).set(name, value)


def without(element: str, child: str):
    """Return a change that takes a child away."""
    return lambda root: at(root, element).remove(at(root, child))


def spoken(fault: SchemaFault) -> str:
    """Return what is said of a fault, in bokmål."""
    return sentence(fault.said, Language.NB)


FAULTS = [
    (
        text("GenDate", "2026-13-01"),
        ("/MsgHead/MsgInfo/GenDate", SchemaRule.VALUE, "2026-13-01"),
        "Verdien i GenDate skal være et tidspunkt som 2026-11-23T08:00:00+01:00. Der står 2026-13-01.",
    ),
    (
        text("GenDate", "Kari"),
        ("/MsgHead/MsgInfo/GenDate", SchemaRule.VALUE, None),
        "Verdien i GenDate skal være et tidspunkt som 2026-11-23T08:00:00+01:00.",
    ),
    (
        text("MIGversion", "v1.1"),
        ("/MsgHead/MsgInfo/MIGversion", SchemaRule.VALUE, None),
        "Elementet MIGversion skal ha verdien v1.2 2006-05-24.",
    ),
    (
        without("MsgInfo", "MsgId"),
        ("/MsgHead/MsgInfo/ProcessingStatus", SchemaRule.UNEXPECTED, None),
        "Elementet ProcessingStatus er ikke ventet på den plassen i MsgInfo. Der er ventet: MsgId.",
    ),
    (
        attribute("Type", "hemmelig", "x"),
        ("/MsgHead/MsgInfo/Type", SchemaRule.ATTRIBUTE_UNEXPECTED, None),
        "Elementet Type har et attributt som ikke er tillatt der.",
    ),
    (
        attribute("Type", "OT", "x"),
        ("/MsgHead/MsgInfo/Type", SchemaRule.ATTRIBUTE_UNEXPECTED, None),
        "Elementet Type har attributtet OT, som ikke er tillatt der.",
    ),
    (
        text("Type", "x"),
        ("/MsgHead/MsgInfo/Type", SchemaRule.TEXT, None),
        "Elementet Type kan ikke inneholde tekst her.",
    ),
    (
        attribute("TemaKodet", "S", "1..2"),
        (f"{NOTE}/TemaKodet", SchemaRule.VALUE, None),
        "Verdien i attributtet S på TemaKodet skal være en OID som 2.16.578.1.12.4.1.1.8279.",
    ),
    (
        lambda root: at(root, "Content").insert(0, etree.Element("{urn:x}hemmelig")),
        ("/MsgHead/Document/RefDoc/Content/*", SchemaRule.UNEXPECTED, None),
        "Et ukjent element er ikke ventet her.",
    ),
    (
        text("Content", "x"),
        ("/MsgHead/Document/RefDoc/Content", SchemaRule.TEXT, None),
        "Elementet Content kan ikke ha tekst mellom elementene.",
    ),
    (
        without("RefDoc", "MsgType"),
        ("/MsgHead/Document/RefDoc/MimeType", SchemaRule.UNEXPECTED, None),
        "Elementet MimeType er ikke ventet på den plassen i RefDoc. Der er ventet: MsgType.",
    ),
    (
        lambda root: root.append(etree.Element(f"{MH}Document")),
        ("/MsgHead/Document[2]", SchemaRule.MISSING, None),
        "Elementet Document slutter for tidlig. Der mangler: RefDoc.",
    ),
]


@pytest.mark.parametrize(("change", "told", "words"), FAULTS)
def test_a_fault_is_told_with_path_rule_value_and_sentence(change, told, words) -> None:
    """Each way to break a message gives its place, its rule and a sentence for the partner."""
    assert (*told, words) in [(fault.path, fault.rule, fault.value, spoken(fault)) for fault in changed(change)]


def test_an_envelope_is_explained_too() -> None:
    """A missing attribute and a code that does not exist are told by name, the code with its value."""

    def lose(root: etree._Element) -> None:
        del at(root, "MessageHeader").attrib[MUST_UNDERSTAND]

    found = changed(lose, DocumentKind.ENVELOPE, SOAP)
    assert [spoken(fault) for fault in found] == ["Elementet MessageHeader mangler attributtet mustUnderstand."]
    eb = 'xmlns:e="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"'
    for value in ("true", "Kari"):
        fault = changed(lambda r, v=value: at(r, "AckRequested").set(MUST_UNDERSTAND, v), DocumentKind.ENVELOPE, SOAP)[
            0
        ]
        assert spoken(fault).startswith("Verdien i attributtet mustUnderstand på AckRequested skal være 0 eller 1.")
        assert fault.value == ("true" if value == "true" else None)
    error = f'<e:Error {eb} e:errorCode="x" e:severity="Alvorlig"/>'
    fault = SCHEMAS.check(DocumentKind.ENVELOPE, ENVELOPE.format(error).encode())[0]
    assert (fault.value, fault.rule) == ("Alvorlig", SchemaRule.VALUE)
    assert spoken(fault).endswith("severity på Error skal være en av Error, Warning. Der står Alvorlig.")


@pytest.mark.parametrize(
    ("value", "type_name", "code", "told"),
    [
        ("2026-13-01", "date", False, True),
        ("P4X", "duration", False, False),
        ("P4DT", "duration", False, True),
        ("Kari Nordmann", "date", False, False),
        ("13097248022", "integer", False, False),
        ("130972 48022", "integer", False, False),
        ("13.09.72-48022", "date", False, False),
        ("13:09:72:48022", "time", False, False),
        ("1" * 41, "integer", False, False),
        ("Alvorlig", None, True, True),
        ("Alvorlig", None, False, False),
        ("Kari Nordmann", None, True, False),
        ("x13097248022", None, True, False),
        ("", None, True, False),
    ],
)
def test_only_codes_dates_and_numbers_are_repeated(value: str, type_name: str, code: bool, told: bool) -> None:
    """Never free text, anything long, or 11 digits however they are grouped."""
    assert reasons.shown(value, type_name, code=code) == (value if told else None)


def test_a_date_of_birth_is_not_repeated() -> None:
    """What stands below a person is not repeated, though it is a date."""
    born = f'<Patient xmlns="{MH[1:-1]}"><DateOfBirth>1991-12-4</DateOfBirth></Patient>'
    found = changed(lambda r: at(r, "MsgInfo").append(etree.fromstring(born)))
    assert any("DateOfBirth" in fault.path for fault in found)
    assert not any("1991" in str(fault) for fault in found)


def test_nothing_of_a_document_comes_back() -> None:
    """A document whose every name and value says the same secret is explained without it."""
    secret = "Olsen13097248022"
    root = etree.fromstring(MESSAGE)
    for number, node in enumerate(list(root.iter(etree.Element))[1:]):
        node.text = secret
        node.set(secret, secret)
        node.tag = f"{{urn:{secret}}}{secret}" if number % 5 == 4 else node.tag
    for kind in DocumentKind:
        root.tag = ROOTS[kind]
        found = SCHEMAS.check(kind, etree.tostring(root))
        assert found
        assert "13097248022" not in str(found)


def test_a_large_document_is_explained_by_place_alone() -> None:
    """Above what xmlschema is asked about, libxml2's own place and kind are told."""
    errors = '<e:Error xmlns:e="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"/>'
    text = ENVELOPE.format("<x/>" * reasons.MOST_NODES + errors * 2).encode()
    fault = SCHEMAS.check(DocumentKind.ENVELOPE, text)[-1]
    assert (fault.path, fault.rule) == ("/Envelope/Body/Error[2]", SchemaRule.ATTRIBUTE_MISSING)
    assert spoken(fault) == "Elementet Error mangler et attributt."


def test_whatever_becomes_of_the_explainer_the_refusal_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where xmlschema fails or finds nothing, libxml2's own words are told."""

    def fail(*_: object) -> None:
        raise RecursionError

    for explainer in (fail, lambda *_: []):
        monkeypatch.setattr(reasons, "_explainer", explainer)
        found = changed(text("GenDate", "x"))
        assert [(fault.path, fault.rule) for fault in found] == [("/MsgHead/MsgInfo/GenDate", SchemaRule.VALUE)]
